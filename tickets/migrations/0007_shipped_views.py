"""The shipped views."""

from types import SimpleNamespace
from typing import Any

from django.db import migrations

from tickets.shipped_desk import install_views


def install(apps: Any, schema_editor: Any) -> None:
    install_views(SimpleNamespace(SavedView=apps.get_model("tickets", "SavedView")))


class Migration(migrations.Migration):
    dependencies = [("tickets", "0006_saved_views")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
