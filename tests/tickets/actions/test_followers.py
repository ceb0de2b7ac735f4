"""Who is told: followers, those who are named, those who asked to be reminded, and nobody who may not see it."""

from datetime import timedelta

from crmcore import clock
from crmcore.models import Notice, QueueMembership
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tickets.actions.followers import tell_due_reminders
from tickets.actions.lifecycle import assign_ticket, set_status
from tickets.actions.replies import add_note, customer_reply, reply
from tickets.actions.watching import follow, remind
from tickets.queries.mentions import mentioned_in, people_for
from tickets.queries.wording import status_called

MON = "2026-01-05T"


def told(kind: str) -> list[tuple[str, str]]:
    return list(Notice.objects.filter(kind=kind).order_by("pk").values_list("user__username", "text"))


def test_followers_are_told_what_others_do(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    follow(ticket, by=cast.mei, follows=True)
    follow(ticket, by=cast.sun, follows=True)
    assert cast.zhao.contact
    customer_reply(ticket, by_contact=cast.zhao.contact, body="Hello?")
    reply(ticket, by=cast.mei, body="Yes")
    set_status(ticket, status_called("on_hold"), by=cast.sun)
    assert told("watched") == [
        ("mei", f"{ticket.number}: 赵敏 wrote on the portal"),
        ("sun", f"{ticket.number}: 赵敏 wrote on the portal"),
        ("sun", f"{ticket.number}: Mei replied on the portal"),
        ("sun", f"{ticket.number}: Mei moved this to In progress"),
        ("mei", f"{ticket.number}: Sun moved this to On hold"),
    ]


def test_each_is_told_in_their_own_language(open_at: OpenTicket, cast: Cast) -> None:
    cast.mei.language = "zh-hans"
    cast.mei.save()
    ticket = open_at(MON + "09:00")
    follow(ticket, by=cast.mei, follows=True)
    set_status(ticket, status_called("on_hold"), by=cast.sun)
    assert "挂起" in told("watched")[0][1]


def test_who_no_longer_sees_the_ticket_is_told_nothing(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    follow(ticket, by=cast.mei, follows=True)
    assign_ticket(ticket, to=None, queue=cast.billing_queue, by=cast.ada)
    Notice.objects.all().delete()
    reply(ticket, by=cast.omar, body="Ours now")
    assert told("watched") == []


def test_whoever_is_named_in_a_note_is_told_once(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    add_note(ticket, by=cast.mei, body="@Sun please look, @Sun. @Mei @Omar @Nobody sun@Sunrise.com")
    assert told("mention") == [
        ("sun", f"Mei mentioned you on {ticket.number}: @Sun please look, @Sun. @Mei @Omar @Nobody sun@Sunrise.com")
    ]


def test_a_reply_to_the_customer_mentions_nobody(open_at: OpenTicket, cast: Cast) -> None:
    reply(open_at(MON + "09:00"), by=cast.mei, body="@Sun will call you")
    assert told("mention") == []


def test_the_longest_name_that_stands_there_is_meant(cast: Cast) -> None:
    cast.omar.name, cast.sun.name = "李娜", "李娜娜"
    cast.omar.save()
    cast.sun.save()
    assert mentioned_in("请@李娜娜看一下") == [cast.sun]
    assert mentioned_in("请＠李娜看一下，@Mei2 不是") == [cast.omar]


def test_colleagues_are_found_by_pinyin(cast: Cast) -> None:
    cast.omar.name = "李娜"
    cast.omar.save()
    assert people_for("lina", cast.mei) == people_for("ln", cast.mei) == people_for("李", cast.mei) == [cast.omar]
    assert people_for("su", cast.mei) == [cast.sun]
    assert cast.mei not in people_for("", cast.mei)


def test_a_reminder_comes_when_it_is_due_and_once(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "10:00")):
        remind(ticket, at(MON + "11:00"), by=cast.mei, words="Part arrived?")
        assert tell_due_reminders() == 0
    with clock.at(at(MON + "11:00") + timedelta(seconds=1)):
        assert tell_due_reminders() == 1
        assert tell_due_reminders() == 0
    assert told("reminder") == [("mei", f"{ticket.number}: Part arrived?")]


def test_a_reminder_of_what_one_no_longer_sees_says_nothing(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    remind(ticket, at(MON + "10:00"), by=cast.mei, words="Secret")
    QueueMembership.objects.filter(user=cast.mei).delete()
    cast.mei.teams.clear()
    with clock.at(at(MON + "10:01")):
        assert tell_due_reminders() == 1
    assert told("reminder") == []
