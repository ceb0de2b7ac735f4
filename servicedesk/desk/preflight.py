"""What would stop the desk, found before anything is started."""

import os
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

from servicedesk import env
from servicedesk.engines.addresses import data_dir, database_settings, redis_url

SPACE_NEEDED_MB = 200


class Obstacle(RuntimeError):
    """The desk cannot start; the message is one line for the operator."""


@dataclass(frozen=True)
class Plan:
    """Where the desk will run."""

    host: str
    port: int
    data: Path
    demo: bool


def read_plan() -> Plan:
    """The settings of this start. Raises BadSetting."""
    database_settings()
    redis_url()
    return Plan(
        host=env.text("HOST", default="127.0.0.1"),
        port=env.number("PORT", default=8000, at_least=1),
        data=data_dir(),
        demo=env.flag("DEMO", default=False),
    )


def check(plan: Plan) -> None:
    """Raises Obstacle for the first thing in the way."""
    _check_folder(plan.data)
    _check_port(plan.host, plan.port)


def _check_folder(data: Path) -> None:
    try:
        data.mkdir(parents=True, exist_ok=True)
        probe = data / f".probe-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise Obstacle(f"The data folder {data} is not writable: {error.strerror}. Set DATA_DIR.") from error
    free = shutil.disk_usage(data).free // 1_000_000
    if free < SPACE_NEEDED_MB:
        raise Obstacle(f"{data} has {free} MB left, and the desk needs {SPACE_NEEDED_MB} MB. Set DATA_DIR.")


def _check_port(host: str, port: int) -> None:
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
    except PermissionError as error:
        raise Obstacle(f"This account may not open port {port}. Set PORT to one above 1023.") from error
    except (OSError, OverflowError) as error:
        raise Obstacle(f"Port {port} on {host} cannot be opened: {error}. Set PORT or HOST.") from error
