"""The shipped roles learn who may listen to recordings, download them and put them on hold."""

from typing import Any

from django.db import migrations

from crmcore.shipped_roles import grant_noun


def grant(apps: Any, schema_editor: Any) -> None:
    grant_noun("recording", apps.get_model("crmcore", "Role"), apps.get_model("crmcore", "Grant"))


class Migration(migrations.Migration):
    dependencies = [("crmcore", "0009_calls_outside")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
