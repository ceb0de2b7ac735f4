"""A message of ours goes out once: however often it is sent, whoever dies, whatever the carrier answers."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from crmcore.models import ContactPoint
from telephony.actions.text_outbox import deliver_due_texts, deliver_text
from telephony.actions.texting import Words, send_again, send_text
from telephony.models import PhoneLine, TextMessage, TextTemplate, TextThread
from telephony.queries.texting import outlets_of
from telephony.text_rules import TextNotSent, TextRefusal
from telephony.text_states import TextChannel, TextFault, TextState
from tests.fake_carrier.texts import OPTED_OUT
from tests.telephony.texting.conftest import LI, OURS, Texting
from tickets.actions.changing import StaleTicket
from tickets.models import Interaction, SlaClock, Ticket

WHATSAPP = TextChannel.WHATSAPP


@pytest.fixture
def template(db: None) -> TextTemplate:
    return TextTemplate.objects.create(
        name="Visit", language="en", body="Hello {{1}}, we come at {{2}}.", content_sid="HX" + "a" * 32
    )


def test_message_stands_on_the_ticket_and_goes_to_the_carrier(texting: Texting) -> None:
    ticket = texting.ticket()
    text = texting.send(ticket, "We come\r\nat nine.")
    (sent,) = texting.taken()
    assert (sent["To"], sent["From"], sent["Body"]) == (LI, OURS, "We come\nat nine.")
    assert sent["StatusCallback"].endswith(f"/telephony/twilio/text-status/?text={text.public_id}")
    entry = Interaction.objects.get(ticket=ticket, channel="sms")
    assert (entry.by, entry.is_public, text.interaction, text.state) == (texting.mei, True, entry, "queued")


def test_message_counts_as_a_reply(texting: Texting) -> None:
    texting.write("It leaks")
    texting.send(Ticket.objects.get())
    assert not SlaClock.objects.filter(metric="first_reply", state__in=SlaClock.LIVE).exists()


def test_same_form_sends_once(texting: Texting) -> None:
    ticket = texting.ticket()
    assert texting.send(ticket).pk == texting.send(ticket).pk
    assert len(texting.taken()) == 1 and ticket.interactions.filter(channel="sms").count() == 1


def test_task_that_runs_twice_sends_once(texting: Texting) -> None:
    text = texting.send(texting.ticket())
    for _ in range(3):
        texting.desk.do(deliver_text, text.pk)
        texting.wait(70)
    assert len(texting.taken()) == 1


def test_what_the_reader_has_not_seen_stops_the_message(texting: Texting) -> None:
    ticket = texting.ticket()
    seen = ticket.seq
    texting.send(ticket)
    texting.write("wait")
    with pytest.raises(StaleTicket):
        texting.desk.do(send_text, ticket, TextChannel.SMS, Words("Nine"), by=texting.mei, token="t2", seen_seq=seen)
    assert len(texting.taken()) == 1


def test_lost_answer_is_looked_up_and_not_repeated(texting: Texting) -> None:
    texting.http.answers_lost = 1
    text = texting.send(texting.ticket())
    assert (text.state, text.provider_sid) == (TextState.QUEUED, "")
    texting.wait(16)
    assert texting.again(text).provider_sid in texting.http.texts
    assert len(texting.taken()) == 1


def test_same_words_sent_before_are_not_taken_for_the_lost_ones(texting: Texting) -> None:
    ticket = texting.ticket()
    first = texting.send(ticket)
    texting.http.failures = [(503, 20503)]
    second = texting.send(ticket, token="t2")
    texting.wait(16)
    assert texting.again(second).provider_sid not in ("", first.provider_sid)
    assert len(texting.taken()) == 2


def test_worker_that_died_while_sending_does_not_send_twice(texting: Texting) -> None:
    """It died after the carrier took the message and before our row said so."""
    text = texting.send(texting.ticket())
    TextMessage.objects.filter(pk=text.pk).update(provider_sid="", due_at=texting.desk.moment + timedelta(seconds=60))
    texting.wait(30)
    assert texting.again(text).provider_sid == ""
    texting.wait(31)
    assert texting.again(text).provider_sid == text.provider_sid and len(texting.taken()) == 1


def test_worker_that_died_before_sending_is_made_up_for(texting: Texting) -> None:
    text = texting.send(texting.ticket())
    texting.http.texts.clear()
    TextMessage.objects.filter(pk=text.pk).update(provider_sid="", begun_at=None, due_at=texting.desk.moment)
    texting.wait(1)
    assert len(texting.taken()) == 1


def test_busy_carrier_is_waited_for(texting: Texting) -> None:
    texting.http.refuse["CreateMessage"] = (429, 20429)
    text = texting.send(texting.ticket())
    for _ in range(12):
        texting.wait(100)
    assert texting.again(text).state == TextState.QUEUED
    texting.http.refuse.clear()
    texting.wait(1200)
    assert len(texting.taken()) == 1 and texting.again(text).provider_sid


def test_carrier_that_stays_away_fails_the_message(texting: Texting) -> None:
    texting.http.refuse["CreateMessage"] = (503, 20503)
    text = texting.send(texting.ticket())
    for _ in range(8):
        texting.wait(300)
    assert (texting.again(text).state, texting.again(text).error_code) == (TextState.FAILED, TextFault.GAVE_UP)


def test_refusal_is_final_and_told_in_words(texting: Texting) -> None:
    texting.http.opted_out.add(LI)
    text = texting.send(texting.ticket())
    assert (text.state, text.error_code) == (TextState.FAILED, str(OPTED_OUT))
    assert "STOP" in text.fault


def test_lost_message_goes_again_once(texting: Texting) -> None:
    texting.http.opted_out.add(LI)
    ticket = texting.ticket()
    text = texting.send(ticket)
    texting.http.opted_out.clear()
    first = texting.desk.do(send_again, text, by=texting.mei)
    assert texting.desk.do(send_again, text, by=texting.mei).pk == first.pk
    assert len(texting.taken()) == 1
    assert texting.again(first).repeats_id == text.pk and not texting.again(text).may_go_again


def test_message_on_its_way_does_not_go_again(texting: Texting) -> None:
    text = texting.send(texting.ticket())
    assert texting.desk.do(send_again, text, by=texting.mei).pk == text.pk
    assert len(texting.taken()) == 1


def test_nobody_writes_to_who_opted_out(texting: Texting) -> None:
    texting.write("STOP", OptOutType="STOP")
    with pytest.raises(TextNotSent) as refused:
        texting.send(texting.ticket())
    assert refused.value.refusal == TextRefusal.OPTED_OUT


def test_do_not_use_holds_for_messages_too(texting: Texting) -> None:
    ContactPoint.objects.update(opted_out=True)
    with pytest.raises(TextNotSent):
        texting.send(texting.ticket())


def test_stop_wins_against_a_message_that_still_waits(texting: Texting) -> None:
    text = texting.send(texting.ticket())
    texting.http.texts.clear()
    TextMessage.objects.filter(pk=text.pk).update(provider_sid="", begun_at=None, due_at=texting.desk.moment)
    texting.write("STOP", OptOutType="STOP")
    texting.wait(10)
    assert texting.taken() == []
    assert (texting.again(text).state, texting.again(text).error_code) == (TextState.FAILED, TextFault.OPTED_OUT)


def test_wish_is_asked_again_at_the_moment_of_sending(texting: Texting) -> None:
    text = texting.send(texting.ticket())
    texting.http.texts.clear()
    TextMessage.objects.filter(pk=text.pk).update(provider_sid="", begun_at=None, due_at=texting.desk.moment)
    TextThread.objects.update(opted_out_at=texting.desk.moment)
    texting.wait(10)
    assert texting.taken() == [] and texting.again(text).error_code == TextFault.OPTED_OUT


@pytest.mark.parametrize(("after", "is_open"), [(24 * 3600 - 1, True), (24 * 3600, False)])
def test_window_is_open_for_less_than_24_hours(texting: Texting, after: int, is_open: bool) -> None:
    texting.write("hello", f"whatsapp:{LI}", to=f"whatsapp:{OURS}")
    ticket = Ticket.objects.get()
    texting.desk.wait(after, tick=False)
    if is_open:
        assert texting.send(ticket, channel=WHATSAPP).provider_sid
        assert texting.taken()[0]["To"] == f"whatsapp:{LI}"
        return
    with pytest.raises(TextNotSent) as refused:
        texting.send(ticket, channel=WHATSAPP)
    assert refused.value.refusal == TextRefusal.WINDOW_CLOSED and texting.taken() == []


def test_window_that_closed_while_the_message_waited_stops_it(texting: Texting) -> None:
    texting.write("hello", f"whatsapp:{LI}", to=f"whatsapp:{OURS}")
    text = texting.send(Ticket.objects.get(), channel=WHATSAPP)
    texting.http.texts.clear()
    TextMessage.objects.filter(pk=text.pk).update(provider_sid="", begun_at=None, due_at=texting.desk.moment)
    texting.wait(24 * 3600)
    assert texting.taken() == [] and texting.again(text).error_code == TextFault.WINDOW_CLOSED


def test_template_goes_at_any_time(texting: Texting, template: TextTemplate) -> None:
    text = texting.send(texting.ticket(), Words(template=template, values=["Li", "nine"]), channel=WHATSAPP)
    (sent,) = texting.taken()
    assert sent["ContentSid"] == template.content_sid and sent["ContentVariables"] == '{"1": "Li", "2": "nine"}'
    assert "Body" not in sent and text.body == "Hello Li, we come at nine."


@pytest.mark.parametrize("values", [[], ["Li"], ["Li", " "], ["Li", "nine", "more"], ["x" * 201, "nine"]])
def test_template_wants_all_its_places(texting: Texting, template: TextTemplate, values: list[str]) -> None:
    with pytest.raises(TextNotSent) as refused:
        texting.send(texting.ticket(), Words(template=template, values=values), channel=WHATSAPP)
    assert refused.value.refusal == TextRefusal.BAD_TEMPLATE


@pytest.mark.parametrize("body", ["", " \r\n ", "x" * 1601])
def test_empty_and_endless_messages_are_refused(texting: Texting, body: str) -> None:
    ticket = texting.ticket()
    with pytest.raises(TextNotSent):
        texting.send(ticket, body)
    assert not ticket.interactions.filter(channel="sms").exists()


def test_landline_is_not_written_to(texting: Texting) -> None:
    ContactPoint.objects.update(value="+862151008888")
    assert outlets_of(texting.ticket()) == []


def test_line_that_takes_no_messages_sends_none(texting: Texting) -> None:
    PhoneLine.objects.update(takes_texts=False)
    assert [outlet.channel for outlet in outlets_of(texting.ticket())] == [WHATSAPP]


def test_nobody_of_the_demo_is_written_to_for_real(texting: Texting, settings: Settings) -> None:
    texting.li.is_demo = True
    texting.li.save()
    assert outlets_of(texting.ticket()) == [] or not outlets_of(texting.ticket())[0].route.is_real


def test_desk_without_a_carrier_offers_nothing(texting: Texting, settings: Settings) -> None:
    settings.TWILIO_ACCOUNT_SID, settings.DEMO = "", False
    assert outlets_of(texting.ticket()) == []


def test_demo_without_a_carrier_pretends_and_says_so(texting: Texting, settings: Settings) -> None:
    settings.TWILIO_ACCOUNT_SID, settings.DEMO = "", True
    ticket = texting.ticket()
    assert [outlet.route.is_real for outlet in outlets_of(ticket)] == [False, False]
    assert texting.send(ticket).state == TextState.DELIVERED and texting.taken() == []


def test_one_message_that_cannot_go_keeps_no_other_waiting(texting: Texting) -> None:
    ticket = texting.ticket()
    texting.http.failures = [(503, 20503)]
    first, second = texting.send(ticket), texting.send(ticket, token="t2")
    assert texting.again(second).provider_sid and not texting.again(first).provider_sid
    texting.desk.do(deliver_due_texts, texting.desk.moment)
    assert len(texting.taken()) == 1
