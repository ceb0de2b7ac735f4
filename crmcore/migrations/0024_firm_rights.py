"""Outside firms get what they have: their visits. The role of their people says nothing any more and goes."""

from typing import Any

import django.contrib.postgres.fields
from django.db import migrations, models

import crmcore.firm_rights


def drop_role(apps: Any, schema_editor: Any) -> None:
    apps.get_model("crmcore", "Role").objects.filter(code="partner").delete()


class Migration(migrations.Migration):
    dependencies = [("crmcore", "0023_approvals")]

    operations = [
        migrations.AddField(
            model_name="firm",
            name="allowed",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40), blank=True, default=crmcore.firm_rights.usual, size=None
            ),
        ),
        migrations.RunPython(drop_role, migrations.RunPython.noop),
    ]
