"""The shipped rules."""

from types import SimpleNamespace
from typing import Any

from django.db import migrations

from tickets.shipped_desk import install_rules


def install(apps: Any, schema_editor: Any) -> None:
    install_rules(SimpleNamespace(Rule=apps.get_model("tickets", "Rule")))


class Migration(migrations.Migration):
    dependencies = [("tickets", "0010_rules")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
