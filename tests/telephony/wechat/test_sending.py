"""What goes out: once, within the 48 hours, by a token that is good, and nothing twice on a guess."""

from datetime import timedelta

import pytest

from telephony.actions.text_outbox import deliver_text
from telephony.actions.texting import Words, send_again, send_text
from telephony.models import TextMessage, TextThread, WechatAccess, WechatAccount
from telephony.providers.base import CarrierBusy, CarrierError
from telephony.queries.texting import outlets_of
from telephony.text_rules import TextNotSent, TextRefusal
from telephony.text_states import TextChannel, TextFault, TextState
from tests.telephony.wechat.conftest import LI, WU, MakeWechat, Wechat
from tickets.actions.changing import StaleTicket
from tickets.models import Interaction, SlaClock

TOKEN_PATH, SEND_PATH = "/cgi-bin/stable_token", "/cgi-bin/message/custom/send"


@pytest.fixture
def wechat(make_wechat: MakeWechat) -> Wechat:
    """How messages come in changes nothing about how they go out."""
    return make_wechat("plain")


def test_answer_reaches_the_follower_and_stands_on_the_ticket(wechat: Wechat) -> None:
    ticket = wechat.write()
    text = wechat.send(ticket, "九点上门。😀")
    assert wechat.platform.sent == [(LI, "九点上门。😀")]
    entry = Interaction.objects.get(ticket=ticket, channel="wechat", direction="out")
    assert (entry.by, text.interaction, text.state) == (wechat.mei, entry, TextState.SENT)
    assert not SlaClock.objects.filter(ticket=ticket, metric="first_reply", state__in=SlaClock.LIVE).exists()


def test_platform_that_reports_nothing_is_not_asked(wechat: Wechat) -> None:
    text = wechat.send(wechat.write())
    assert text.due_at is None and text.provider_sid


def test_same_form_and_repeated_tasks_send_once(wechat: Wechat) -> None:
    ticket = wechat.write()
    text = wechat.send(ticket)
    assert wechat.send(ticket).pk == text.pk
    for _ in range(3):
        wechat.desk.do(deliver_text, text.pk)
        wechat.wait(70)
    assert len(wechat.platform.sent) == 1


def test_answers_of_one_account_share_a_token(wechat: Wechat) -> None:
    ticket = wechat.write()
    for turn in range(4):
        wechat.send(ticket, token=f"t{turn}")
    assert wechat.platform.asked_for(TOKEN_PATH) == 1
    assert WechatAccess.objects.get().opened() in wechat.platform.tokens
    assert WechatAccess.objects.get().opened() not in WechatAccess.objects.get().token_sealed


def test_token_is_asked_for_anew_before_it_ends(wechat: Wechat) -> None:
    ticket = wechat.write()
    wechat.send(ticket)
    wechat.desk.moment += timedelta(seconds=7190)
    wechat.desk.moment += timedelta(seconds=20)
    assert wechat.send(ticket, token="t2").state == TextState.SENT
    assert wechat.platform.asked_for(TOKEN_PATH) == 2 and wechat.platform.asked_for(SEND_PATH) == 2


def test_token_that_was_ended_elsewhere_is_replaced_once(wechat: Wechat) -> None:
    ticket = wechat.write()
    wechat.send(ticket)
    wechat.platform.end_tokens()
    assert wechat.send(ticket, token="t2").state == TextState.SENT
    assert wechat.platform.asked_for(SEND_PATH) == 3 and len(wechat.platform.sent) == 2


def test_platform_that_refuses_every_token_is_waited_for_and_not_stormed(wechat: Wechat) -> None:
    ticket = wechat.write()
    wechat.platform.refuse[SEND_PATH] = 40001
    text = wechat.send(ticket)
    assert (text.state, text.begun_at, wechat.platform.asked_for(SEND_PATH)) == (TextState.QUEUED, None, 2)
    wechat.platform.refuse.clear()
    wechat.wait(20)
    assert wechat.again(text).state == TextState.SENT and len(wechat.platform.sent) == 1


@pytest.mark.parametrize("code", [-1, 45009, 45011])
def test_busy_platform_is_waited_for(wechat: Wechat, code: int) -> None:
    ticket = wechat.write()
    wechat.platform.refuse[SEND_PATH] = code
    text = wechat.send(ticket)
    for _ in range(12):
        wechat.wait(100)
    assert wechat.again(text).state == TextState.QUEUED
    wechat.platform.refuse.clear()
    wechat.wait(1200)
    assert len(wechat.platform.sent) == 1 and wechat.again(text).state == TextState.SENT


def test_platform_that_stays_busy_fails_the_message_after_an_hour(wechat: Wechat) -> None:
    ticket = wechat.write()
    wechat.platform.refuse[SEND_PATH] = -1
    text = wechat.send(ticket)
    for _ in range(20):
        wechat.wait(600)
    text = wechat.again(text)
    assert (text.state, text.error_code) == (TextState.FAILED, TextFault.GAVE_UP)


def test_request_that_never_got_there_is_tried_again(wechat: Wechat) -> None:
    ticket = wechat.write()
    wechat.platform.unreachable = CarrierBusy("connection refused")
    text = wechat.send(ticket)
    wechat.platform.unreachable = None
    wechat.wait(20)
    assert wechat.again(text).state == TextState.SENT and len(wechat.platform.sent) == 1


def test_lost_answer_is_told_and_not_repeated(wechat: Wechat) -> None:
    wechat.platform.answers_lost = 1
    text = wechat.send(wechat.write())
    for _ in range(5):
        wechat.wait(100)
    text = wechat.again(text)
    assert (text.state, text.error_code) == (TextState.FAILED, TextFault.UNSURE)
    assert len(wechat.platform.sent) == 1 and text.may_go_again


def test_worker_that_died_while_sending_does_not_send_twice(wechat: Wechat) -> None:
    text = wechat.send(wechat.write())
    TextMessage.objects.filter(pk=text.pk).update(
        provider_sid="", state=TextState.QUEUED, settled_at=None, due_at=wechat.desk.moment + timedelta(seconds=60)
    )
    wechat.wait(61)
    assert wechat.again(text).error_code == TextFault.UNSURE and len(wechat.platform.sent) == 1


def test_worker_that_died_before_sending_is_made_up_for(wechat: Wechat) -> None:
    ticket = wechat.write()
    wechat.desk.dies = True
    text = wechat.send(ticket)
    assert wechat.platform.sent == []
    wechat.wait(6)
    assert len(wechat.platform.sent) == 1 and wechat.again(text).state == TextState.SENT


def test_token_that_does_not_come_holds_the_message_up_without_losing_it(wechat: Wechat) -> None:
    ticket = wechat.write()
    wechat.platform.refuse[TOKEN_PATH] = 40164
    text = wechat.send(ticket)
    assert text.state == TextState.QUEUED and "40164" in WechatAccess.objects.get().fault
    wechat.platform.refuse.clear()
    wechat.wait(20)
    assert wechat.again(text).state == TextState.SENT and WechatAccess.objects.get().fault == ""


@pytest.mark.parametrize(("code", "word"), [(45015, "48"), (45047, "five"), (43004, "follow"), (48001, "verified")])
def test_refusal_is_final_and_told_in_words(wechat: Wechat, code: int, word: str) -> None:
    ticket = wechat.write()
    wechat.platform.refuse[SEND_PATH] = code
    text = wechat.send(ticket)
    assert (text.state, text.error_code) == (TextState.FAILED, str(code)) and word in text.fault
    wechat.platform.refuse.clear()
    wechat.wait(600)
    assert wechat.platform.sent == []


def test_nothing_is_sent_when_the_48_hours_are_over(wechat: Wechat) -> None:
    ticket = wechat.write()
    wechat.desk.moment += timedelta(hours=48)
    with pytest.raises(TextNotSent) as refused:
        wechat.send(ticket)
    assert refused.value.refusal == TextRefusal.SILENT and wechat.platform.asked_for(SEND_PATH) == 0


def test_window_that_closes_while_a_message_waits_stops_it(wechat: Wechat) -> None:
    ticket = wechat.write()
    wechat.desk.moment += timedelta(hours=47, minutes=59)
    wechat.platform.refuse[SEND_PATH] = -1
    text = wechat.send(ticket)
    wechat.platform.refuse.clear()
    wechat.wait(120)
    assert wechat.again(text).error_code == TextFault.SILENT and wechat.platform.sent == []


def test_another_message_opens_the_window_again(wechat: Wechat) -> None:
    ticket = wechat.write()
    wechat.desk.moment += timedelta(hours=49)
    wechat.write("还在吗")
    assert wechat.send(ticket).state == TextState.SENT


def test_sixth_answer_waits_for_the_customer(wechat: Wechat) -> None:
    ticket = wechat.write()
    texts = [wechat.send(ticket, token=f"t{turn}") for turn in range(6)]
    assert [text.state for text in texts] == ["sent"] * 5 + ["failed"] and texts[5].error_code == "45047"
    wechat.write("收到")
    assert wechat.desk.do(send_again, texts[5], by=wechat.mei).pk
    assert len(wechat.platform.sent) == 6


def test_who_left_cannot_be_written_to(wechat: Wechat) -> None:
    ticket = wechat.write()
    wechat.desk.moment += timedelta(seconds=1)
    wechat.platform.leave(LI)
    with pytest.raises(TextNotSent) as refused:
        wechat.send(ticket)
    assert refused.value.refusal == TextRefusal.OPTED_OUT


def test_message_that_waits_is_dropped_when_the_customer_leaves(wechat: Wechat) -> None:
    ticket = wechat.write()
    wechat.platform.refuse[SEND_PATH] = -1
    text = wechat.send(ticket)
    wechat.desk.moment += timedelta(seconds=1)
    wechat.platform.leave(LI)
    assert wechat.again(text).error_code == TextFault.OPTED_OUT


@pytest.mark.parametrize(("words", "fits"), [("漏" * 682, True), ("漏" * 683, False), ("x" * 2048, True)])
def test_length_is_counted_as_the_platform_does(wechat: Wechat, words: str, fits: bool) -> None:
    ticket = wechat.write()
    if fits:
        assert wechat.send(ticket, words).state == TextState.SENT
        return
    with pytest.raises(TextNotSent) as refused:
        wechat.send(ticket, words)
    assert refused.value.refusal == TextRefusal.TOO_LONG_FOR_WECHAT


def test_retired_account_offers_no_way(wechat: Wechat) -> None:
    ticket = wechat.write()
    WechatAccount.objects.update(is_active=False)
    assert TextChannel.WECHAT not in {outlet.channel for outlet in outlets_of(ticket)}
    with pytest.raises(TextNotSent):
        wechat.send(ticket)


def test_ticket_by_telephone_of_a_follower_offers_wechat_too(wechat: Wechat) -> None:
    ticket = wechat.write()
    TextMessage.objects.update(ticket=None)
    assert [outlet.theirs for outlet in outlets_of(ticket)] == [LI]


def test_id_that_somebody_noted_by_hand_is_no_way_to_write(wechat: Wechat) -> None:
    ticket = wechat.write()
    TextMessage.objects.update(ticket=None)
    TextThread.objects.update(theirs=WU)
    assert outlets_of(ticket) == []


def test_message_of_the_agent_waits_for_what_the_customer_wrote_meanwhile(wechat: Wechat) -> None:
    ticket = wechat.write()
    seen = ticket.seq
    wechat.write("等一下")
    with pytest.raises(StaleTicket):
        wechat.desk.do(
            send_text,
            ticket,
            TextChannel.WECHAT,
            Words("好"),
            by=wechat.mei,
            token="t9",
            seen_seq=seen,
        )
    assert wechat.platform.sent == []


def test_no_answer_while_the_token_is_fetched_leaves_the_message_unsent(wechat: Wechat) -> None:
    ticket = wechat.write()
    wechat.platform.unreachable = CarrierError("no answer came back")
    text = wechat.send(ticket)
    assert (text.state, text.begun_at) == (TextState.QUEUED, None)
