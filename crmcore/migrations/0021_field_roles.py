"""Roles that were shipped before there was field work get their rights to it; technicians and firms get roles."""

from typing import Any

from django.db import migrations

from crmcore.shipped_roles import grant_noun, install_roles


def grant(apps: Any, schema_editor: Any) -> None:
    role, cell = apps.get_model("crmcore", "Role"), apps.get_model("crmcore", "Grant")
    if role.objects.exists():
        install_roles(role, cell)
    grant_noun("dispatch", role, cell)


class Migration(migrations.Migration):
    dependencies = [("crmcore", "0020_field_people")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
