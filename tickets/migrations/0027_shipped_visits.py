"""The shipped methods, themes and plans of return visits."""

from types import SimpleNamespace
from typing import Any

from django.db import migrations

from tickets.shipped_visits import install_visits

MODELS = ("VisitMethod", "VisitTheme", "VisitPlan", "Rule")


def install(apps: Any, schema_editor: Any) -> None:
    install_visits(SimpleNamespace(**{name: apps.get_model("tickets", name) for name in MODELS}))


class Migration(migrations.Migration):
    dependencies = [("tickets", "0026_return_visits")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
