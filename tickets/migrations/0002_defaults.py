"""The shipped types, statuses and policy."""

from types import SimpleNamespace
from typing import Any

from django.db import migrations

from tickets.shipped_desk import install_ticket_desk

NAMES = ("TicketType", "TicketStatus", "SlaPolicy", "SlaPolicyVersion", "SlaTarget")


def install(apps: Any, schema_editor: Any) -> None:
    calendar = {"Calendar": apps.get_model("crmcore", "Calendar")}
    install_ticket_desk(SimpleNamespace(**{name: apps.get_model("tickets", name) for name in NAMES}, **calendar))


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial"), ("crmcore", "0002_defaults")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
