"""Roles that were shipped before there were campaigns get their rights to them; what was granted since stays."""

from typing import Any

from django.db import migrations

from crmcore.shipped_roles import SHIPPED_ROLES


def grant(apps: Any, schema_editor: Any) -> None:
    roles, grants = apps.get_model("crmcore", "Role").objects, apps.get_model("crmcore", "Grant").objects
    for shipped in SHIPPED_ROLES:
        role = roles.filter(code=shipped.code).first()
        if role is None or grants.filter(role=role, noun="campaign").exists():
            continue
        for (noun, action), scope in shipped.grants().items():
            if noun == "campaign":
                grants.create(role=role, noun=noun, action=action, scope=scope)


class Migration(migrations.Migration):
    dependencies = [("crmcore", "0010_rights_on_recordings")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
