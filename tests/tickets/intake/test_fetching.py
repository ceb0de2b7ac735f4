"""Fetching from a real IMAP server: nothing is lost and nothing comes twice, wherever the power fails."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from crmcore import clock
from tests.cast import Cast
from tests.tickets.mail_room import ADDRESS, letter, make_mailbox
from tests.tickets.mail_servers import PASSWORD, USER, Imap, imap_server
from tickets.actions.mail_inbox import enter_due
from tickets.actions.mailboxes import LEASE, save_mailbox
from tickets.intake.fetching import fetch
from tickets.mail.imap import Folder, opened
from tickets.mail.servers import Server
from tickets.models import Interaction, Mail, Mailbox, Ticket


@pytest.fixture
def imap() -> Iterator[Imap]:
    with imap_server() as server:
        yield server


@pytest.fixture
def mailbox(cast: Cast, imap: Imap, files: Path) -> Mailbox:
    """A mailbox that was looked into once, when it was empty."""
    box = make_mailbox(
        cast, imap_host="127.0.0.1", imap_port=imap.port, imap_security="none", username=USER, uid_validity=0
    )
    save_mailbox(box, by=cast.ada, password=PASSWORD)
    fetch(box.pk)
    return box


def mail(number: int) -> bytes:
    return letter(f"Words {number}", "Li <li@l.net>", ADDRESS, "", f"Matter {number}", f"<{number}@l.net>")


def work(mailbox: Mailbox) -> None:
    fetch(mailbox.pk)
    enter_due(clock.now())


def work_until_killed(mailbox: Mailbox, function: str) -> None:
    """Another process works and dies, as if its machine lost its power, when the function is called."""
    files = {"KILLED_DATABASE": str(connection.settings_dict["NAME"]), "KILLED_FILES": str(settings.MEDIA_ROOT)}
    command = [sys.executable, "-m", "tests.tickets.intake.killed", str(mailbox.pk), function]
    ended = subprocess.run(command, env=os.environ | files, timeout=100, check=False)
    assert ended.returncode == -signal.SIGKILL


def test_mail_is_fetched_once_and_marked_as_read(mailbox: Mailbox, imap: Imap) -> None:
    for number in range(3):
        imap.lay(mail(number))
    for _round in range(2):
        work(mailbox)
    assert Ticket.objects.count() == Mail.objects.filter(direction="in").count() == 3
    assert imap.unread() == 0
    assert Mailbox.objects.get(pk=mailbox.pk).fault == ""


def test_mail_from_before_the_desk_stays_where_it_is(mailbox: Mailbox, imap: Imap) -> None:
    imap.lay(mail(1))
    Mailbox.objects.filter(pk=mailbox.pk).update(uid_validity=0, last_uid=0)
    work(mailbox)
    assert not Mail.objects.exists()
    imap.lay(mail(2))
    work(mailbox)
    assert Ticket.objects.get().subject == "Matter 2"


def test_after_the_server_counted_anew_copies_are_found_out(mailbox: Mailbox, imap: Imap) -> None:
    imap.lay(mail(1))
    work(mailbox)
    Mailbox.objects.filter(pk=mailbox.pk).update(uid_validity=12345, last_uid=99)
    imap.lay(mail(2))
    work(mailbox)
    assert sorted(Ticket.objects.values_list("subject", flat=True)) == ["Matter 1", "Matter 2"]


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("tickets.actions.mail_inbox", "keep"),
        ("tickets.intake.fetching", "mark_stored"),
        ("tickets.actions.mail_inbox", "parse"),
        ("tickets.actions.mail_placing", "enclose"),
        ("tickets.actions.mail_inbox", "_settle"),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_a_process_that_is_killed_neither_loses_nor_doubles(
    mailbox: Mailbox, imap: Imap, module: str, name: str
) -> None:
    imap.lay(mail(1))
    work_until_killed(mailbox, f"{module}.{name}")
    imap.lay(mail(2))
    with clock.at(clock.now() + LEASE + timedelta(minutes=1)):
        work(mailbox)
        work(mailbox)
    assert sorted(Ticket.objects.values_list("subject", flat=True)) == ["Matter 1", "Matter 2"]
    assert Interaction.objects.filter(channel="email", direction="in").count() == 2
    assert imap.unread() == 0


def test_two_processes_do_not_read_one_mailbox(mailbox: Mailbox, imap: Imap) -> None:
    imap.lay(mail(1))
    Mailbox.objects.filter(pk=mailbox.pk).update(leased_until=clock.now() + LEASE)
    assert fetch(mailbox.pk) == 0


def test_a_wrong_password_is_noted_and_asked_less_and_less(mailbox: Mailbox, cast: Cast) -> None:
    save_mailbox(mailbox, by=cast.ada, password="wrong")
    pauses = []
    for _try in range(3):
        fetch(mailbox.pk)
        box = Mailbox.objects.get(pk=mailbox.pk)
        assert box.next_look_at is not None
        pauses.append(box.next_look_at - clock.now())
    assert box.fault
    assert pauses == sorted(pauses)
    save_mailbox(box, by=cast.ada, password=PASSWORD)
    fetch(box.pk)
    assert Mailbox.objects.get(pk=box.pk).fault == ""


def test_the_password_is_not_in_the_database(mailbox: Mailbox) -> None:
    row = Mailbox.objects.filter(pk=mailbox.pk).values().get()
    assert PASSWORD not in str(row)


def test_news_are_heard_at_once(mailbox: Mailbox, imap: Imap) -> None:
    server = Server("127.0.0.1", imap.port, "none", USER, PASSWORD)
    with opened(server, "INBOX") as folder:
        assert folder.can_wait
        assert not folder.wait(0.2)
        later(0.5, lambda: imap.lay(mail(1)))
        begun = time.monotonic()
        assert folder.wait(20)
        assert time.monotonic() - begun < 10
        assert len(folder.uids_after(0)) == 1


def test_a_deleted_mail_is_no_fault(mailbox: Mailbox, imap: Imap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Folder, "raw", lambda _folder, _uid: None)
    imap.lay(mail(1))
    work(mailbox)
    assert Mailbox.objects.get(pk=mailbox.pk).fault == ""


def later(seconds: float, act: Callable[[], None]) -> None:
    threading.Timer(seconds, act).start()
