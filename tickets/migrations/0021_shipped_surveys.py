"""The shipped surveys, with sleeping rules that ask by them."""

from typing import Any

from django.db import migrations

from tickets.shipped_surveys import install_surveys


def install(apps: Any, schema_editor: Any) -> None:
    install_surveys(apps.get_model("tickets", "SurveyTemplate"), apps.get_model("tickets", "Rule"))


class Migration(migrations.Migration):
    dependencies = [("tickets", "0020_surveys")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
