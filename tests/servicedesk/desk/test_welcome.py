"""The first words name an address that works and, with the demo, who may sign in."""

from pathlib import Path

import pytest

from servicedesk.desk import welcome
from servicedesk.desk.preflight import Plan


def plan(host: str = "127.0.0.1", *, demo: bool = False) -> Plan:
    return Plan(host, 8000, Path("/data"), demo)


def test_address_is_one_to_click() -> None:
    assert "http://127.0.0.1:8000/console/" in welcome.text(plan())
    assert "http://127.0.0.1:8000/" in welcome.text(plan("0.0.0.0"))
    assert "http://[::1]:8000/" in welcome.text(plan("::1"))


def test_demo_people_are_named_only_with_the_demo() -> None:
    assert "demo-desk" in welcome.text(plan(demo=True))
    assert "demo-desk" not in welcome.text(plan())


def test_open_desk_says_what_other_machines_need(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALLOWED_HOSTS", raising=False)
    assert "ALLOWED_HOSTS" in welcome.text(plan("0.0.0.0"))
    monkeypatch.setenv("ALLOWED_HOSTS", "desk.example")
    assert "ALLOWED_HOSTS" not in welcome.text(plan("0.0.0.0"))


def test_silent_port_does_not_answer() -> None:
    assert not welcome.answers(Plan("127.0.0.1", 1, Path("/data"), demo=False))
