"""The shipped roles learn who may see and keep leads, and the desk gets its first intention grades."""

from typing import Any

from django.db import migrations

from crmcore.shipped_grades import install_grades
from crmcore.shipped_roles import grant_noun


def begin(apps: Any, schema_editor: Any) -> None:
    grant_noun("lead", apps.get_model("crmcore", "Role"), apps.get_model("crmcore", "Grant"))
    install_grades(apps.get_model("crmcore", "IntentionGrade"))


class Migration(migrations.Migration):
    dependencies = [("crmcore", "0036_leads")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
