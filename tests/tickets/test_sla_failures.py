"""What service desks get wrong, class by class: each has a test that would catch it here.

Classes that other tests show by name are listed in docs/sla.md.
"""

from datetime import timedelta

import pytest

from crmcore import clock
from crmcore.actions.calendars import Hours
from crmcore.models import Queue
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tickets.actions.alerts import process_due
from tickets.actions.calendar_change import change_hours
from tickets.actions.interactions import log_interaction
from tickets.actions.lifecycle import assign_ticket, resolve_ticket, set_status
from tickets.actions.merging import merge_tickets
from tickets.actions.replies import add_note, customer_reply, reply, waive_reply
from tickets.models import SlaClock, SlaPolicy, SlaPolicyVersion, SlaTarget, Ticket
from tickets.queries.wording import status_called

MON, TUE, WED = "2026-01-05T", "2026-01-06T", "2026-01-07T"
HOUR = 3600


def the_clock(ticket: Ticket, metric: str) -> SlaClock:
    return SlaClock.objects.filter(ticket=ticket, metric=metric).latest("instance")


def to_status(ticket: Ticket, moment: str, code: str, cast: Cast) -> None:
    with clock.at(at(moment)):
        set_status(ticket, status_called(code), by=cast.mei)


def test_class_1_a_pause_over_the_weekend_adds_no_hour_that_the_calendar_does_not_have(
    open_at: OpenTicket, cast: Cast
) -> None:
    ticket = open_at("2026-01-09T16:00")
    to_status(ticket, "2026-01-09T16:30", "waiting", cast)
    to_status(ticket, "2026-01-12T09:30", "open", cast)
    assert the_clock(ticket, "resolution").due_at == at("2026-01-12T17:00")


def test_class_2_a_pause_counts_by_the_second_however_often_the_tick_runs(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    to_status(ticket, MON + "10:00:07", "waiting", cast)
    for minute in range(1, 4):
        with clock.at(at(MON + f"10:0{minute}")):
            process_due()
    to_status(ticket, MON + "10:03:10", "open", cast)
    assert the_clock(ticket, "resolution").due_at == at(TUE + "09:03:03")


def test_class_4_no_clock_survives_spam_and_merging(open_at: OpenTicket, cast: Cast) -> None:
    spam, source, target = open_at(MON + "09:00"), open_at(MON + "09:00"), open_at(MON + "09:00")
    to_status(spam, MON + "09:10", "void", cast)
    with clock.at(at(MON + "09:10")):
        merge_tickets(source, target, by=cast.mei)
    for ticket in (spam, source):
        assert set(ticket.clocks.values_list("state", flat=True)) == {"cancelled"}
        ticket.refresh_from_db()
        assert (ticket.sla_state, ticket.sla_due_at) == ("", None)


def test_class_5_the_first_reply_is_due_before_any_update(open_at: OpenTicket, cast: Cast) -> None:
    SlaTarget.objects.create(version=SlaPolicyVersion.objects.get(), metric="periodic_update", seconds=HOUR)
    ticket = open_at(MON + "09:00")
    assert not ticket.clocks.filter(metric="periodic_update").exists()
    assert ticket.sla_metric == "first_reply"


def test_class_6_a_policy_without_the_metric_takes_its_target_away(open_at: OpenTicket, cast: Cast) -> None:
    old = SlaPolicyVersion.objects.get()
    billing = SlaPolicy.objects.create(code="billing", name="Billing", position=0)
    SlaPolicy.objects.exclude(pk=billing.pk).update(position=1)
    SlaPolicyVersion.objects.create(
        policy=billing,
        number=1,
        calendar=old.calendar,
        conditions={"all": [["queue", "is", [cast.billing_queue.pk]]]},
        published_at=at("2020-01-01T00:00"),
    )
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "10:00")):
        assign_ticket(ticket, to=None, queue=cast.billing_queue, by=cast.mei)
    first = the_clock(ticket, "first_reply")
    assert (first.target_s, first.due_at, first.state) == (None, None, "running")
    ticket.refresh_from_db()
    assert ticket.sla_state == ""


@pytest.mark.parametrize("channel", ["portal", "email", "sms", "whatsapp", "call"])
def test_class_7_whatever_way_the_customer_comes_they_are_owed_an_answer(
    open_at: OpenTicket, cast: Cast, channel: str
) -> None:
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "09:30")):
        reply(ticket, by=cast.mei, body="Which model?")
    facts = {"account": cast.account, "contact": cast.zhao.contact, "channel": channel, "direction": "in", "by": None}
    with clock.at(at(MON + "10:00")):
        log_interaction(ticket=ticket, body="CX-200", is_public=True, **facts)
    assert the_clock(ticket, "next_reply").due_at == at(MON + "14:00")


def test_class_8_what_was_answered_does_not_escalate(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "12:59:59")):
        reply(ticket, by=cast.mei, body="Here you are.")
    with clock.at(at(MON + "14:00")):
        process_due()
    assert not the_clock(ticket, "first_reply").events.filter(kind__in=["breach", "step"], step__gt=1).exists()


def test_class_11_a_breach_carries_its_own_moment_and_not_that_of_the_scan(open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    with clock.at(at(WED + "11:00")):
        process_due()
    breach = the_clock(ticket, "first_reply").events.get(kind="breach")
    assert (breach.occurred_at, breach.processed_at) == (at(MON + "13:00"), at(WED + "11:00"))


def test_class_13_a_changed_calendar_is_a_version_and_running_clocks_follow_it(
    open_at: OpenTicket, cast: Cast, django_capture_on_commit_callbacks: object
) -> None:
    ticket = open_at(MON + "09:00")
    calendar = cast.support_queue.calendar
    closed = Hours("Asia/Shanghai", calendar.versions.get().weekly, [{"date": "2026-01-05", "kind": "closed"}])
    with clock.at(at(MON + "10:00")), django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        change_hours(calendar, closed, seen=1, by=cast.ada)
    resolution = the_clock(ticket, "resolution")
    assert (resolution.calendar_version.number, resolution.due_at) == (2, at(TUE + "17:00"))
    assert resolution.events.filter(kind="target").count() == 2


def test_class_15_the_past_is_measured_with_the_offset_of_its_own_day(open_at: OpenTicket, cast: Cast) -> None:
    Queue.objects.filter(pk=cast.support_queue.pk).update(calendar=None)
    version = SlaPolicyVersion.objects.get()
    newest = version.calendar.versions.get()
    newest.time_zone, newest.weekly = "America/New_York", {"sun": [["01:00", "03:00"]]}
    newest.save()
    cast.support_queue.refresh_from_db()
    ticket = open_at("2026-03-08T08:00", queue=Queue.objects.get(pk=cast.support_queue.pk))
    with clock.at(at("2026-11-02T00:00")):
        resolve_ticket(ticket, by=cast.mei)
    # Thirty-five Sundays: one of an hour in March, one of three in November, the others of two.
    assert the_clock(ticket, "resolution").consumed_s == (1 + 33 * 2 + 3) * HOUR


def test_class_16_thanks_after_the_answer_are_dismissed_with_one_key(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "09:30")):
        reply(ticket, by=cast.mei, body="Done.")
    with clock.at(at(MON + "09:40")):
        customer_reply(ticket, by_contact=cast.zhao.contact, body="谢谢")
        waive_reply(ticket, by=cast.mei)
    thanks = the_clock(ticket, "next_reply")
    assert (thanks.state, thanks.events.get(kind="cancelled").detail) == ("cancelled", {"reason": "waived"})


def test_class_18_seconds_are_kept(open_at: OpenTicket, cast: Cast) -> None:
    SlaTarget.objects.filter(metric="first_reply").update(seconds=100)
    ticket = open_at(MON + "09:00:20")
    assert the_clock(ticket, "first_reply").due_at == at(MON + "09:02")


def test_class_19_parking_a_ticket_stops_no_reply_clock(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    to_status(ticket, MON + "09:05", "waiting", cast)
    assert the_clock(ticket, "first_reply").due_at == at(MON + "13:00")
    assert the_clock(ticket, "first_reply").state == "running"


def test_an_internal_note_and_an_automatic_entry_start_and_stop_nothing(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    facts = {"account": cast.account, "contact": cast.zhao.contact, "channel": "email", "direction": "out", "by": None}
    with clock.at(at(MON + "09:30")):
        add_note(ticket, by=cast.mei, body="E3 is the drain pump.")
        log_interaction(ticket=ticket, body="We got your mail.", is_public=True, **facts)
    assert the_clock(ticket, "first_reply").state == "running"
    assert not ticket.clocks.filter(metric="periodic_update").exists()


def test_a_contact_after_closing_time_is_due_from_the_next_opening(open_at: OpenTicket) -> None:
    ticket = open_at(MON + "22:00")
    assert the_clock(ticket, "first_reply").due_at == at(TUE + "13:00")
    assert the_clock(ticket, "first_reply").due_at - at(TUE + "09:00") == timedelta(hours=4)
