"""Contracts and payments come to desks that are at work: rights of the shipped roles, and a plan as an example."""

from typing import Any

from django.db import migrations

from crmcore.shipped_plans import install_plans
from crmcore.shipped_roles import grant_noun


def begin(apps: Any, schema_editor: Any) -> None:
    for noun in ("contract", "payment"):
        grant_noun(noun, apps.get_model("crmcore", "Role"), apps.get_model("crmcore", "Grant"))
    install_plans(apps.get_model("crmcore", "ApprovalPlan"), apps.get_model("crmcore", "ApprovalPlanVersion"))


class Migration(migrations.Migration):
    dependencies = [("crmcore", "0033_contracts")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
