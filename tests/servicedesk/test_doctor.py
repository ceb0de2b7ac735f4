"""The doctor's lines, and the number with which it ends."""

from io import StringIO

import pytest
from django.core.management import call_command
from pytest_django import Settings

from servicedesk import checkup, health

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture(autouse=True)
def well(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk without complaints as far as this machine goes."""
    settings.PUBLIC_BASE_URL = "https://desk.example.com"
    settings.TURN_URLS = []
    monkeypatch.setattr(checkup, "LITTLE_MB", 0)
    monkeypatch.setattr(checkup, "TOO_LITTLE_MB", 0)
    health.note_worker()


def doctor(*options: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("doctor", *options, stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def test_all_well_ends_with_zero() -> None:
    code, lines = doctor("--local")
    assert code == 0, lines
    assert {line.split()[1] for line in lines.splitlines()} >= {
        "database",
        "redis",
        "worker",
        "disk",
        "clock",
        "address",
    }


def test_warning_ends_with_one(settings: Settings) -> None:
    settings.PUBLIC_BASE_URL = ""
    code, lines = doctor("--local")
    assert code == 1 and "warning  address" in lines and "-> Set it to" in lines


def test_fault_ends_with_two(settings: Settings) -> None:
    settings.PUBLIC_BASE_URL = "http://desk.example.com"
    code, lines = doctor("--local")
    assert code == 2 and "fault    address" in lines


def test_worker_that_is_gone_is_a_fault() -> None:
    health.cache.delete(health.WORKER_SEEN)
    code, lines = doctor("--local")
    assert code == 2 and "fault    worker" in lines


def test_full_disk_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup, "TOO_LITTLE_MB", 10**12)
    code, lines = doctor("--local")
    assert code == 2 and "fault    disk" in lines


def test_closed_mail_server_and_public_address_are_faults(settings: Settings) -> None:
    settings.PUBLIC_BASE_URL = "https://127.0.0.1:9"
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", 9
    code, lines = doctor()
    assert code == 2 and "fault    mail" in lines and "fault    reachable" in lines


def test_relay_that_does_not_answer_is_a_fault(settings: Settings) -> None:
    settings.TURN_URLS, settings.TURN_SECRET = ["turn:127.0.0.1:9?transport=tcp"], "secret"
    assert [found.level for found in checkup.relay_findings()] == [2]
