"""Reports of messages come doubled, out of order, late or never: each message only ever rises."""

from itertools import permutations

import pytest

from telephony.actions.text_states import rise
from telephony.models import TextMessage
from telephony.text_states import TextChannel, TextState, below, explanation
from tests.telephony.texting.conftest import MakeTexting, Texting
from tickets.models import Interaction, SlaClock, Ticket

LADDER = ["queued", "sent", "failed", "undelivered", "delivered", "read"]


@pytest.mark.parametrize("order", list(permutations(["sent", "delivered", "read"])))
def test_any_order_of_reports_ends_at_the_highest(texting: Texting, order: tuple[str, ...]) -> None:
    text = texting.send(texting.ticket())
    assert texting.report(text, *order).state == TextState.READ


@pytest.mark.parametrize("state", LADDER)
def test_no_state_follows_itself_or_a_higher_one(state: str) -> None:
    assert state not in below(state)
    assert [other for other in LADDER if state in below(other)] == LADDER[LADDER.index(state) + 1 :]


def test_received_is_no_step_of_the_ladder() -> None:
    assert below(TextState.RECEIVED) == []


def test_what_was_delivered_cannot_have_failed(texting: Texting) -> None:
    text = texting.report(texting.send(texting.ticket()), "delivered")
    assert texting.report(text, "undelivered", code=30003).state == TextState.DELIVERED
    assert texting.again(text).error_code == ""


def test_late_delivery_heals_a_failure(texting: Texting) -> None:
    text = texting.report(texting.send(texting.ticket()), "undelivered", code=30008)
    text = texting.report(text, "delivered")
    assert (text.state, text.error_code, text.fault) == (TextState.DELIVERED, "", "")


@pytest.mark.parametrize("seed", range(5))
def test_doubled_shuffled_and_late_reports_change_nothing(make_texting: MakeTexting, seed: int) -> None:
    plan = {"seed": seed, "copies": 3, "shuffled": True, "late": 0.5, "first_late": 0.5, "names_events": bool(seed % 2)}
    texting = make_texting(**plan)
    ticket = texting.ticket()
    text = texting.report(texting.send(ticket), "queued", "sent", "undelivered", code=30005)
    assert (text.state, text.error_code) == (TextState.UNDELIVERED, "30005")
    assert Interaction.objects.filter(ticket=ticket, event="undelivered").count() == 1


def test_lost_reports_are_asked_for(make_texting: MakeTexting) -> None:
    texting = make_texting(lose=lambda fields: "MessageStatus" in fields)
    text = texting.report(texting.send(texting.ticket()), "sent", "delivered")
    assert text.state == TextState.QUEUED
    texting.wait(60)
    assert texting.again(text).state == TextState.QUEUED
    texting.wait(61)
    assert texting.again(text).state == TextState.DELIVERED
    assert texting.again(text).due_at is None


def test_nobody_asks_for_ever(make_texting: MakeTexting) -> None:
    texting = make_texting()
    text = texting.send(texting.ticket())
    for _ in range(30):
        texting.wait(3 * 3600)
    assert texting.again(text).due_at is None
    assert len(texting.line.asked("FetchMessage")) < 20


def test_report_names_our_message_before_its_name_is_in_our_row(texting: Texting) -> None:
    text = texting.send(texting.ticket())
    sid = text.provider_sid
    TextMessage.objects.filter(pk=text.pk).update(provider_sid="", begun_at=texting.desk.moment)
    texting.http.report(sid, "delivered")
    texting.line.settle()
    assert (texting.again(text).state, texting.again(text).provider_sid) == (TextState.DELIVERED, sid)


def test_report_of_an_unknown_message_is_taken_and_ignored(texting: Texting) -> None:
    text = texting.send(texting.ticket())
    fake = texting.http.texts[text.provider_sid]
    for address in ("?text=nonsense", "?text=00000000-0000-4000-8000-000000000000", ""):
        fake.callback = fake.callback.partition("?")[0] + address
        texting.http.report(fake.sid, "delivered")
    texting.line.settle()
    assert texting.again(text).state == TextState.QUEUED


def test_reply_that_was_lost_is_owed_again(texting: Texting) -> None:
    texting.write("It leaks")
    ticket = Ticket.objects.get()
    text = texting.send(ticket)
    assert not SlaClock.objects.filter(ticket=ticket, metric__endswith="reply", state__in=SlaClock.LIVE).exists()
    texting.report(text, "undelivered", code=30003)
    ticket.refresh_from_db()
    assert ticket.waiting_on == Ticket.WaitingOn.US
    assert SlaClock.objects.filter(ticket=ticket, metric="next_reply", state__in=SlaClock.LIVE).count() == 1


def test_nothing_is_owed_when_a_later_reply_went_through(texting: Texting) -> None:
    texting.write("It leaks")
    ticket = Ticket.objects.get()
    first, second = texting.send(ticket), texting.send(ticket, "Or at ten.", token="t2")
    texting.report(second, "delivered")
    texting.report(first, "undelivered", code=30003)
    assert not SlaClock.objects.filter(ticket=ticket, metric="next_reply", state__in=SlaClock.LIVE).exists()


def test_reading_is_told_by_its_own_event(texting: Texting) -> None:
    texting.write("hello", "whatsapp:+8613800138000", to="whatsapp:+862151008000")
    text = texting.send(Ticket.objects.get(), channel=TextChannel.WHATSAPP)
    assert texting.report(text, "delivered", EventType="READ").state == TextState.READ


def test_received_message_never_rises(texting: Texting) -> None:
    texting.write("hello")
    received = TextMessage.objects.get()
    assert not rise(received.pk, TextState.DELIVERED, now=texting.desk.moment)


def test_usual_faults_have_a_sentence_and_others_their_number() -> None:
    assert "STOP" in explanation("21610") and "30999" in explanation("30999") and explanation("") == ""
