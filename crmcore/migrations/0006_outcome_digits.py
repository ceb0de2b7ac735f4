"""The digits of outcomes are those that the order gave so far; and what stands when nobody chose in time."""

from typing import Any

from django.db import migrations

from crmcore.shipped_desk import install_timeout


def number_outcomes(apps: Any, schema_editor: Any) -> None:
    outcomes = apps.get_model("crmcore", "Outcome").objects
    shown = outcomes.filter(queue=None, is_active=True).order_by("position", "id")[:9]
    for digit, outcome in enumerate(shown, start=1):
        outcomes.filter(pk=outcome.pk).update(digit=digit)
    install_timeout(apps.get_model("crmcore", "Outcome"))


class Migration(migrations.Migration):
    dependencies = [("crmcore", "0005_outcomes_and_wrap_up")]
    operations = [migrations.RunPython(number_outcomes, migrations.RunPython.noop)]
