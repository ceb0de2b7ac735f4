"""The shipped roles and the first team, calendar, queue, stages and outcomes."""

from types import SimpleNamespace
from typing import Any

from django.db import migrations

from crmcore.shipped_desk import install_desk
from crmcore.shipped_roles import install_roles

NAMES = ("Stage", "Outcome", "Calendar", "CalendarVersion", "Team", "Queue")


def install(apps: Any, schema_editor: Any) -> None:
    install_roles(apps.get_model("crmcore", "Role"), apps.get_model("crmcore", "Grant"))
    install_desk(
        SimpleNamespace(**{name: apps.get_model("crmcore", name) for name in NAMES})
    )


class Migration(migrations.Migration):
    dependencies = [("crmcore", "0001_initial")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
