"""A migrated database to copy the test databases from, made once for each set of migrations.

Replaying every migration takes far longer than restoring what they lead to.
"""

import fcntl
import hashlib
import subprocess
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection

from servicedesk.engines.postgres import programs

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "var" / "test-templates"
NAME = "migrated"


def template() -> str:
    """The name of the template in the running cluster; whoever comes first makes it, the others wait."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _exists():
            _make(KEPT / f"{_fingerprint()}.dump")
    return NAME


def _fingerprint() -> str:
    digest = hashlib.sha256(django.__version__.encode())
    for source in sorted([*ROOT.glob("*/migrations/*.py"), *ROOT.glob("*/shipped_*.py")]):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _exists() -> bool:
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
        return cursor.fetchone() is not None


def _make(dump: Path) -> None:
    """Under another name until it is whole: a run that is stopped here leaves no half template."""
    unfinished = f"{NAME}_unfinished"
    _tell(f"DROP DATABASE IF EXISTS {unfinished}", f"CREATE DATABASE {unfinished}")
    if dump.exists():
        _run("pg_restore", "--no-owner", f"--dbname={unfinished}", str(dump))
    else:
        _migrate(unfinished)
        for older in KEPT.glob("*.dump"):
            older.unlink()
        _run("pg_dump", "--format=custom", "--compress=1", f"--file={dump}.part", unfinished)
        dump.with_name(f"{dump.name}.part").rename(dump)
    _tell(f"ALTER DATABASE {unfinished} RENAME TO {NAME}")


def _migrate(name: str) -> None:
    connection.close()
    before, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], name
    try:
        call_command("migrate", verbosity=0)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def _tell(*statements: str) -> None:
    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _run(program: str, *words: str) -> None:
    place = connection.settings_dict
    where = [f"--host={place['HOST']}", f"--username={place['USER']}"]
    subprocess.run([programs() / program, *where, *words], check=True, capture_output=True)
