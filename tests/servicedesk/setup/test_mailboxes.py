"""The settings of mailboxes: who may, what is kept secret, the test, and signing in at a provider."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from crmcore import clock
from servicedesk.checkup import mailbox_findings
from tests.cast import Cast, make_cast
from tests.tickets.fake_provider import CLIENT, FakeProvider, fake_provider
from tests.tickets.mail_room import ADDRESS, MailRoom, make_mailbox
from tests.tickets.mail_servers import PASSWORD, USER, Imap, Smtp, free_port, imap_server, smtp_server
from tickets.actions.defaults import ensure_ticket_defaults
from tickets.actions.mailboxes import imap_server as signed_in_imap
from tickets.actions.mailboxes import smtp_server as signed_in_smtp
from tickets.mail import oauth
from tickets.mail.servers import ServerRefused
from tickets.mail.smtp import send
from tickets.models import Mail, Mailbox


@pytest.fixture
def cast(db: None, client: Client) -> Cast:
    cast = make_cast()
    ensure_ticket_defaults()
    client.force_login(cast.ada)
    return cast


def form(cast: Cast, **changes: object) -> dict[str, object]:
    found: dict[str, object] = {
        "name": "Support",
        "address": ADDRESS,
        "queue": cast.support_queue.pk,
        "sign_in": "password",
        "username": USER,
        "password": PASSWORD,
        "imap_host": "127.0.0.1",
        "imap_port": 993,
        "imap_security": "none",
        "imap_folder": "INBOX",
        "smtp_host": "127.0.0.1",
        "smtp_port": 465,
        "smtp_security": "none",
    }
    return {**found, **changes}


def test_a_mailbox_is_set_up_and_its_password_never_shown(client: Client, cast: Cast) -> None:
    client.post(reverse("setup:new_mailbox"), form(cast))
    mailbox = Mailbox.objects.get()
    page = client.get(reverse("setup:mailbox", args=[mailbox.pk])).content.decode()
    assert PASSWORD not in page
    client.post(reverse("setup:mailbox", args=[mailbox.pk]), form(cast, password="", name="Help"))
    mailbox.refresh_from_db()
    assert (mailbox.name, mailbox.opened("password")) == ("Help", PASSWORD)


def test_only_who_may_change_settings_opens_it(client: Client, cast: Cast) -> None:
    client.force_login(cast.mei)
    assert client.get(reverse("setup:mailboxes")).status_code == 403
    assert client.post(reverse("setup:new_mailbox"), form(cast)).status_code == 403


def test_an_address_with_a_plus_is_refused_in_words(client: Client, cast: Cast) -> None:
    answer = client.post(reverse("setup:new_mailbox"), form(cast, address="support+x@kuanwei-desk.net"))
    assert answer.status_code == 422
    assert "without a plus sign" in answer.content.decode()


class Delivering(Smtp):
    """A server that lays what it takes into the account."""

    imap: Imap

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:  # noqa: N802
        self.imap.lay(bytes(envelope.content).replace(b"\r\n", b"\n"))  # type: ignore[attr-defined]
        return "250 OK"


@pytest.fixture
def imap() -> Iterator[Imap]:
    with imap_server() as server:
        yield server


def test_the_test_signs_in_twice_and_waits_for_its_echo(client: Client, cast: Cast, imap: Imap, files: Path) -> None:
    with smtp_server(Delivering()) as smtp:
        smtp.imap = imap  # type: ignore[attr-defined]
        client.post(reverse("setup:new_mailbox"), form(cast, imap_port=imap.port, smtp_port=smtp.port))
        page = client.post(reverse("setup:test_mailbox", args=[Mailbox.objects.get().pk])).content.decode()
    assert "Signed in; news come at once" in page
    assert "A mail to ourselves came back after" in page


def test_the_doctor_names_a_mailbox_that_does_not_answer(cast: Cast) -> None:
    make_mailbox(cast, imap_host="127.0.0.1", imap_port=free_port(), imap_security="none", smtp_port=free_port())
    findings = list(mailbox_findings())
    assert [finding.level for finding in findings] == [2, 2]
    assert all(ADDRESS in finding.text for finding in findings)


def test_held_mail_is_taken_in_or_discarded(client: Client, cast: Cast, files: Path) -> None:
    room = MailRoom(make_mailbox(cast, takes_strangers=False))
    first, second = room.write(), room.write("Other", subject="Other")
    assert b"Printer" in client.get(reverse("setup:mailboxes")).content
    client.post(reverse("setup:held_mail", args=[first.pk]), {"do": "take"})
    client.post(reverse("setup:held_mail", args=[second.pk]), {"do": "drop"})
    assert list(Mail.objects.filter(direction="in").order_by("pk").values_list("state", flat=True)) == [
        "entered",
        "dropped",
    ]


@pytest.fixture
def provider(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeProvider]:
    with fake_provider() as fake:
        settings.MAIL_OAUTH_CLIENTS = {"google": CLIENT}
        monkeypatch.setitem(oauth.PROVIDERS, "google", fake.provider())
        yield fake


@pytest.fixture
def mailbox(client: Client, cast: Cast, provider: FakeProvider) -> Mailbox:
    """A mailbox whose owner has signed in at the provider."""
    box = make_mailbox(cast, sign_in="google", imap_host="127.0.0.1")
    code, state = provider.agree(client.post(reverse("setup:mailbox_sign_in", args=[box.pk]))["Location"])
    client.get(reverse("setup:mailbox_signed_in"), {"code": code, "state": state})
    box.refresh_from_db()
    return box


def test_a_mailbox_signs_in_at_its_provider(mailbox: Mailbox, provider: FakeProvider) -> None:
    server = signed_in_smtp(mailbox)
    assert server.uses_token
    assert {server.secret} == provider.access
    assert server.bearer == f"user={ADDRESS}\x01auth=Bearer {server.secret}\x01\x01"


def test_mail_goes_out_by_a_token(mailbox: Mailbox, provider: FakeProvider) -> None:
    with smtp_server() as smtp:
        mailbox.smtp_host, mailbox.smtp_port, mailbox.username = "127.0.0.1", smtp.port, USER
        smtp.tokens = provider.access
        send(signed_in_smtp(mailbox), sender=ADDRESS, recipients=["lina@linden-hotels.net"], data=b"Subject: x\n\nHi")
        assert len(smtp.envelopes) == 1
        smtp.tokens = set()
        with pytest.raises(ServerRefused):
            send(signed_in_smtp(mailbox), sender=ADDRESS, recipients=["lina@linden-hotels.net"], data=b"x")


def test_a_token_is_asked_for_again_before_it_ends_and_not_sooner(mailbox: Mailbox, provider: FakeProvider) -> None:
    signed_in_imap(mailbox)
    assert provider.exchanges == 1
    with clock.at(clock.now() + timedelta(hours=2)):
        assert {signed_in_imap(mailbox).secret} == provider.access
        signed_in_smtp(mailbox)
    assert provider.exchanges == 2


def test_a_permission_that_was_taken_back_is_a_fault(mailbox: Mailbox, provider: FakeProvider) -> None:
    provider.refresh.clear()
    with clock.at(clock.now() + timedelta(hours=2)), pytest.raises(ServerRefused, match="invalid_grant"):
        signed_in_imap(mailbox)


def test_a_code_that_nobody_asked_for_is_worth_nothing(
    client: Client, mailbox: Mailbox, provider: FakeProvider
) -> None:
    answer = client.post(reverse("setup:mailbox_sign_in", args=[mailbox.pk]))
    code, _state = provider.agree(answer["Location"])
    client.get(reverse("setup:mailbox_signed_in"), {"code": code, "state": "forged"})
    assert provider.exchanges == 1
    client.get(reverse("setup:mailbox_signed_in"), {"code": code, "state": _state})
    assert provider.exchanges == 1


def test_tokens_are_not_in_the_database_as_they_are(mailbox: Mailbox, provider: FakeProvider) -> None:
    row = str(Mailbox.objects.filter(pk=mailbox.pk).values().get())
    assert not any(secret in row for secret in provider.access | provider.refresh)
