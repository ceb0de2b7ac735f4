"""Steps that write to the customer: in their language, by mail where they have one, a robot's word no answer."""

import pytest

from crmcore import clock
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tests.tickets.mail_room import MailRoom, make_mailbox, ticket_of
from tests.tickets.test_rules import fresh, rule
from tickets.actions.bulk import change_many, work_off
from tickets.actions.lifecycle import set_priority
from tickets.models import CannedReply, Interaction, Mail, RuleRun, SlaClock, Ticket
from tickets.queries.timeline import timeline

MON = "2026-01-05T"


@pytest.fixture
def words(cast: Cast) -> CannedReply:
    return CannedReply.objects.create(
        code="busy",
        name="Busy",
        body="Dear {customer}, {agent} is on it.",
        body_zh="{customer}，您好，{agent}正在处理。",
    )


def said(ticket: Ticket) -> Interaction:
    return ticket.interactions.filter(direction="out", is_public=True).latest("seq")


def first_reply(ticket: Ticket) -> str:
    return SlaClock.objects.get(ticket=ticket, metric="first_reply").state


def test_a_rule_writes_in_the_customers_language_and_answers_nothing(
    cast: Cast, open_at: OpenTicket, words: CannedReply
) -> None:
    cast.zhao.contact.language = "zh-hans"
    cast.zhao.contact.save()
    rule("Busy", ["opened"], [["message", str(words.pk)]])
    ticket = fresh(open_at(MON + "09:00"))
    assert (said(ticket).channel, said(ticket).body) == ("portal", "赵敏，您好，我们的客服正在处理。")
    assert first_reply(ticket) == "running"
    assert (ticket.waiting_on, ticket.status.code) == (Ticket.WaitingOn.US, "new")


def test_by_mail_it_says_that_a_machine_wrote_it(cast: Cast, words: CannedReply) -> None:
    rule("Busy", ["opened"], [["message", str(words.pk)]])
    room = MailRoom(make_mailbox(cast, acknowledges=False))
    came = room.write()
    mail = Mail.objects.get(direction="out")
    assert (mail.interaction, mail.is_automatic, mail.by) == (said(ticket_of(came)), True, None)
    assert mail.references == [came.message_id]
    assert mail.subject.startswith("Re: Printer")
    assert list(mail.recipients.values_list("email", "role")) == [("lina@linden-hotels.net", "to")]


def test_two_robots_do_not_write_to_one_another(cast: Cast, words: CannedReply) -> None:
    rule("Busy", ["contact"], [["message", str(words.pk)]])
    room = MailRoom(make_mailbox(cast, acknowledges=False))
    room.write()
    ours = Mail.objects.get(direction="out")
    room.write("I am away.", answers=ours.message_id, more="Auto-Submitted: auto-replied\n")
    assert Mail.objects.filter(direction="out").count() == 1


def test_for_a_person_who_writes_to_many_it_is_an_answer(cast: Cast, open_at: OpenTicket, words: CannedReply) -> None:
    tickets = [open_at(MON + "09:00"), open_at(MON + "09:00")]
    with clock.at(at(MON + "10:00")):
        change = change_many([one.pk for one in tickets], [["message", str(words.pk)]], by=cast.mei)
        work_off(change.pk)
    for ticket in map(fresh, tickets):
        assert (said(ticket).by, said(ticket).body) == (cast.mei, "Dear 赵敏, Mei is on it.")
        assert (first_reply(ticket), ticket.waiting_on) == ("met", Ticket.WaitingOn.CUSTOMER)


def test_a_reply_that_is_gone_fails_the_rule_and_says_so(cast: Cast, open_at: OpenTicket, words: CannedReply) -> None:
    ticket = open_at(MON + "09:00")
    rule("Busy", ["changed"], [["tag", "busy"], ["message", str(words.pk)]])
    CannedReply.objects.update(is_active=False)
    set_priority(ticket, "high", by=cast.mei)
    assert RuleRun.objects.get().outcome == RuleRun.Outcome.FAILED
    assert not ticket.tags.exists()


def test_the_timeline_names_the_desk_and_not_the_customer(cast: Cast, open_at: OpenTicket, words: CannedReply) -> None:
    rule("Busy", ["opened"], [["message", str(words.pk)]])
    entries = timeline(open_at(MON + "09:00"), cast.mei)
    written = next(entry for entry in entries.entries if "is on it" in entry.text)
    assert (written.author, written.did) == ("The desk", "wrote by itself")
