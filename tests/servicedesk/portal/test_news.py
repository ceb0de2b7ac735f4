"""What customers are told: each once, in their language, where and when they want, and never what is the desk's own."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client

from crmcore import clock, live
from crmcore.actions.letters import send_due_letters
from crmcore.actions.news_choices import choice_of, choose_news, leave_token
from crmcore.models import Letter, NewsChoice, NewsKind, Notice, User
from crmcore.models.news_choice import out_of_quiet
from tests.cast import Cast
from tickets.actions.interactions import log_interaction
from tickets.actions.lifecycle import assign_ticket, resolve_ticket, set_priority, set_status
from tickets.actions.replies import add_note, customer_reply, reply
from tickets.actions.tagging import change_tags
from tickets.models import Ticket
from tickets.queries.wording import status_in

NIGHT = (time(21), time(7))


@pytest.fixture(autouse=True)
def _nothing_before(ticket: Ticket) -> Iterator[None]:
    """Every test begins with a request of which nothing was told yet."""
    Letter.objects.all().delete()
    Notice.objects.all().delete()
    yield


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


def choose(user: User, **changes: object) -> None:
    facts: dict[str, object] = {"no_mail": [], "no_page": [], "language": "", "quiet_from": None, "quiet_until": None}
    choose_news(user, **{**facts, **changes})  # type: ignore[arg-type]


def test_an_answer_is_told_on_the_page_and_by_mail(cast: Cast, ticket: Ticket) -> None:
    reply(ticket, by=cast.mei, body="We come on Monday")
    letter = Letter.objects.get()
    assert told(cast.zhao) == [NewsKind.ANSWER]
    assert letter.to == "zhao@example.com"
    assert "We come on Monday" in letter.body
    assert f"/portal/requests/{ticket.number}/" in letter.foot


def test_an_answer_and_its_solution_are_one_mail(cast: Cast, ticket: Ticket) -> None:
    reply(ticket, by=cast.mei, body="The lamp is new")
    resolve_ticket(ticket, by=cast.mei)
    letter = Letter.objects.get()
    assert "The lamp is new" in letter.body
    assert "whether it works" in letter.body
    assert told(cast.zhao) == [NewsKind.ANSWER, NewsKind.SOLVED]


def test_what_follows_a_mail_that_left_is_a_mail_of_its_own(cast: Cast, ticket: Ticket) -> None:
    reply(ticket, by=cast.mei, body="First")
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert send_due_letters() == 1
    reply(ticket, by=cast.mei, body="Second")
    assert [letter.body for letter in Letter.objects.order_by("pk")] == ["First", "Second"]


def test_our_question_is_told(cast: Cast, ticket: Ticket) -> None:
    set_status(ticket, status_in("waiting_customer"), by=cast.mei)
    assert told(cast.zhao) == [NewsKind.YOUR_TURN]


def test_who_looks_after_it_is_told_on_the_page_alone(cast: Cast, ticket: Ticket) -> None:
    assign_ticket(ticket, to=cast.mei, by=cast.sun)
    assert told(cast.zhao) == [NewsKind.PROGRESS]
    assert not Letter.objects.exists()


def test_nothing_of_the_desks_own_is_told(cast: Cast, ticket: Ticket) -> None:
    add_note(ticket, by=cast.mei, body="Customer sounds angry")
    set_priority(ticket, "urgent", by=cast.mei)
    change_tags(ticket, by=cast.mei, add=["difficult"])
    assign_ticket(ticket, to=None, queue=cast.billing_queue, by=cast.sun)
    set_status(ticket, status_in("on_hold"), by=cast.mei, reason="Boss is away")
    assert not told(cast.zhao)
    assert not Letter.objects.exists()


def test_a_subject_that_is_internal_stays_inside(cast: Cast, ticket: Ticket) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(subject="Nasty caller", is_subject_internal=True)
    reply(ticket, by=cast.mei, body="Hello")
    letter, notice = Letter.objects.get(), Notice.objects.get(user=cast.zhao)
    assert "Nasty" not in letter.subject + letter.body + letter.foot + notice.text


def test_a_reason_for_a_status_stays_inside(cast: Cast, ticket: Ticket) -> None:
    set_status(ticket, status_in("solved"), by=cast.mei, reason="Not worth our time")
    letter, notice = Letter.objects.get(), Notice.objects.get(user=cast.zhao)
    assert "worth" not in letter.subject + letter.body + notice.text


def test_customers_are_not_told_what_they_did_themselves(cast: Cast, ticket: Ticket) -> None:
    assert cast.zhao.contact is not None
    customer_reply(ticket, by_contact=cast.zhao.contact, body="One more thing")
    resolve_ticket(ticket, by=cast.zhao)
    assert not told(cast.zhao)


def test_nobody_is_told_of_the_past(cast: Cast, ticket: Ticket) -> None:
    with live.silence():
        reply(ticket, by=cast.mei, body="Long ago")
    assert not told(cast.zhao)


def test_strangers_are_told_nothing(cast: Cast, stranger: User, colleague: User, ticket: Ticket) -> None:
    reply(ticket, by=cast.mei, body="Hello")
    assert not told(stranger) + told(colleague)


def test_each_kind_can_be_switched_off_here_and_by_mail(cast: Cast, ticket: Ticket) -> None:
    choose(cast.zhao, no_mail=["answer"], no_page=["solved"])
    reply(ticket, by=cast.mei, body="Hello")
    resolve_ticket(ticket, by=cast.mei)
    assert told(cast.zhao) == [NewsKind.ANSWER]
    assert "whether it works" in Letter.objects.get().body


def test_mail_comes_in_the_language_that_was_chosen(cast: Cast, ticket: Ticket) -> None:
    choose(cast.zhao, language="zh-hans")
    resolve_ticket(ticket, by=cast.mei)
    assert "请您确认" in Letter.objects.get().subject


def test_mail_waits_for_the_end_of_the_quiet_hours(cast: Cast, ticket: Ticket) -> None:
    User.objects.filter(pk=cast.zhao.pk).update(time_zone="Asia/Shanghai")
    choose(cast.zhao, quiet_from=NIGHT[0], quiet_until=NIGHT[1])
    with clock.at(datetime(2026, 3, 2, 23, 30, tzinfo=ZoneInfo("Asia/Shanghai"))):
        reply(ticket, by=cast.mei, body="Late at night")
    assert Letter.objects.get().due_at == datetime(2026, 3, 3, 7, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert told(cast.zhao) == [NewsKind.ANSWER]


@pytest.mark.parametrize(
    ("at", "until"), [("20:59", "20:59"), ("21:00", "07:00"), ("06:59", "07:00"), ("07:00", "07:00")]
)
def test_quiet_hours_go_over_midnight(at: str, until: str) -> None:
    moment = datetime.combine(date(2026, 3, 2), time.fromisoformat(at), tzinfo=UTC)
    assert out_of_quiet(moment, *NIGHT, ZoneInfo("UTC")).strftime("%H:%M") == until


def test_a_mail_carries_the_way_out(cast: Cast, ticket: Ticket) -> None:
    reply(ticket, by=cast.mei, body="Hello")
    with clock.at(clock.now() + timedelta(minutes=1)):
        send_due_letters()
    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe"].endswith("/>")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].strip("<>") in str(mail.outbox[0].body)


def off(token: str) -> str:
    return f"/portal/news/off/{token}/"


def test_one_click_ends_one_kind_without_signing_in(cast: Cast) -> None:
    outside = Client(enforce_csrf_checks=True)
    where = off(leave_token(cast.zhao, "answer"))
    for _ in range(2):
        assert outside.post(where, {"List-Unsubscribe": "One-Click"}).status_code == 200
    choice = choice_of(cast.zhao)
    assert (choice.no_mail, choice.no_page) == (["progress", "answer"], [])


def test_opening_the_link_ends_nothing(client: Client, cast: Cast) -> None:
    assert client.get(off(leave_token(cast.zhao, "answer"))).status_code == 200
    assert not NewsChoice.objects.exists()


def test_it_can_be_switched_on_again(client: Client, cast: Cast) -> None:
    where = off(leave_token(cast.zhao, "answer"))
    client.post(where)
    client.post(where, {"on": "1"})
    assert choice_of(cast.zhao).no_mail == ["progress"]


@pytest.mark.parametrize("change", [lambda token: token[:-2] + "xx", lambda token: "x", lambda token: token[1:]])
def test_a_link_that_we_did_not_make_does_nothing(client: Client, cast: Cast, change: object) -> None:
    assert callable(change)
    assert client.post(off(change(leave_token(cast.zhao, "answer")))).status_code == 404
    assert not NewsChoice.objects.exists()


def test_choices_are_kept(zhao: Client, cast: Cast) -> None:
    form = {
        "page_answer": "on",
        "mail_answer": "on",
        "language": "zh-hans",
        "quiet_from": "21:00",
        "quiet_until": "07:00",
    }
    assert zhao.post("/portal/news/choices/", form).status_code == 302
    choice = choice_of(cast.zhao)
    assert set(choice.no_mail) == set(choice.no_page) == {"your_turn", "solved", "progress"}
    assert (choice.language, choice.quiet_from, choice.quiet_until) == ("zh-hans", time(21), time(7))


def test_quiet_hours_need_both_ends(zhao: Client) -> None:
    answer = zhao.post("/portal/news/choices/", {"quiet_from": "21:00"})
    assert answer.status_code == 422
    assert "when they end" in answer.content.decode()


def test_the_bell_counts_and_opening_reads(zhao: Client, cast: Cast, ticket: Ticket) -> None:
    reply(ticket, by=cast.mei, body="Hello")
    assert "1 unread" in zhao.get("/portal/news/bell/").content.decode()
    notice = Notice.objects.get(user=cast.zhao)
    assert zhao.get(f"/portal/news/{notice.pk}/")["Location"] == f"/portal/requests/{ticket.number}/"
    assert "unread" not in zhao.get("/portal/news/bell/").content.decode()


def test_nobody_opens_anothers_news(client: Client, stranger: User, cast: Cast, ticket: Ticket) -> None:
    reply(ticket, by=cast.mei, body="Hello")
    notice = Notice.objects.get(user=cast.zhao)
    client.force_login(stranger)
    assert client.get(f"/portal/news/{notice.pk}/").status_code == 404
    assert ticket.number not in client.get("/portal/news/").content.decode()


def test_who_has_no_account_gets_the_answer_by_mail(cast: Cast, ticket: Ticket) -> None:
    assert cast.zhao.contact is not None
    User.objects.filter(pk=cast.zhao.pk).update(is_active=False)
    cast.zhao.contact.points.create(kind="email", raw="z@example.cn", value="z@example.cn")
    reply(ticket, by=cast.mei, body="We come on Monday")
    set_status(ticket, status_in("on_hold"), by=cast.mei)
    letter = Letter.objects.get()
    assert (letter.to, letter.leave) == ("z@example.cn", "")
    assert "/portal/track/" in letter.foot


def test_an_answer_that_goes_by_mail_anyway_is_mailed_once(cast: Cast, ticket: Ticket) -> None:
    log_interaction(
        ticket=ticket,
        account=ticket.account,
        contact=ticket.contact,
        channel="email",
        direction="out",
        body="Hello",
        is_public=True,
        by=cast.mei,
    )
    assert told(cast.zhao) == [NewsKind.ANSWER]
    assert not Letter.objects.exists()


@pytest.mark.parametrize("channel", ["chat", "call"])
def test_what_was_heard_or_read_at_once_is_not_told_again(cast: Cast, ticket: Ticket, channel: str) -> None:
    log_interaction(
        ticket=ticket,
        account=ticket.account,
        contact=ticket.contact,
        channel=channel,
        direction="out",
        body="Hello",
        is_public=True,
        by=cast.mei,
    )
    assert not told(cast.zhao)
