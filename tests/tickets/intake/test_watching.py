"""The threads of a worker, with real servers: mail comes in and answers go out by themselves."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cast import Cast
from tests.tickets.mail_room import ADDRESS, letter, make_mailbox
from tests.tickets.mail_servers import PASSWORD, USER, imap_server, smtp_server
from tickets.actions.mailboxes import save_mailbox
from tickets.intake import watching
from tickets.intake.watching import MailThreads
from tickets.models import Mailbox, Ticket


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailThreads]:
    monkeypatch.setattr(watching, "POST_EVERY_S", 0.1)
    monkeypatch.setattr(watching, "LOOK_FOR_MAILBOXES_EVERY_S", 0.1)
    monkeypatch.setattr(watching, "WAIT_S", 1.0)
    found = MailThreads()
    yield found
    found.stop(within_s=10)


def until(is_so: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < give_up
        time.sleep(0.1)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_mail_comes_and_is_confirmed_without_anybody_asking(threads: MailThreads, cast: Cast, files: Path) -> None:
    with imap_server() as imap, smtp_server() as smtp:
        servers = {"imap_host": "127.0.0.1", "imap_port": imap.port, "imap_security": "none"}
        box = make_mailbox(cast, smtp_port=smtp.port, username=USER, uid_validity=0, **servers)
        save_mailbox(box, by=cast.ada, password=PASSWORD)
        threads.start()
        until(lambda: Mailbox.objects.get(pk=box.pk).looked_at is not None)
        imap.lay(letter("Hello", "Li <li@linden-hotels.net>", ADDRESS, "", "Printer", "<1@l.net>"))
        until(lambda: bool(smtp.envelopes))
        assert smtp.envelopes[0][0] == ["li@linden-hotels.net"]
        assert Ticket.objects.get().subject == "Printer"
        Mailbox.objects.filter(pk=box.pk).update(is_active=False)
        until(lambda: Mailbox.objects.get(pk=box.pk).leased_until is None)
        threads.stop(within_s=10)
