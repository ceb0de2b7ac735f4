"""The product's settings on throw-away engines, shared by all test processes of one run."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from servicedesk import env
from servicedesk.engines.embedded import Engines


def _start_engines() -> None:
    """Start once per run: the workers of pytest-xdist inherit the environment of the first process."""
    if "DESK_TEST_DATA" in os.environ:
        return
    data = Path(tempfile.mkdtemp(prefix="desk-test-"))
    (data / "static").mkdir()
    os.environ["DATA_DIR"] = os.environ["DESK_TEST_DATA"] = str(data)
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    engines = Engines(data, durable=False)
    engines.own()
    engines.start()
    atexit.register(shutil.rmtree, data, ignore_errors=True)
    atexit.register(engines.stop)


_start_engines()

from servicedesk.settings import *  # noqa: E402, F403
from servicedesk.settings import CACHES, CHANNEL_LAYERS  # noqa: E402

_worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
CACHES["default"]["KEY_PREFIX"] = _worker
CHANNEL_LAYERS["default"]["CONFIG"]["prefix"] = _worker
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
LATER_INLINE = env.flag("LATER_INLINE", default=True)
DEMO = True
