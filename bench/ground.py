"""The ground that measurements stand on: throw-away engines, a migrated database, an agent or many."""

import atexit
import os
import secrets
import shutil
import tempfile
from pathlib import Path

import django
from django.core.management import call_command

from servicedesk.engines.embedded import Engines

TOKEN = secrets.token_hex(16)


def prepare() -> Path:
    """Start throw-away engines and set Django up on them; returns their data folder."""
    data = Path(tempfile.mkdtemp(prefix="desk-bench-"))
    data.chmod(0o755)
    os.environ |= {
        "DATA_DIR": str(data),
        "DJANGO_SETTINGS_MODULE": "servicedesk.settings",
        "LOG_LEVEL": "ERROR",
        "DEMO": "1",
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "PUBLIC_BASE_URL": "http://desk.bench",
        "ALLOWED_HOSTS": "*",
    }
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    _start_engines(data)
    # Not before the engines' addresses stand in the environment.
    django.setup()
    call_command("migrate", verbosity=0)
    return data


def _start_engines(data: Path) -> None:
    engines = Engines(data)
    engines.own()
    engines.start()
    atexit.register(shutil.rmtree, data, ignore_errors=True)
    atexit.register(engines.stop)
