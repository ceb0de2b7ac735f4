"""Tracking without an account: the code goes to the request's own address, and nobody learns what is not theirs."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crmcore import clock
from crmcore.actions.letters import send_due_letters
from crmcore.actions.one_time_codes import MOST_TRIES, digits_of
from crmcore.models import Contact, ContactPoint, Letter, OneTimeCode
from servicedesk.portal import once, tracking_codes
from tests.cast import Cast
from tests.servicedesk.portal.conftest import request_of
from tickets.actions.files import enclose
from tickets.actions.lifecycle import open_ticket, resolve_ticket
from tickets.actions.replies import add_note, reply
from tickets.mail.mime import MailFile
from tickets.models import Interaction, Ticket
from tickets.queries.wording import type_called

ADDRESS = "ines@example.org"


@pytest.fixture(autouse=True)
def _tasks_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes are looked up and sent right after the request, as the worker would."""
    monkeypatch.setattr(
        tracking_codes, "run_later", lambda name, *args: tracking_codes.send_code(*args) or send_due_letters()
    )


@pytest.fixture
def ines(cast: Cast) -> Contact:
    """Somebody without an account."""
    contact = Contact.objects.create(name="Ines Costa", created_at=clock.now(), time_zone="Europe/Lisbon")
    ContactPoint.objects.create(contact=contact, kind="email", raw=ADDRESS, value=ADDRESS)
    return contact


@pytest.fixture
def own(cast: Cast, ines: Contact) -> Ticket:
    return opened(cast, ines, "The tap drips")


def opened(cast: Cast, contact: Contact | None, subject: str) -> Ticket:
    return open_ticket(
        by=None,
        subject=subject,
        type=type_called("request"),
        queue=cast.support_queue,
        account=None,
        contact=contact,
        channel="email",
        body=subject,
    )


def ask(client: Client, number: str, address: str = ADDRESS) -> str:
    """Ask for a code; the page that answers."""
    page = client.post("/portal/track/", {"number": number, "address": address}, follow=True)
    return page.content.decode()


def mailed_code() -> str:
    found = re.search(r"\b(\d{6})\b", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def type_in(client: Client, code: str) -> int:
    return client.post("/portal/track/code/", {"code": code}).status_code


def enter(client: Client, ticket: Ticket) -> str:
    """Open the request as its guest; the address of its page."""
    ask(client, ticket.number)
    assert type_in(client, mailed_code()) == 302
    return f"/portal/track/{ticket.number}/"


def wrong(code: str) -> str:
    return str((int(code) + 1) % 10**6).zfill(6)


def test_the_code_that_was_sent_opens_the_request(client: Client, cast: Cast, own: Ticket) -> None:
    reply(own, by=cast.mei, body="We come on Monday")
    where = enter(client, own)
    page = client.get(where).content.decode()
    assert "We come on Monday" in page
    assert "The tap drips" in page
    assert mail.outbox[-1].to == [ADDRESS]


def test_without_a_code_nothing_opens(client: Client, own: Ticket) -> None:
    ask(client, own.number)
    for part in ("", "band/", "messages/", "acts/", "verdict/", "contest/", "withdraw/"):
        answer = client.get(f"/portal/track/{own.number}/{part}")
        assert answer.status_code == 302
        assert answer["Location"].startswith("/portal/track/?number=")


def test_the_answer_is_the_same_whether_or_not_there_is_such_a_request(client: Client, own: Ticket) -> None:
    there = ask(client, own.number)
    other = Client()
    not_there = ask(other, "T-99999")
    wrong_address = ask(Client(), own.number, "eve@example.org")
    assert len(mail.outbox) == 1

    def bare(page: str, *words: str) -> str:
        page = re.sub(r"[A-Za-z0-9]{64}", "", page)
        for word in words:
            page = page.replace(word, "")
        return page

    assert bare(there, own.number, ADDRESS) == bare(not_there, "T-99999", ADDRESS)
    assert bare(there, own.number, ADDRESS) == bare(wrong_address, own.number, "eve@example.org")


def test_asking_does_the_same_work_whether_or_not_there_is_such_a_request(
    client: Client, own: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr(tracking_codes, "run_later", lambda *args: asked.append(args))
    counts = []
    for number in (own.number, "T-99999"):
        with CaptureQueriesContext(connection) as counted:
            Client().post("/portal/track/", {"number": number, "address": ADDRESS})
        counts.append(len(counted))
    assert counts[0] == counts[1]
    assert len(asked) == 2


def test_a_code_of_nothing_is_never_right(client: Client, own: Ticket) -> None:
    ask(client, "T-99999")
    code = OneTimeCode.objects.get()
    assert type_in(client, digits_of(code)) == 422


def test_five_wrong_tries_end_the_code(client: Client, own: Ticket) -> None:
    ask(client, own.number)
    right = mailed_code()
    for _ in range(MOST_TRIES):
        assert type_in(client, wrong(right)) == 422
    assert type_in(client, right) == 422


def test_a_code_works_once(client: Client, own: Ticket) -> None:
    ask(client, own.number)
    session = client.session
    kept = dict(session["portal_tracking"])
    assert type_in(client, mailed_code()) == 302
    session = client.session
    session["portal_tracking"] = kept
    session.save()
    assert type_in(client, mailed_code()) == 422


def test_a_code_holds_for_ten_minutes(client: Client, own: Ticket) -> None:
    ask(client, own.number)
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert type_in(client, mailed_code()) == 422


def test_a_code_opens_no_other_request(client: Client, cast: Cast, ines: Contact, own: Ticket) -> None:
    ask(client, own.number)
    other = opened(cast, ines, "Another matter")
    session = client.session
    session["portal_tracking"] = {**session["portal_tracking"], "number": other.number}
    session.save()
    assert type_in(client, mailed_code()) == 422


def test_the_session_is_for_one_request_and_nothing_else(
    client: Client, cast: Cast, ines: Contact, own: Ticket, ticket: Ticket
) -> None:
    second = opened(cast, ines, "Another matter of the same person")
    enter(client, own)
    for number in (second.number, ticket.number):
        assert client.get(f"/portal/track/{number}/").status_code == 302
        assert client.post(f"/portal/track/{number}/solved/", {"was": "active"}).status_code == 302
    for path in ("/portal/requests/", f"/portal/requests/{own.number}/", "/portal/profile/"):
        assert "/account/login/" in client.get(path)["Location"]
    assert Ticket.objects.get(pk=second.pk).is_active


def test_the_session_ends_after_two_hours(client: Client, own: Ticket) -> None:
    where = enter(client, own)
    with clock.at(clock.now() + timedelta(hours=2, minutes=1)):
        assert client.get(where).status_code == 302


def test_the_session_ends_with_the_address(client: Client, ines: Contact, own: Ticket) -> None:
    where = enter(client, own)
    ines.points.all().delete()
    assert client.get(where).status_code == 302


def test_an_address_shared_by_several_people_opens_nothing(client: Client, ines: Contact, own: Ticket) -> None:
    ines.points.update(is_shared=True)
    ask(client, own.number)
    assert not mail.outbox


def test_the_session_gets_a_new_key_with_the_rights(client: Client, own: Ticket) -> None:
    ask(client, own.number)
    before = client.session.session_key
    type_in(client, mailed_code())
    assert client.session.session_key != before


def test_no_code_is_stored(client: Client, own: Ticket) -> None:
    ask(client, own.number)
    code = mailed_code()
    stored = [*Letter.objects.values_list("subject", "body"), *OneTimeCode.objects.values_list("salt", "about")]
    assert not [row for row in stored if code in "".join(row)]


def test_codes_are_limited_by_address_and_by_number_and_by_who_asks(client: Client, own: Ticket) -> None:
    def codes(number: str, address: str, ip: str) -> int:
        return Client(REMOTE_ADDR=ip).post("/portal/track/", {"number": number, "address": address}).status_code

    assert [codes(f"T-{n}", ADDRESS, f"10.0.0.{n}") for n in range(7)][-1] == 429
    assert [codes("T-1", f"x{n}@example.org", f"10.0.1.{n}") for n in range(13)][-1] == 429
    assert [codes(f"T-{n}", f"y{n}@example.org", "10.0.2.1") for n in range(13)][-1] == 429


def test_asking_again_at_once_sends_one_code(client: Client, own: Ticket) -> None:
    for _ in range(3):
        ask(client, own.number)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("address", ["", "nobody", "@", "12"])
def test_what_is_no_address_is_explained(client: Client, own: Ticket, address: str) -> None:
    answer = client.post("/portal/track/", {"number": own.number, "address": address})
    assert answer.status_code == 422
    assert own.number in answer.content.decode()


def test_notes_and_other_peoples_words_stay_hidden(client: Client, cast: Cast, own: Ticket) -> None:
    add_note(own, by=cast.mei, body="Sounds angry")
    eve = Contact.objects.create(name="Eve", created_at=clock.now())
    Interaction.objects.create(
        ticket=own,
        seq=own.interactions.count() + 50,
        contact=eve,
        channel="email",
        direction="in",
        body="My own secret",
        is_public=True,
        occurred_at=clock.now(),
        recorded_at=clock.now(),
    )
    page = client.get(enter(client, own)).content.decode()
    assert "Sounds angry" not in page
    assert "My own secret" not in page


def test_a_guest_answers_once_however_often_it_is_sent(client: Client, ines: Contact, own: Ticket) -> None:
    where, form = enter(client, own), {"body": "It also leaks", "once": once.fresh()}
    for _ in range(2):
        client.post(f"{where}reply/", form)
    entry = Interaction.objects.get(body="It also leaks")
    assert (entry.contact, entry.by, entry.is_public, entry.direction) == (ines, None, True, "in")


def test_a_guest_confirms_contests_and_withdraws(client: Client, cast: Cast, own: Ticket) -> None:
    resolve_ticket(own, by=cast.mei)
    where = enter(client, own)
    client.post(f"{where}solved/", {"was": "solved"})
    assert Ticket.objects.get(pk=own.pk).confirmed_at is not None
    client.post(f"{where}contest/", {"reason": "It drips again", "once": once.fresh()})
    assert Ticket.objects.get(pk=own.pk).is_active
    client.post(f"{where}withdraw/", {"reason": "I moved"})
    assert Ticket.objects.get(pk=own.pk).withdrawn_at is not None


def test_words_after_the_end_lead_on_to_the_request_that_follows(client: Client, cast: Cast, own: Ticket) -> None:
    where = enter(client, own)
    client.post(f"{where}withdraw/", {})
    answer = client.post(f"{where}reply/", {"body": "It is back", "once": once.fresh()})
    follow_up = Ticket.objects.get(follow_up_of=own)
    assert answer["Location"] == f"/portal/track/{follow_up.number}/"
    assert client.get(answer["Location"]).status_code == 200


@pytest.mark.usefixtures("files")
def test_only_files_of_what_the_guest_reads_are_handed_out(client: Client, cast: Cast, own: Ticket) -> None:
    sent, note = reply(own, by=cast.mei, body="The plan"), add_note(own, by=cast.mei, body="Ours")
    for entry in (sent, note):
        enclose(entry, [MailFile("plan.txt", b"plan", "")])
    strange = request_of(cast, cast.zhao, "Another")
    foreign = reply(strange, by=cast.mei, body="For Zhao")
    enclose(foreign, [MailFile("x.txt", b"x", "")])
    where = enter(client, own)

    def fetched(public_id: UUID) -> int:
        return client.get(f"{where}files/{public_id}/").status_code

    ids = [entry.attachments.get().public_id for entry in (sent, note, foreign)]
    assert [fetched(public_id) for public_id in ids] == [200, 404, 404]


def test_moments_are_those_of_the_guests_own_zone(client: Client, own: Ticket) -> None:
    assert "UTC+0" in client.get(enter(client, own)).content.decode()


def test_a_mobile_number_gets_its_code_by_text(
    client: Client, ines: Contact, own: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(tracking_codes, "text_from_desk", lambda number, *_words, **_more: sent.append(number))
    ContactPoint.objects.create(contact=ines, kind="phone", raw="+351 912 345 678", value="+351912345678")
    ask(client, own.number, "+351 912 345 678")
    assert sent == ["+351912345678"]
    assert type_in(client, digits_of(OneTimeCode.objects.get())) == 302
