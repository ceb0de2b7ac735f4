"""The shipped complaint loop."""

from types import SimpleNamespace
from typing import Any

from django.db import migrations

from tickets.shipped_loop import install_loop

NAMES = ("TicketType", "TicketField", "TypeField", "StageFlow", "StageFlowVersion")


def install(apps: Any, schema_editor: Any) -> None:
    install_loop(SimpleNamespace(**{name: apps.get_model("tickets", name) for name in NAMES}))


class Migration(migrations.Migration):
    dependencies = [("tickets", "0016_fields_and_stages")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
