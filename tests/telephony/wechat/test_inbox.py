"""What followers write: one message each, on the right ticket, whatever the platform repeats, delays or shuffles."""

from datetime import timedelta

import pytest

from crmcore.models import Contact, ContactPoint
from telephony.models import TextMessage, TextThread
from telephony.text_states import TextState
from tests.telephony.wechat.conftest import LI, WU, Wechat
from tickets.actions.lifecycle import resolve_ticket
from tickets.models import Interaction, SlaClock, Ticket


def test_first_message_opens_a_ticket_in_the_accounts_queue(wechat: Wechat) -> None:
    ticket = wechat.write("锅炉漏水\n请尽快来")
    assert (ticket.subject, ticket.queue, ticket.channel) == ("锅炉漏水", wechat.desk.queue, "wechat")
    entry = Interaction.objects.get(ticket=ticket, channel="wechat")
    assert (entry.direction, entry.is_public, entry.body) == ("in", True, "锅炉漏水\n请尽快来")
    assert SlaClock.objects.filter(ticket=ticket, metric="first_reply", state__in=SlaClock.LIVE).count() == 1


def test_unknown_follower_becomes_a_contact_with_the_id_as_its_point(wechat: Wechat) -> None:
    ticket = wechat.write()
    point = ContactPoint.objects.get()
    assert (point.kind, point.raw, point.contact) == ("wechat", LI, ticket.contact)
    assert ticket.contact is not None and ticket.contact.language == "en"


def test_follower_stays_one_contact(wechat: Wechat) -> None:
    wechat.write("第一")
    wechat.write("第二")
    assert (Contact.objects.count(), Ticket.objects.count(), TextMessage.objects.count()) == (1, 1, 2)


def test_ids_that_differ_by_the_size_of_a_letter_are_two_people(wechat: Wechat) -> None:
    wechat.write("甲")
    wechat.write("乙", open_id=LI.swapcase())
    assert (Contact.objects.count(), Ticket.objects.count()) == (2, 2)


def test_id_that_was_noted_on_a_customer_brings_their_messages_to_them(wechat: Wechat) -> None:
    li = Contact.objects.create(name="李伟", created_at=wechat.desk.moment)
    ContactPoint.objects.create(contact=li, kind="wechat", raw=LI, value=LI.lower())
    assert wechat.write().contact == li and Contact.objects.count() == 1


def test_id_of_several_people_is_nobodys(wechat: Wechat) -> None:
    for name in ("李伟", "李娜"):
        person = Contact.objects.create(name=name, created_at=wechat.desk.moment)
        ContactPoint.objects.create(contact=person, kind="wechat", raw=LI, value=LI.lower())
    assert wechat.write().contact is None and Contact.objects.count() == 2


@pytest.mark.parametrize("deaf_to", [1, 2, 3])
def test_message_that_was_answered_too_late_is_one_message(wechat: Wechat, deaf_to: int) -> None:
    wechat.post.deaf_to = deaf_to
    wechat.write()
    assert len(wechat.post.statuses) == min(deaf_to + 1, 3)
    assert (TextMessage.objects.count(), Interaction.objects.filter(channel="wechat").count()) == (1, 1)


def test_message_without_a_number_is_known_by_sender_and_time(wechat: Wechat) -> None:
    wechat.post.deaf_to = 2
    wechat.platform.says(LI, "text", Content="没有编号", MsgId="")
    wechat.platform.says(WU, "text", Content="没有编号", MsgId="")
    assert TextMessage.objects.count() == 2


def test_same_words_twice_are_two_messages(wechat: Wechat) -> None:
    wechat.write("在吗")
    wechat.write("在吗")
    assert TextMessage.objects.count() == 2


def test_late_and_shuffled_repetitions_change_nothing(wechat: Wechat) -> None:
    wechat.post.holds = True
    for words in ("一", "二", "三"):
        wechat.platform.write(LI, words)
        wechat.desk.moment += timedelta(seconds=2)
    wechat.post.bring([2, 0, 2, 1, 0, 1, 2])
    assert sorted(TextMessage.objects.values_list("body", flat=True)) == ["一", "三", "二"]
    assert Ticket.objects.count() == 1


def test_late_message_does_not_shorten_the_window(wechat: Wechat) -> None:
    begun = wechat.desk.moment
    wechat.post.holds = True
    wechat.platform.write(LI, "早")
    wechat.desk.moment += timedelta(seconds=60)
    wechat.platform.write(LI, "晚")
    wechat.post.bring([1, 0])
    assert TextThread.objects.get().last_in_at == begun + timedelta(seconds=60)


def test_window_counts_from_when_it_was_written(wechat: Wechat) -> None:
    begun = wechat.desk.moment
    wechat.post.holds = True
    wechat.platform.write(LI, "早")
    wechat.desk.moment += timedelta(seconds=40)
    wechat.post.bring()
    assert TextThread.objects.get().last_in_at == begun


def test_answer_reopens_a_solved_ticket(wechat: Wechat) -> None:
    ticket = wechat.desk.do(resolve_ticket, wechat.write(), by=wechat.mei)
    wechat.desk.wait(3600, tick=False)
    wechat.write("又漏了")
    ticket.refresh_from_db()
    assert ticket.is_active and Ticket.objects.count() == 1


def test_followers_have_tickets_of_their_own(wechat: Wechat) -> None:
    assert wechat.write("我的") != wechat.write("我的", open_id=WU)


def test_following_opens_no_ticket_and_makes_no_contact(wechat: Wechat) -> None:
    wechat.platform.follow(LI)
    assert wechat.post.statuses == [200]
    assert not Ticket.objects.exists() and not Contact.objects.exists()


def test_who_left_is_not_written_to_and_who_comes_back_is(wechat: Wechat) -> None:
    wechat.write()
    wechat.desk.moment += timedelta(seconds=5)
    wechat.platform.leave(LI)
    assert TextThread.objects.get().opted_out_at is not None
    wechat.desk.moment += timedelta(seconds=5)
    wechat.platform.follow(LI)
    assert TextThread.objects.get().opted_out_at is None


def test_latest_of_leaving_and_following_counts_in_whatever_order_they_come(wechat: Wechat) -> None:
    wechat.write()
    wechat.post.holds = True
    for act in (wechat.platform.leave, wechat.platform.follow):
        wechat.desk.moment += timedelta(seconds=5)
        act(LI)
    wechat.post.bring([1, 0, 0, 1, 0])
    assert TextThread.objects.get().opted_out_at is None


@pytest.mark.parametrize("event", ["CLICK", "VIEW", "LOCATION", "SCAN", "TEMPLATESENDJOBFINISH", ""])
def test_other_events_are_taken_and_mean_nothing(wechat: Wechat, event: str) -> None:
    wechat.platform.says(LI, "event", Event=event, EventKey="menu")
    assert wechat.post.statuses == [200] and not TextThread.objects.exists()


def test_place_and_link_become_words(wechat: Wechat) -> None:
    wechat.platform.says(LI, "location", Location_X="31.23", Location_Y="121.47", Scale="15", Label="人民广场")
    wechat.platform.says(LI, "link", Title="故障视频", Description="", Url="https://example.com/v")
    bodies = list(TextMessage.objects.order_by("pk").values_list("body", flat=True))
    assert bodies == ["人民广场 (31.23, 121.47)", "故障视频\nhttps://example.com/v"]


@pytest.mark.parametrize("kind", ["video", "shortvideo", "file", "something-new"])
def test_what_cannot_be_fetched_is_told_on_the_ticket(wechat: Wechat, kind: str) -> None:
    wechat.platform.says(LI, kind, MediaId="m", ThumbMediaId="t")
    text = TextMessage.objects.get()
    assert text.body.startswith("[") and text.ticket is not None


def test_received_message_is_settled(wechat: Wechat) -> None:
    wechat.write()
    assert TextMessage.objects.get().state == TextState.RECEIVED


def test_word_by_which_customers_leave_is_heard_and_answered(wechat: Wechat) -> None:
    wechat.write()
    wechat.platform.write(LI, "退订")
    assert TextThread.objects.get().opted_out_at is not None
    assert len(wechat.platform.sent) == 1 and Ticket.objects.count() == 1
