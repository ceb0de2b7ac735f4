"""The addresses of both engines as settings need them; reading them starts nothing."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

import dj_database_url

from servicedesk import env

DATABASE = "desk"
SUPERUSER = "postgres"
# A socket address holds at most 107 bytes, and PostgreSQL puts a ".lock" file beside its socket.
_LONGEST_SOCKET_FOLDER = 80


def data_dir() -> Path:
    """The folder of everything that outlives the process."""
    home = Path(__file__).resolve().parents[2]
    return (home / env.text("DATA_DIR", default="var")).expanduser().resolve()


def socket_dir(data: Path) -> Path:
    """The folder of the engines' sockets: `run` below the data, or a short one when that path is too long."""
    folder = data / "run"
    if len(os.fsencode(folder)) <= _LONGEST_SOCKET_FOLDER:
        return folder
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"desk-{digest}"


def valkey_socket(data: Path) -> Path:
    """The socket of the embedded Valkey."""
    return socket_dir(data) / "valkey.sock"


def postgres_socket(data: Path) -> Path:
    """The socket of the embedded PostgreSQL."""
    return socket_dir(data) / ".s.PGSQL.5432"


def database_settings() -> dict[str, Any]:
    """The default database in Django's terms. Raises BadSetting."""
    url = env.text("DATABASE_URL", default="")
    settings = _from_url(url) if url else _embedded(data_dir())
    settings |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}
    pool = env.number("DB_POOL", default=0)
    options = settings.setdefault("OPTIONS", {})
    options.setdefault("connect_timeout", 5)
    if pool:
        options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 10}
    return settings


def _embedded(data: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE,
        "USER": SUPERUSER,
        "HOST": str(socket_dir(data)),
    }


def _from_url(url: str) -> dict[str, Any]:
    try:
        settings = dict(dj_database_url.parse(url))
    except ValueError:
        settings = {}
    if settings.get("ENGINE") != "django.db.backends.postgresql" or not settings.get("NAME"):
        raise env.BadSetting("DATABASE_URL is not of the form postgresql://user:password@host:5432/name.")
    return settings


def redis_url() -> str:
    """The address as redis-py, the cache and the channel layer spell it. Raises BadSetting."""
    url = env.text("REDIS_URL", default="") or f"unix://{valkey_socket(data_dir())}"
    if not url.startswith(("redis://", "rediss://", "unix://")):
        raise env.BadSetting("REDIS_URL is not of the form redis://host:6379/0.")
    return url


def celery_broker_url() -> str:
    """The same address as Celery spells it."""
    url = redis_url()
    return f"redis+socket://{url.removeprefix('unix://')}" if url.startswith("unix://") else url
