"""Messages that were kept among the uploads move into the store of recordings."""

from typing import Any

from django.core.files.storage import default_storage
from django.db import migrations

from telephony.recordings_store import recordings_storage


def move(apps: Any, schema_editor: Any) -> None:
    store = recordings_storage()
    for message in apps.get_model("telephony", "Voicemail").objects.exclude(file=""):
        name = message.file.name
        if default_storage.exists(name):
            with default_storage.open(name) as sound:
                message.file = store.save(name, sound)
            message.save(update_fields=["file"])
            default_storage.delete(name)


class Migration(migrations.Migration):
    dependencies = [("telephony", "0015_keeping")]
    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
