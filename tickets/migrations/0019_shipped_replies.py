"""The shipped canned replies."""

from typing import Any

from django.db import migrations

from tickets.shipped_replies import install_replies


def install(apps: Any, schema_editor: Any) -> None:
    install_replies(apps.get_model("tickets", "CannedReply"))


class Migration(migrations.Migration):
    dependencies = [("tickets", "0018_macros")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
