"""The first administrator: asked for at a terminal, named as one command elsewhere."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from crmcore.models import User
from servicedesk.management.commands import administrator

pytestmark = pytest.mark.django_db

GOOD = "violet-harbour-42"


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the person types, in order; then the terminal closes."""
    typed: list[str] = []
    left: Iterator[str] = iter(typed)

    def answer(_prompt: str) -> str:
        try:
            return next(left)
        except StopIteration as end:
            raise EOFError from end

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("builtins.input", answer)
    monkeypatch.setattr(administrator, "getpass", answer)
    return typed


def ask() -> str:
    said = StringIO()
    call_command("administrator", stdout=said)
    return said.getvalue()


def test_the_administrator_opens_console_and_settings(answers: list[str], client: Client) -> None:
    answers += ["mara", GOOD, GOOD]
    ask()
    assert User.objects.get(username="mara").roles.get().code == "admin"
    assert client.post("/account/login/", {"login": "mara", "password": GOOD}).status_code == 302
    assert client.get("/console/").status_code == 200
    assert client.get("/settings/", follow=True).status_code == 200


def test_what_cannot_be_is_asked_again(answers: list[str]) -> None:
    answers += ["x" * 81, "mara", "short", GOOD, "other", GOOD, GOOD]
    said = ask()
    assert "10" in said
    assert "differ" in said
    assert User.objects.get(username="mara").check_password(GOOD)


def test_a_name_that_is_taken_is_asked_again(answers: list[str]) -> None:
    User.objects.create(username="mara", name="Mara")
    answers += ["mara", "ines", GOOD, GOOD]
    ask()
    assert User.objects.get(is_superuser=True).username == "ines"


def test_an_empty_name_leaves_it_for_later(answers: list[str]) -> None:
    answers += [""]
    ask()
    assert not User.objects.exists()


def test_a_closed_terminal_creates_nobody(answers: list[str]) -> None:
    answers += ["mara", GOOD]
    with pytest.raises(CommandError):
        ask()
    assert not User.objects.exists()


def test_without_a_terminal_the_command_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEMO = False
    monkeypatch.setattr("sys.stdin", StringIO())
    said = StringIO()
    call_command("prepare", stdout=said)
    assert "manage.py administrator" in said.getvalue()


def test_an_administrator_of_the_demo_is_none_where_the_demo_is_closed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMO = settings.DEBUG = False
    User.objects.create(username="admin1", name="Admin", is_superuser=True, is_demo=True)
    monkeypatch.setattr("sys.stdin", StringIO())
    said = StringIO()
    call_command("prepare", stdout=said)
    assert "manage.py administrator" in said.getvalue()
