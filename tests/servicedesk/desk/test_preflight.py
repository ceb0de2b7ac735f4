"""What stops the desk is said in one line before anything starts."""

import socket
from pathlib import Path

import pytest

from servicedesk.desk import preflight
from servicedesk.desk.preflight import Obstacle, Plan
from servicedesk.env import BadSetting
from tests.live_desk import free_port


def plan(data: Path, port: int) -> Plan:
    return Plan("127.0.0.1", port, data, demo=False)


def test_a_free_port_and_a_writable_folder_are_enough(tmp_path: Path) -> None:
    preflight.check(plan(tmp_path / "new", free_port()))


def test_taken_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(Obstacle, match=f"Port {port} .* Set PORT"):
            preflight.check(plan(tmp_path, port))


def test_unknown_host_is_named(tmp_path: Path) -> None:
    with pytest.raises(Obstacle, match=r"no\.such\.host\.invalid"):
        preflight.check(Plan("no.such.host.invalid", free_port(), tmp_path, demo=False))


def test_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Obstacle, match="is not writable"):
        preflight.check(plan(tmp_path / "file" / "data", free_port()))


def test_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "SPACE_NEEDED_MB", 10**9)
    with pytest.raises(Obstacle, match="MB left"):
        preflight.check(plan(tmp_path, free_port()))


@pytest.mark.parametrize(("name", "value"), [("PORT", "http"), ("DATABASE_URL", "desk"), ("REDIS_URL", "desk")])
def test_odd_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting, match=name):
        preflight.read_plan()
