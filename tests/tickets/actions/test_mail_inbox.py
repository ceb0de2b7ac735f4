"""Mail that comes: each once, on its own ticket, by those who belong to it, and nobody else's word counts."""

from datetime import timedelta
from pathlib import Path

import pytest

from crmcore import clock
from crmcore.models import Contact
from tests.cast import Cast
from tests.tickets.mail_room import ADDRESS, MailRoom, know, letter, make_mailbox, ticket_of
from tickets.actions.lifecycle import resolve_ticket
from tickets.actions.mail_drafting import Envelope
from tickets.actions.mail_inbox import MOST_PER_HOUR, drop, enter, receive, take_in
from tickets.actions.mailing import send_mail
from tickets.mail.addresses import Address
from tickets.mail.threads import reply_address, subject_mark
from tickets.models import Interaction, Mail, SlaClock, Ticket
from tickets.queries.mail_threads import marks_key

LINA = "Li Na <lina@linden-hotels.net>"
BOSS = "Boss <boss@linden-hotels.net>"
EVE = "Eve <eve@elsewhere.net>"


@pytest.fixture
def room(cast: Cast, files: Path) -> MailRoom:
    return MailRoom(make_mailbox(cast))


def public(ticket: Ticket) -> list[str]:
    return list(ticket.interactions.filter(is_public=True, by=None, direction="in").values_list("body", flat=True))


def test_a_letter_opens_a_ticket_and_starts_its_clock(room: MailRoom, cast: Cast) -> None:
    ticket = ticket_of(room.write())
    assert (ticket.subject, ticket.channel, ticket.queue) == ("Printer", "email", cast.support_queue)
    assert public(ticket) == ["The printer is broken."]
    assert SlaClock.objects.filter(ticket=ticket, metric="first_reply", state="running").exists()


def test_the_sender_is_known_by_their_address(room: MailRoom, cast: Cast) -> None:
    assert cast.zhao.contact is not None
    know(cast.zhao.contact, "zhao@zhao-home.net")
    ticket = ticket_of(room.write(sender="Zhao <ZHAO@Zhao-Home.net>"))
    assert (ticket.contact, ticket.account) == (cast.zhao.contact, cast.account)


def test_an_unknown_sender_becomes_a_contact(room: MailRoom) -> None:
    ticket = ticket_of(room.write())
    assert ticket.contact == Contact.objects.get(name="Li Na")
    assert ticket_of(room.write("Another matter", subject="Router")).contact == ticket.contact


def test_a_mailbox_may_hold_strangers_back(cast: Cast) -> None:
    room = MailRoom(make_mailbox(cast, takes_strangers=False))
    mail = room.write()
    assert (mail.state, mail.reason, mail.ticket) == ("held", "stranger", None)
    assert ticket_of(take_in(mail, by=cast.ada)).subject == "Printer"
    assert take_in(mail, by=cast.ada).ticket_id == Mail.objects.get(pk=mail.pk).ticket_id


def test_a_dropped_mail_stays_away(cast: Cast) -> None:
    mail = MailRoom(make_mailbox(cast, takes_strangers=False)).write()
    drop(mail, by=cast.ada)
    assert take_in(mail, by=cast.ada).state == "dropped"
    assert not Ticket.objects.exists()


def test_fetched_twice_it_is_entered_once(room: MailRoom) -> None:
    raw = letter("Hello", LINA, ADDRESS, "", "Printer", "<1@l.net>")
    for _time in range(3):
        enter(receive(room.mailbox, validity=1, uid=7, raw=raw).pk)
    assert Ticket.objects.count() == Mail.objects.filter(direction="in").count() == 1


def test_a_copy_by_another_way_is_no_second_mail(room: MailRoom, cast: Cast) -> None:
    raw = letter("Hello", LINA, f"{ADDRESS}, sales@kuanwei-desk.net", "", "Printer", "<1@l.net>")
    other = MailRoom(make_mailbox(cast, address="sales@kuanwei-desk.net", queue=cast.billing_queue))
    room.post(b"Received: by a\n" + raw)
    assert other.post(b"Received: by b\n" + raw).state == "copy"
    assert Ticket.objects.count() == 1


def test_other_words_under_the_same_id_are_not_lost(room: MailRoom) -> None:
    room.post(letter("First", LINA, ADDRESS, "", "Printer", "<same@l.net>"))
    room.post(letter("Second", LINA, ADDRESS, "", "Printer", "<same@l.net>"))
    assert Interaction.objects.filter(channel="email", direction="in").count() == 2


def test_an_answer_finds_its_ticket_by_what_it_answers(room: MailRoom) -> None:
    first = room.write()
    assert room.write("More", answers=first.message_id, subject="Something else").ticket == first.ticket


def test_an_answer_that_overtook_its_letter_is_joined_by_it(room: MailRoom) -> None:
    answer = room.write("I agree", sender=BOSS, to=f"{ADDRESS}, {LINA}", answers="<root@l.net>")
    root = room.write("It began so", to=f"{ADDRESS}, {BOSS}", message_id="<root@l.net>")
    assert root.ticket == answer.ticket
    assert len(public(ticket_of(root))) == 2


def test_an_answer_finds_its_ticket_by_the_marked_address(room: MailRoom) -> None:
    ticket = ticket_of(room.write())
    marked = reply_address(ADDRESS, ticket.number, marks_key())
    assert room.write("More", to=marked, subject="No thread").ticket == ticket


def test_an_answer_finds_its_ticket_by_the_signed_subject(room: MailRoom) -> None:
    ticket = ticket_of(room.write())
    subject = f"回复：Printer {subject_mark(ticket.number, marks_key())}"
    assert room.write("More", subject=subject).ticket == ticket


def test_a_bare_number_leads_nowhere(room: MailRoom) -> None:
    ticket = ticket_of(room.write())
    assert room.write("More", subject=f"Re: Printer [{ticket.number}]").ticket != ticket


def test_those_on_copy_belong_to_the_conversation(room: MailRoom, cast: Cast) -> None:
    first = room.write(cc=f"{BOSS}, {cast.mei.email}, support+x@kuanwei-desk.net")
    ticket = ticket_of(first)
    assert list(ticket.participants.values_list("email", flat=True)) == ["boss@linden-hotels.net"]
    room.write("Please hurry", sender=BOSS, answers=first.message_id)
    assert public(ticket)[-1] == "Please hurry"
    assert ticket.interactions.latest("seq").contact == Contact.objects.get(name="Boss")


def test_a_stranger_with_a_passed_on_mail_is_noted_and_not_let_in(room: MailRoom) -> None:
    first = room.write()
    ticket = ticket_of(first)
    before = SlaClock.objects.filter(ticket=ticket).count()
    mail = room.write(
        "Tell me all", sender=EVE, cc="x@elsewhere.net", to=reply_address(ADDRESS, ticket.number, marks_key())
    )
    entry = mail.interaction
    assert entry is not None
    assert (mail.ticket, mail.is_outsider, entry.is_public, entry.direction) == (ticket, True, False, "internal")
    assert not ticket.participants.exists()
    assert SlaClock.objects.filter(ticket=ticket).count() == before
    assert not Contact.objects.filter(name="Eve").exists()


def test_a_forged_sender_is_no_participant(room: MailRoom) -> None:
    first = room.write()
    mail = room.write("Send it there", answers=first.message_id, more="Authentication-Results: mx; dmarc=fail")
    assert mail.is_outsider
    assert len(public(ticket_of(first))) == 1


def test_an_away_note_stops_and_starts_nothing(room: MailRoom, cast: Cast) -> None:
    first = room.write()
    ticket = ticket_of(first)
    send_mail(ticket, "Restart it", Envelope((Address("lina@linden-hotels.net"),)), by=cast.mei, token="t1")
    room.write("I am away", answers=first.message_id, more="Auto-Submitted: auto-replied")
    assert SlaClock.objects.get(ticket=ticket, metric="first_reply").state == "met"
    assert not SlaClock.objects.filter(ticket=ticket, metric="next_reply").exists()
    assert Ticket.objects.get(pk=ticket.pk).waiting_on == "customer"


def test_a_robot_opens_no_ticket(room: MailRoom) -> None:
    assert room.write("Build failed", more="Auto-Submitted: auto-generated").state == "held"
    assert room.write("I am away", more="Auto-Submitted: auto-replied").state == "passed"
    assert not Ticket.objects.exists()


def test_a_person_who_writes_by_a_list_is_a_person(room: MailRoom) -> None:
    first = room.write()
    room.write("More", answers=first.message_id, more="List-Id: <team.linden-hotels.net>\nPrecedence: list")
    assert public(ticket_of(first)) == ["The printer is broken.", "More"]


def test_spam_waits_until_somebody_looks(room: MailRoom) -> None:
    mail = room.write("Buy", more="X-Spam-Flag: YES")
    assert (mail.state, mail.reason) == ("held", "spam")


def test_a_colleague_who_writes_by_mail_is_not_the_customer(room: MailRoom, cast: Cast) -> None:
    first = room.write()
    mail = room.write("Ask them for the model", sender=cast.mei.email, answers=first.message_id)
    assert mail.interaction is not None
    assert not mail.interaction.is_public


def test_our_own_mail_comes_back_without_a_loop(room: MailRoom, cast: Cast) -> None:
    assert room.write("Hello", sender=ADDRESS).reason == "own"


def test_who_writes_without_end_is_held_back(room: MailRoom) -> None:
    for number in range(MOST_PER_HOUR):
        room.write(f"Again {number}", subject=f"Matter {number}")
    assert room.write("Once more").reason == "flood"
    with clock.at(clock.now() + timedelta(hours=2)):
        assert room.write("Later").state == "entered"


def test_a_solved_ticket_is_taken_up_again(room: MailRoom, cast: Cast) -> None:
    first = room.write()
    resolve_ticket(ticket_of(first), by=cast.mei)
    room.write("It is broken again", answers=first.message_id)
    assert ticket_of(first).status.category == "open"


def test_after_the_window_a_new_ticket_follows(room: MailRoom, cast: Cast) -> None:
    first = room.write()
    resolve_ticket(ticket_of(first), by=cast.mei)
    with clock.at(clock.now() + timedelta(days=60)):
        later = room.write("It is broken again", answers=first.message_id)
    assert ticket_of(later).follow_up_of == first.ticket


def test_a_new_matter_is_confirmed_once_and_only_to_its_sender(room: MailRoom) -> None:
    first = room.write("打印机坏了，请问什么时候来修", cc=BOSS)
    room.write("更多", answers=first.message_id)
    confirmation = Mail.objects.get(direction="out")
    assert [one.email for one in confirmation.recipients.all()] == ["lina@linden-hotels.net"]
    assert confirmation.is_automatic
    assert confirmation.interaction is not None
    assert "谢" in confirmation.interaction.body or "Thank" in confirmation.interaction.body
    assert SlaClock.objects.get(ticket=first.ticket, metric="first_reply").state == "running"


def test_a_day_has_few_confirmations(room: MailRoom) -> None:
    for number in range(6):
        room.write(subject=f"Matter {number}")
    assert Mail.objects.filter(direction="out").count() == 3


def test_a_broken_mail_holds_up_no_other(room: MailRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_more: object) -> None:
        raise RuntimeError("boom")

    with monkeypatch.context() as patch:
        patch.setattr("tickets.actions.mail_inbox.open_from_mail", fail)
        broken = room.write()
    assert (broken.state, broken.fault) == ("fetched", "RuntimeError: boom")
    assert room.write("Another").state == "entered"
    Mail.objects.filter(pk=broken.pk).update(due_at=clock.now())
    enter(broken.pk)
    assert ticket_of(Mail.objects.get(pk=broken.pk)).subject == "Printer"
