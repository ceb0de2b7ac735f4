"""SLA clocks as tickets really move them: the golden vectors through the actions, and the failure classes."""

from datetime import UTC, timedelta

from crmcore import clock
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tickets.actions.alerts import process_due
from tickets.actions.interactions import log_interaction
from tickets.actions.lifecycle import assign_ticket, reopen_ticket, resolve_ticket, set_priority, set_status
from tickets.actions.replies import add_note, customer_reply, reply
from tickets.models import SlaClock, SlaPolicy, SlaTarget, Ticket
from tickets.queries.wording import status_called

MON = "2026-01-05T"
TUE = "2026-01-06T"
WED = "2026-01-07T"


def the_clock(ticket: Ticket, metric: str, instance: int = 1) -> SlaClock:
    return SlaClock.objects.get(ticket=ticket, metric=metric, instance=instance)


def test_what_a_customer_opens_owes_a_first_reply_and_a_solution(open_at: OpenTicket) -> None:
    ticket = open_at(MON + "10:00")
    assert the_clock(ticket, "first_reply").due_at == at(MON + "14:00")
    assert the_clock(ticket, "resolution").due_at == at(TUE + "10:00")
    assert (ticket.sla_metric, ticket.sla_due_at) == ("first_reply", at(MON + "14:00"))


def test_what_an_agent_opens_without_contact_owes_no_reply(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "10:00", by=cast.mei, channel="call")
    assert set(ticket.clocks.values_list("metric", flat=True)) == {"resolution", "ownership"}


def test_a_reply_meets_the_first_reply(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "10:00")
    with clock.at(at(MON + "10:14")):
        reply(ticket, by=cast.mei, body="On it.")
    first = the_clock(ticket, "first_reply")
    assert (first.state, first.consumed_s) == ("met", 14 * 60)


def test_an_internal_note_stops_no_clock(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "10:00")
    with clock.at(at(MON + "10:14")):
        add_note(ticket, by=cast.mei, body="E3 is the drain pump.")
    assert the_clock(ticket, "first_reply").state == "running"


def test_a_reply_after_due_misses_and_leaves_a_breach(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "10:00")
    with clock.at(at(MON + "14:00:01")):
        reply(ticket, by=cast.mei, body="Sorry for the wait.")
    first = the_clock(ticket, "first_reply")
    assert first.state == "missed"
    assert first.events.get(kind="breach").occurred_at == at(MON + "14:00")


def test_vector_9_a_pause_of_a_day_moves_the_solution_by_a_working_day(open_at: OpenTicket, cast: Cast) -> None:
    SlaTarget.objects.filter(metric="resolution").update(seconds=4 * 3600)
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "10:00")):
        set_status(ticket, status_called("waiting"), by=cast.mei)
    paused = the_clock(ticket, "resolution")
    assert (paused.state, paused.due_at, paused.next_event_at) == ("paused", None, None)
    with clock.at(at(TUE + "10:00")):
        set_status(ticket, status_called("open"), by=cast.mei)
    assert the_clock(ticket, "resolution").due_at == at(TUE + "13:00")


def test_vector_10_a_higher_priority_is_late_retroactively(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "12:00")):
        set_priority(ticket, "urgent", by=cast.mei)
    resolution = the_clock(ticket, "resolution")
    assert (resolution.state, resolution.due_at) == ("breached", at(MON + "11:00"))
    assert resolution.events.get(kind="breach").detail == {"retroactive": True}


def test_a_lower_priority_runs_again_and_keeps_the_old_breach(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00", priority="urgent")
    with clock.at(at(MON + "12:00")):
        process_due()
        set_priority(ticket, "normal", by=cast.mei)
    resolution = the_clock(ticket, "resolution")
    assert (resolution.state, resolution.due_at) == ("running", at(MON + "17:00"))
    assert resolution.events.filter(kind="breach", ordinal=1).exists()


def test_vector_11_the_oldest_unanswered_message_counts(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "09:30")):
        reply(ticket, by=cast.mei, body="Which model?")
    for minute in ("10:00", "10:20"):
        with clock.at(at(MON + minute)):
            customer_reply(ticket, by_contact=cast.zhao.contact, body="CX-200")
    with clock.at(at(MON + "10:50")):
        reply(ticket, by=cast.mei, body="Thank you.")
    assert the_clock(ticket, "next_reply").consumed_s == 50 * 60


def test_vector_12_thanks_before_solving_is_neither_met_nor_breached(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "09:30")):
        reply(ticket, by=cast.mei, body="Done.")
    with clock.at(at(MON + "09:40")):
        customer_reply(ticket, by_contact=cast.zhao.contact, body="谢谢")
    with clock.at(at(MON + "16:00")):
        resolve_ticket(ticket, by=cast.mei)
        process_due()
    thanks = the_clock(ticket, "next_reply")
    assert thanks.state == "unanswered"
    assert not thanks.events.filter(kind="breach").exists()


def test_vector_13_paused_and_then_solved_excludes_the_pause(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "10:00")):
        set_status(ticket, status_called("waiting"), by=cast.mei)
    with clock.at(at(WED + "16:00")):
        resolve_ticket(ticket, by=cast.mei)
    resolution = the_clock(ticket, "resolution")
    assert (resolution.state, resolution.consumed_s) == ("met", 3600)


def test_vector_14_an_older_call_moves_due_earlier_only(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "12:00")
    for ring, due in (("13:00", "16:00"), ("11:00", "15:00")):
        with clock.at(at(MON + "13:30")):
            log_interaction(
                ticket=ticket,
                account=cast.account,
                contact=cast.zhao.contact,
                channel="call",
                direction="in",
                body="",
                is_public=False,
                by=None,
                occurred_at=at(MON + ring),
            )
        assert the_clock(ticket, "first_reply").due_at == at(MON + due)


def test_a_ticket_of_a_call_counts_from_the_ring_and_is_met_at_the_answer(open_at: OpenTicket, cast: Cast) -> None:
    ring, answer = at(MON + "10:00"), at(MON + "10:00:20")
    ticket = open_at(MON + "10:02", by=cast.mei, channel="call", contacted_at=ring)
    with clock.at(at(MON + "10:10")):
        log_interaction(
            ticket=ticket,
            account=cast.account,
            contact=cast.zhao.contact,
            channel="call",
            direction="in",
            body="E3, reset together.",
            is_public=False,
            by=cast.mei,
            occurred_at=ring,
            answered_at=answer,
            talk_seconds=400,
            answered=True,
            reference="call:1",
        )
    first = the_clock(ticket, "first_reply")
    assert (first.state, first.started_at, first.stopped_at) == ("met", ring, answer)
    assert not ticket.clocks.filter(metric="next_reply").exists()


def test_a_call_too_short_to_talk_is_contact_and_no_reply(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "10:00", by=cast.mei, channel="call")
    with clock.at(at(MON + "10:05")):
        log_interaction(
            ticket=ticket,
            account=None,
            contact=None,
            channel="call",
            direction="in",
            body="",
            is_public=False,
            by=cast.mei,
            talk_seconds=9,
            answered=True,
        )
    assert the_clock(ticket, "first_reply").state == "running"


def test_reopening_resumes_the_solution_and_leaves_out_the_time_solved(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "12:00")):
        resolve_ticket(ticket, by=cast.mei)
    with clock.at(at(TUE + "12:00")):
        reopen_ticket(ticket, by=cast.mei)
    resolution = the_clock(ticket, "resolution")
    assert (resolution.state, resolution.due_at) == ("running", at(TUE + "17:00"))


def test_void_cancels_every_clock(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "10:00")):
        ticket = set_status(ticket, status_called("void"), by=cast.mei)
    assert set(ticket.clocks.values_list("state", flat=True)) == {"cancelled"}
    assert (ticket.sla_state, ticket.sla_due_at) == ("", None)


def test_another_queue_means_its_calendar_for_the_whole_ledger(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "16:00")):
        assign_ticket(ticket, to=None, queue=cast.billing_queue, by=cast.mei)
    assert the_clock(ticket, "resolution").due_at == at(MON + "17:00")
    assert the_clock(ticket, "resolution").calendar_version.calendar.code == "office-hours"


def test_without_a_policy_clocks_are_measured_and_never_due(open_at: OpenTicket) -> None:
    SlaPolicy.objects.update(is_active=False)
    ticket = open_at(MON + "09:00")
    first = the_clock(ticket, "first_reply")
    assert (first.state, first.due_at, first.segments.count()) == ("running", None, 1)
    assert ticket.sla_state == ""


def test_the_tick_warns_and_then_breaches_once_each_with_the_moment_itself(open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00", body="")
    moments = []
    for minute in ("12:12", "12:12", "13:00:01", "13:00:01", "16:00"):
        with clock.at(at(MON + minute)):
            process_due()
        ticket.refresh_from_db()
        moments.append(ticket.sla_state)
    events = the_clock(ticket, "first_reply").events.filter(kind__in=["warn", "breach"])
    assert list(events.values_list("kind", "occurred_at")) == [
        ("warn", at(MON + "12:12").astimezone(UTC)),
        ("breach", at(MON + "13:00").astimezone(UTC)),
    ]
    assert moments == ["soon", "soon", "breached", "breached", "breached"]


def test_after_a_down_time_both_events_are_written_in_order(open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    with clock.at(at(WED + "09:00")):
        process_due()
    kinds = the_clock(ticket, "first_reply").events.values_list("kind", flat=True)
    assert [kind for kind in kinds if kind != "step"] == ["target", "warn", "breach"]


def test_the_tick_costs_nothing_for_clocks_that_are_not_due(open_at: OpenTicket) -> None:
    open_at(MON + "09:00")
    with clock.at(at(MON + "09:00") + timedelta(minutes=1)):
        assert process_due() == 0
