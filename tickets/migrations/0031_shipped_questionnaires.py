"""The shipped questionnaire."""

from typing import Any

from django.db import migrations

from tickets.shipped_questionnaires import install_questionnaires


def install(apps: Any, schema_editor: Any) -> None:
    install_questionnaires(apps.get_model("tickets", "Questionnaire"), apps.get_model("tickets", "QuestionnaireVersion"))


class Migration(migrations.Migration):
    dependencies = [("tickets", "0030_questionnaires")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
