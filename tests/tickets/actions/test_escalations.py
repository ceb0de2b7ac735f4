"""Ladders: who is told and what is done before and after a due moment, once, in open hours, quietly after downtime."""

from typing import Any

import pytest

from crmcore import clock
from crmcore.actions.people import create_team
from crmcore.models import Notice, NoticeKind, Queue, Team, User
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tickets.actions.alerts import process_due
from tickets.actions.lifecycle import assign_ticket, set_priority
from tickets.actions.replies import reply
from tickets.models import SlaEvent, SlaPolicyVersion, Ticket
from tickets.sla_ladder import Act, Step, When

MON, TUE = "2026-01-05T", "2026-01-06T"
HOUR = 3600


@pytest.fixture
def ladder(cast: Cast) -> Any:
    """Replace the steps of the desk's policy."""

    def set_(*steps: Step, **columns: object) -> None:
        SlaPolicyVersion.objects.update(steps=[step.stored() for step in steps], **columns)

    return set_


def tick(*moments: str) -> None:
    for moment in moments:
        with clock.at(at(moment)):
            process_due()


def told() -> list[tuple[str, str]]:
    """Whom of the desk the ladder told; that a ticket is somebody's is told anyway."""
    by_ladder = Notice.objects.filter(user__kind=User.Kind.STAFF).exclude(kind=NoticeKind.ASSIGNED)
    return list(by_ladder.order_by("pk").values_list("user__username", "kind"))


def reply_step(when: When, act: Act, amount: int = 0, **facts: Any) -> Step:
    return Step(when, act, amount, metric="first_reply", **facts)


def test_the_owner_is_told_before_and_the_leader_after_it_is_late(open_at: OpenTicket, ladder: Any, cast: Cast) -> None:
    ladder(reply_step(When.PERCENT, Act.NOTIFY_OWNER, 50), reply_step(When.DUE, Act.NOTIFY_LEADER))
    ticket = open_at(MON + "09:00", assignee=cast.mei)
    tick(MON + "10:59", MON + "11:00", MON + "11:00", MON + "13:00:01", MON + "13:00:02")
    assert told() == [("mei", "due_soon"), ("sun", "overdue")]
    assert Notice.objects.first().url == ticket.get_absolute_url()


def test_while_nobody_owns_it_the_leader_is_told(open_at: OpenTicket, ladder: Any) -> None:
    ladder(reply_step(When.PERCENT, Act.NOTIFY_OWNER, 50))
    open_at(MON + "09:00")
    tick(MON + "11:00")
    assert told() == [("sun", "due_soon")]


def test_several_warnings_in_per_cent_and_hours_come_each_at_its_moment(open_at: OpenTicket, ladder: Any) -> None:
    ladder(
        reply_step(When.BEFORE, Act.SHOW, HOUR),
        reply_step(When.PERCENT, Act.SHOW, 25),
        reply_step(When.BEFORE, Act.SHOW, 9 * HOUR),
    )
    ticket = open_at(MON + "09:00")
    tick(MON + "10:00", MON + "12:00")
    warned = ticket.clocks.get(metric="first_reply").events.filter(kind="warn").values_list("step", "occurred_at")
    assert list(warned) == [(2, at(MON + "10:00")), (1, at(MON + "12:00"))]


def test_the_priority_rises_and_the_clocks_get_its_targets(open_at: OpenTicket, ladder: Any) -> None:
    ladder(reply_step(When.PERCENT, Act.RAISE, 50))
    ticket = open_at(MON + "09:00", priority="high")
    tick(MON + "11:00")
    ticket.refresh_from_db()
    assert ticket.priority == "urgent"
    assert ticket.clocks.get(metric="first_reply").target_s == HOUR
    assert ticket.interactions.filter(event="escalated").count() == 1


def test_what_only_a_change_made_late_is_put_on_record_and_not_acted_on(
    open_at: OpenTicket, ladder: Any, cast: Cast
) -> None:
    ladder(reply_step(When.DUE, Act.NOTIFY_LEADER))
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "11:00")):
        set_priority(ticket, "urgent", by=cast.mei)
    tick(MON + "11:00", MON + "16:00")
    assert told() == []
    assert ticket.clocks.get(metric="first_reply").events.get(kind="step").detail == {"retroactive": True}


def test_a_policy_may_ask_to_act_on_that_too(open_at: OpenTicket, ladder: Any, cast: Cast) -> None:
    ladder(reply_step(When.DUE, Act.NOTIFY_LEADER), acts_when_late=True)
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "10:05")):
        set_priority(ticket, "urgent", by=cast.mei)
    tick(MON + "10:06")
    assert told() == [("sun", "overdue")]


def test_a_clock_that_was_late_before_keeps_its_steps_through_a_change(
    open_at: OpenTicket, ladder: Any, cast: Cast
) -> None:
    ladder(reply_step(When.AFTER, Act.NOTIFY_LEADER, HOUR))
    ticket = open_at(MON + "09:00", priority="urgent")
    tick(MON + "10:00:01")
    with clock.at(at(MON + "10:30")):
        set_priority(ticket, "normal", by=cast.mei)
        set_priority(ticket, "urgent", by=cast.mei)
    tick(MON + "11:00:01")
    assert ticket.clocks.get(metric="first_reply").events.filter(kind="step").exists()


def test_a_person_gets_the_ticket(open_at: OpenTicket, ladder: Any, cast: Cast) -> None:
    ladder(reply_step(When.DUE, Act.ASSIGN, who=cast.omar.pk))
    ticket = open_at(MON + "09:00")
    tick(MON + "13:00:01")
    ticket.refresh_from_db()
    assert ticket.assignee == cast.omar


def test_a_queue_gets_the_ticket_and_answers_for_its_own_time(open_at: OpenTicket, ladder: Any, cast: Cast) -> None:
    ladder(reply_step(When.DUE, Act.MOVE, who=cast.billing_queue.pk))
    ticket = open_at(MON + "09:00", assignee=cast.mei)
    tick(MON + "13:00:01")
    ticket.refresh_from_db()
    assert (ticket.queue, ticket.assignee) == (cast.billing_queue, None)
    assert ticket.clocks.filter(metric="ownership").count() == 2


def test_it_climbs_to_the_nearest_team_above_with_a_queue(open_at: OpenTicket, ladder: Any, cast: Cast) -> None:
    group, company = create_team("group", "Group"), create_team("company", "Company")
    Team.objects.filter(pk=company.pk).update(parent=group)
    Team.objects.filter(pk=cast.support.pk).update(parent=company)
    above = Queue.objects.create(code="group", name="Group complaints", team=group)
    ladder(reply_step(When.DUE, Act.CLIMB))
    ticket = open_at(MON + "09:00")
    tick(MON + "13:00:01")
    ticket.refresh_from_db()
    assert ticket.queue == above


@pytest.mark.parametrize("act", [Act.NOTIFY_PERSON, Act.ASSIGN, Act.MOVE, Act.CLIMB])
def test_a_step_whose_person_or_queue_is_gone_harms_nothing(open_at: OpenTicket, ladder: Any, act: Act) -> None:
    ladder(reply_step(When.DUE, act, who=987654))
    ticket = open_at(MON + "09:00")
    tick(MON + "13:00:01")
    assert ticket.clocks.get(metric="first_reply").events.filter(kind="step").count() == 1


def test_class_12_nobody_is_disturbed_outside_open_hours(open_at: OpenTicket, ladder: Any) -> None:
    ladder(reply_step(When.DUE, Act.NOTIFY_LEADER))
    open_at(MON + "13:00")
    tick(MON + "17:00:01", MON + "23:00", TUE + "08:59:59")
    assert told() == []
    tick(TUE + "09:00")
    assert told() == [("sun", "overdue")]


def test_a_step_at_any_hour_does_not_wait(open_at: OpenTicket, ladder: Any) -> None:
    ladder(reply_step(When.AFTER, Act.NOTIFY_LEADER, 2 * HOUR, at_any_hour=True))
    open_at(MON + "13:00")
    tick(MON + "19:00:01")
    assert told() == [("sun", "overdue")]


def test_what_is_answered_before_the_opening_disturbs_nobody(open_at: OpenTicket, ladder: Any, cast: Cast) -> None:
    ladder(reply_step(When.DUE, Act.NOTIFY_LEADER))
    ticket = open_at(MON + "13:00")
    tick(MON + "17:00:01")
    with clock.at(at(TUE + "08:30")):
        reply(ticket, by=cast.mei, body="Sorry for the wait.")
    tick(TUE + "09:00")
    assert told() == []


def test_after_a_down_time_people_read_one_line_and_not_one_for_each_clock(
    open_at: OpenTicket, ladder: Any, cast: Cast
) -> None:
    ladder(reply_step(When.PERCENT, Act.NOTIFY_OWNER, 50), reply_step(When.DUE, Act.NOTIFY_LEADER))
    for _ in range(4):
        open_at(MON + "09:00", assignee=cast.mei)
    tick(MON + "15:00")
    assert sorted(told()) == [("mei", "digest"), ("sun", "digest")]
    assert SlaEvent.objects.filter(kind="step").count() == 8


def test_acts_are_caught_up_with_after_a_down_time(open_at: OpenTicket, ladder: Any) -> None:
    ladder(reply_step(When.DUE, Act.RAISE))
    ticket = open_at(MON + "09:00")
    tick(TUE + "15:00")
    ticket.refresh_from_db()
    assert ticket.priority == "high"


def test_a_change_of_person_tells_the_new_owner(open_at: OpenTicket, ladder: Any, cast: Cast) -> None:
    ladder(reply_step(When.PERCENT, Act.NOTIFY_OWNER, 50))
    ticket = open_at(MON + "09:00", assignee=cast.mei)
    with clock.at(at(MON + "10:00")):
        assign_ticket(Ticket.objects.get(pk=ticket.pk), to=cast.omar, by=cast.mei)
    tick(MON + "11:00")
    assert told() == [("omar", "due_soon")]
