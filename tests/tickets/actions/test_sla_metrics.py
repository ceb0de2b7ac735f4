"""Every clock of the table: what starts it, what stops it, what pauses it, and whether it comes again."""

import pytest

from crmcore import clock
from crmcore.models import Queue
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tickets.actions import sla
from tickets.actions.alerts import process_due
from tickets.actions.changing import changing
from tickets.actions.interactions import log_interaction
from tickets.actions.lifecycle import assign_ticket, reopen_ticket, resolve_ticket, set_priority, set_status
from tickets.actions.replies import customer_reply, reply
from tickets.models import SlaClock, SlaPolicy, SlaPolicyVersion, SlaTarget, Ticket
from tickets.queries.wording import status_called

MON, TUE, WED = "2026-01-05T", "2026-01-06T", "2026-01-07T"
HOUR = 3600


@pytest.fixture(autouse=True)
def every_metric(cast: Cast) -> SlaPolicyVersion:
    """Two hours for each clock that the shipped targets of this desk leave out."""
    version = SlaPolicyVersion.objects.get()
    for metric in ("periodic_update", "requester_wait", "agent_work", "ownership", "stage"):
        SlaTarget.objects.create(version=version, metric=metric, seconds=2 * HOUR)
    return version


def the_clock(ticket: Ticket, metric: str, instance: int = 1) -> SlaClock:
    return SlaClock.objects.get(ticket=ticket, metric=metric, instance=instance)


def deed(moment: str, what: object, *args: object, **kwargs: object) -> object:
    with clock.at(at(moment)):
        return what(*args, **kwargs)  # type: ignore[operator]


def wait(ticket: Ticket, moment: str, code: str, cast: Cast) -> None:
    deed(moment, set_status, ticket, status_called(code), by=cast.mei)


def test_waiting_for_the_customer_pauses_their_wait_and_our_work(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    wait(ticket, MON + "10:00", "waiting", cast)
    assert the_clock(ticket, "requester_wait").state == the_clock(ticket, "agent_work").state == "paused"
    wait(ticket, TUE + "10:00", "open", cast)
    assert the_clock(ticket, "requester_wait").due_at == at(TUE + "11:00")


def test_on_hold_pauses_our_work_and_not_the_customer_who_waits(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    wait(ticket, MON + "10:00", "on_hold", cast)
    assert the_clock(ticket, "agent_work").state == "paused"
    assert the_clock(ticket, "requester_wait").due_at == at(MON + "11:00")


def test_nobody_waits_before_the_first_contact(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00", by=cast.mei, channel="call")
    assert not ticket.clocks.filter(metric__in=["requester_wait", "agent_work"]).exists()
    deed(MON + "10:00", customer_reply, ticket, by_contact=cast.zhao.contact, body="Hello?")
    assert the_clock(ticket, "requester_wait").started_at == at(MON + "10:00")


def test_reopening_resumes_wait_and_work_and_leaves_out_the_time_solved(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    deed(MON + "10:00", resolve_ticket, ticket, by=cast.mei)
    deed(TUE + "10:00", reopen_ticket, ticket, by=cast.mei)
    for metric in ("requester_wait", "agent_work"):
        assert the_clock(ticket, metric).due_at == at(TUE + "11:00")
        assert not ticket.clocks.filter(metric=metric, instance=2).exists()


def test_an_update_is_owed_after_each_reply_until_the_next(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    deed(MON + "10:00", reply, ticket, by=cast.mei, body="We look into it.")
    assert the_clock(ticket, "periodic_update").due_at == at(MON + "12:00")
    deed(MON + "11:30", reply, ticket, by=cast.mei, body="Still looking.")
    first, second = the_clock(ticket, "periodic_update"), the_clock(ticket, "periodic_update", 2)
    assert (first.state, second.due_at) == ("met", at(MON + "13:30"))


def test_an_update_in_a_rhythm_is_not_moved_by_a_late_or_an_early_reply(
    open_at: OpenTicket, cast: Cast, every_metric: SlaPolicyVersion
) -> None:
    SlaPolicyVersion.objects.update(update_rhythm="grid")
    ticket = open_at(MON + "09:00")
    dues = []
    for place, moment in enumerate(("09:00", "10:00", "13:30", "14:00"), 1):
        deed(MON + moment, reply, ticket, by=cast.mei, body="News.")
        dues.append(the_clock(ticket, "periodic_update", place).due_at)
    assert dues == [at(MON + "11:00"), at(MON + "13:00"), at(MON + "15:00"), at(MON + "17:00")]


def test_an_update_that_may_pause_waits_for_the_customer(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    deed(MON + "10:00", reply, ticket, by=cast.mei, body="Which model?")
    wait(ticket, MON + "10:00", "waiting", cast)
    assert the_clock(ticket, "periodic_update").state == "paused"


def test_an_update_that_may_not_pause_runs_on(open_at: OpenTicket, cast: Cast) -> None:
    SlaPolicyVersion.objects.update(updates_pause=False)
    ticket = open_at(MON + "09:00")
    deed(MON + "10:00", reply, ticket, by=cast.mei, body="Which model?")
    wait(ticket, MON + "10:00", "waiting", cast)
    assert the_clock(ticket, "periodic_update").state == "running"


def test_each_queue_answers_for_its_own_time(open_at: OpenTicket, cast: Cast) -> None:
    Queue.objects.update(calendar=cast.support_queue.calendar)
    cast.billing_queue.refresh_from_db()
    ticket = open_at(MON + "09:00")
    deed(MON + "12:00", assign_ticket, ticket, to=None, queue=cast.billing_queue, by=cast.mei)
    first, second = the_clock(ticket, "ownership"), the_clock(ticket, "ownership", 2)
    assert (first.state, second.state, second.due_at) == ("missed", "running", at(MON + "14:00"))


def test_a_change_of_person_is_no_change_of_queue(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    deed(MON + "10:00", assign_ticket, ticket, to=cast.mei, by=cast.mei)
    assert ticket.clocks.filter(metric="ownership").count() == 1


def test_a_stage_has_its_own_limit_and_name(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "09:00")), changing(ticket) as locked:
        sla.stage_entered(locked, at(MON + "09:00"), target_s=HOUR, about=["Site visit", "现场勘察"])
    with clock.at(at(MON + "09:30")), changing(ticket) as locked:
        sla.stage_entered(locked, at(MON + "09:30"), about=["Handling", "处理"])
    first, second = the_clock(ticket, "stage"), the_clock(ticket, "stage", 2)
    assert (first.state, first.due_at, first.label) == ("met", at(MON + "10:00"), "Site visit")
    assert (second.state, second.due_at) == ("running", at(MON + "11:30"))


def test_a_stage_without_a_policy_keeps_its_own_limit(open_at: OpenTicket, cast: Cast) -> None:
    SlaPolicy.objects.update(is_active=False)
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "16:00")), changing(ticket) as locked:
        sla.stage_entered(locked, at(MON + "16:00"), target_s=2 * HOUR)
    deed(MON + "16:30", set_priority, ticket, "urgent", by=cast.mei)
    assert the_clock(ticket, "stage").due_at == at(TUE + "10:00")


def test_a_stage_outlives_the_solution_and_not_the_closing(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "09:00")), changing(ticket) as locked:
        sla.stage_entered(locked, at(MON + "09:00"), target_s=HOUR)
    deed(MON + "09:10", resolve_ticket, ticket, by=cast.mei)
    assert the_clock(ticket, "stage").state == "running"
    wait(ticket, MON + "09:20", "closed", cast)
    assert the_clock(ticket, "stage").state == "cancelled"


def promise(ticket: Ticket, made: str, due: str) -> None:
    with clock.at(at(made)), changing(ticket) as locked:
        sla.promised(locked, at(made), at(due))


def test_a_promise_is_due_at_its_moment_whatever_the_hours_and_pauses(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    promise(ticket, MON + "10:00", MON + "20:00")
    wait(ticket, MON + "10:30", "waiting", cast)
    assert the_clock(ticket, "promise").due_at == at(MON + "20:00")
    deed(MON + "20:00:01", process_due)
    assert the_clock(ticket, "promise").state == "breached"


def test_a_call_that_nobody_answers_keeps_the_promise_to_call(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    promise(ticket, MON + "10:00", MON + "12:00")
    facts = {"account": cast.account, "contact": cast.zhao.contact, "channel": "call", "direction": "out"}
    deed(MON + "11:00", log_interaction, ticket=ticket, body="", is_public=False, by=cast.mei, **facts)
    assert the_clock(ticket, "promise").state == "met"
    assert the_clock(ticket, "first_reply").state == "running"


def test_two_promises_run_beside_each_other_and_a_reply_keeps_both(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    promise(ticket, MON + "10:00", MON + "12:00")
    promise(ticket, MON + "10:00", MON + "11:00")
    deed(MON + "11:30", reply, ticket, by=cast.mei, body="Here is what we found.")
    assert list(ticket.clocks.filter(metric="promise").values_list("state", flat=True)) == ["met", "missed"]


def test_without_a_policy_every_clock_is_measured(open_at: OpenTicket, cast: Cast) -> None:
    SlaPolicy.objects.update(is_active=False)
    ticket = open_at(MON + "09:00")
    deed(MON + "10:00", reply, ticket, by=cast.mei, body="Which model?")
    wait(ticket, MON + "10:30", "waiting", cast)
    metrics = dict(ticket.clocks.values_list("metric", "due_at"))
    assert set(metrics) == {"first_reply", "periodic_update", "requester_wait", "agent_work", "resolution", "ownership"}
    assert set(metrics.values()) == {None}
    standing = the_clock(ticket, "agent_work").segments.values_list("category", flat=True)
    assert list(standing) == ["new", "open", "waiting_customer"]


def test_a_policy_applied_late_measures_from_the_beginning(open_at: OpenTicket, cast: Cast) -> None:
    SlaPolicy.objects.update(is_active=False)
    ticket = open_at(MON + "09:00")
    SlaPolicy.objects.update(is_active=True)
    deed(MON + "10:00", set_priority, ticket, "high", by=cast.mei)
    assert the_clock(ticket, "requester_wait").due_at == at(MON + "11:00")


def test_one_event_costs_a_bounded_number_of_statements(
    open_at: OpenTicket, cast: Cast, django_assert_max_num_queries: object
) -> None:
    ticket = open_at(MON + "09:00")
    for hour in range(10, 16):
        deed(f"{MON}{hour}:00", reply, ticket, by=cast.mei, body="News.")
        deed(f"{MON}{hour}:30", customer_reply, ticket, by_contact=cast.zhao.contact, body="And?")
    with clock.at(at(MON + "16:00")), django_assert_max_num_queries(40):  # type: ignore[operator]
        set_status(ticket, status_called("waiting"), by=cast.mei)
