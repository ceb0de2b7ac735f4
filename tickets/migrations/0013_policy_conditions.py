from typing import Any

from django.db import migrations


def say_it_as_data(apps: Any, schema_editor: Any) -> None:
    """Queue and grade become conditions, the percentage of the warning its step of the ladder."""
    for version in apps.get_model("tickets", "SlaPolicyVersion").objects.all():
        asked = [["queue", "is", [version.queue_id]]] if version.queue_id else []
        asked += [["grade", "is", [version.grade]]] if version.grade else []
        version.conditions = {"all": asked} if asked else {}
        version.steps[0]["amount"] = version.warn_percent
        version.save(update_fields=["conditions", "steps"])
    apps.get_model("tickets", "SlaEvent").objects.filter(kind="warn").update(step=1)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0012_sla_in_full")]

    operations = [migrations.RunPython(say_it_as_data, migrations.RunPython.noop)]
