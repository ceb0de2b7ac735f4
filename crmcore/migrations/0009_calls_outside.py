"""Who works with calls may pass them on to outside numbers, until an administrator says otherwise."""

from typing import Any

from django.db import migrations

OWN, SUBTREE = 1, 3


def let_pass_on(apps: Any, schema_editor: Any) -> None:
    grants = apps.get_model("crmcore", "Grant").objects
    for code, scope in (("agent", OWN), ("supervisor", SUBTREE)):
        for role in apps.get_model("crmcore", "Role").objects.filter(code=code):
            grants.get_or_create(role=role, noun="call", action="assign", defaults={"scope": scope})


class Migration(migrations.Migration):
    dependencies = [("crmcore", "0008_outbox_keeps_its_own_time")]
    operations = [migrations.RunPython(let_pass_on, migrations.RunPython.noop)]
