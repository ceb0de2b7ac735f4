"""The shipped lists of field work."""

from types import SimpleNamespace
from typing import Any

from django.db import migrations

from tickets.shipped_field import install_field_lists

NAMES = ("FailureReason", "VisitCheck")


def install(apps: Any, schema_editor: Any) -> None:
    install_field_lists(SimpleNamespace(**{name: apps.get_model("tickets", name) for name in NAMES}))


class Migration(migrations.Migration):
    dependencies = [("tickets", "0028_dispatch")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
