"""Rules: when they run and when not, in which order, all or nothing, never chasing one another, timed ones once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from crmcore import clock
from crmcore.models import Notice
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tickets.actions.alerts import process_due
from tickets.actions.lifecycle import assign_ticket, rate_ticket, resolve_ticket, set_priority, set_status
from tickets.actions.replies import add_note, customer_reply, reply
from tickets.actions.timed_rules import follow_timed_rules
from tickets.models import Rule, RuleRun, Ticket
from tickets.queries.rules import would_run_on
from tickets.queries.timeline import timeline
from tickets.queries.wording import status_called

MON = "2026-01-05T"
ALL: dict[str, Any] = {}


def rule(name: str, on: list[str], steps: list[list[Any]], conditions: dict[str, Any] = ALL, **facts: Any) -> Rule:
    place = Rule.objects.count()
    return Rule.objects.create(
        code=f"r{place}", name=name, on=on, steps=steps, conditions=conditions, position=place, **facts
    )


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def notes(ticket: Ticket) -> list[str]:
    return list(ticket.interactions.filter(channel="note").order_by("seq").values_list("body", flat=True))


def test_rule_runs_on_what_it_waits_for_where_its_conditions_hold(cast: Cast, open_at: OpenTicket) -> None:
    rule("E3 is urgent", ["opened"], [["priority", "urgent"]], {"all": [["subject", "contains", "E3"]]})
    assert fresh(open_at(MON + "09:00", subject="E3")).priority == "urgent"
    assert fresh(open_at(MON + "09:00", subject="E4")).priority == "normal"


def test_promise_is_that_of_what_the_rule_set(cast: Cast, open_at: OpenTicket) -> None:
    plain = open_at(MON + "09:00")
    rule("All urgent", ["opened"], [["priority", "urgent"]])
    assert fresh(open_at(MON + "09:00")).sla_due_at < fresh(plain).sla_due_at


@pytest.mark.parametrize("happening", Rule.Happening)
def test_every_happening_is_noticed(cast: Cast, open_at: OpenTicket, happening: str) -> None:
    mine = rule("Noticed", [happening], [["note", "seen"]])
    with clock.at(at(MON + "09:00")):
        ticket = open_at(MON + "09:00")
        customer_reply(ticket, by_contact=cast.zhao.contact, body="Hello?")
        add_note(ticket, by=cast.mei, body="Pump")
        assign_ticket(ticket, to=cast.mei, by=cast.sun)
        set_priority(ticket, "high", by=cast.mei)
    for moment in ("12:30", "13:30"):
        with clock.at(at(MON + moment)):
            process_due()
    with clock.at(at(MON + "14:00")):
        reply(ticket, by=cast.mei, body="On it")
        resolve_ticket(ticket, by=cast.mei)
        rate_ticket(ticket, by=cast.zhao, score=2)
    assert mine.runs.filter(outcome="done").exists()
    assert "seen" in notes(ticket)


def test_rule_is_not_asked_about_other_happenings(cast: Cast, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    rule("On rating", ["rated"], [["note", "rated"]])
    add_note(ticket, by=cast.mei, body="Pump")
    set_priority(ticket, "high", by=cast.mei)
    assert notes(ticket) == ["Pump"]


def test_later_rules_see_what_earlier_ones_did_and_no_rule_is_asked_again(cast: Cast, open_at: OpenTicket) -> None:
    high, low = [["priority", "high"]], [["priority", "low"]]
    rule("High to low", ["opened", "changed"], low, {"all": [["priority", "is", ["high"]]]})
    rule("Low to high", ["opened", "changed"], high, {"all": [["priority", "is", ["low"]]]})
    rule("To low", ["opened"], low)
    rule("Low gets a note", ["opened"], [["note", "low"]], {"all": [["priority", "is", ["low"]]]})
    ticket = fresh(open_at(MON + "09:00"))
    assert (ticket.priority, notes(ticket)) == ("low", ["low"])


def test_rule_that_finds_all_as_it_wants_it_leaves_no_trace(cast: Cast, open_at: OpenTicket) -> None:
    rule("Normal", ["opened"], [["priority", "normal"]])
    ticket = open_at(MON + "09:00")
    assert not RuleRun.objects.exists()
    assert not ticket.interactions.filter(event="rule").exists()


def test_rule_is_done_wholly_or_not_at_all_and_stops_nobody(cast: Cast, open_at: OpenTicket) -> None:
    closed, opened = str(status_called("closed").pk), str(status_called("open").pk)
    rule("Impossible", ["opened"], [["priority", "high"], ["status", closed], ["status", opened]])
    rule("After it", ["opened"], [["note", "still here"]])
    ticket = fresh(open_at(MON + "09:00"))
    assert (ticket.priority, ticket.status.code, notes(ticket)) == ("normal", "new", ["still here"])
    failed = RuleRun.objects.get(outcome="failed")
    assert "closed" in failed.problem


def test_rule_that_fails_leaves_the_clocks_as_they_were(cast: Cast, open_at: OpenTicket) -> None:
    def clocks(ticket: Ticket) -> list[tuple[str, str, object]]:
        return list(ticket.clocks.order_by("metric", "instance").values_list("metric", "state", "due_at"))

    untouched = open_at(MON + "09:00")
    closed, opened = str(status_called("closed").pk), str(status_called("open").pk)
    rule("Impossible", ["opened"], [["status", closed], ["status", opened]])
    ticket = fresh(open_at(MON + "09:00"))
    assert RuleRun.objects.get().outcome == "failed"
    assert clocks(ticket) == clocks(untouched)
    assert (ticket.sla_state, ticket.sla_due_at) == (fresh(untouched).sla_state, fresh(untouched).sla_due_at)


def test_step_whose_row_is_gone_fails_and_is_logged(cast: Cast, open_at: OpenTicket) -> None:
    rule("To nowhere", ["opened"], [["queue", "999999"]])
    ticket = open_at(MON + "09:00")
    assert fresh(ticket).queue == cast.support_queue
    assert RuleRun.objects.get().outcome == "failed"


def test_rule_tags_and_takes_tags_off(cast: Cast, open_at: OpenTicket) -> None:
    rule("Storm", ["opened"], [["tag", "storm"], ["tag", "暴雨"]])
    rule("No storm", ["rated"], [["untag", "Storm"]])
    ticket = open_at(MON + "09:00")
    assert set(ticket.tags.values_list("name", flat=True)) == {"storm", "暴雨"}
    rate_ticket(resolve_ticket(ticket, by=cast.mei), by=cast.zhao, score=5)
    assert list(ticket.tags.values_list("name", flat=True)) == ["暴雨"]


def test_people_are_told_once_each(cast: Cast, open_at: OpenTicket) -> None:
    rule("Tell", ["opened"], [["notify", "leader"], ["notify", "assignee"], ["notify", str(cast.ada.pk)]])
    ticket = open_at(MON + "09:00", assignee=cast.mei)
    told = Notice.objects.filter(url=ticket.get_absolute_url())
    assert set(told.values_list("user__username", flat=True)) == {"sun", "mei", "ada"}


def test_who_may_not_see_the_ticket_is_not_told(cast: Cast, open_at: OpenTicket) -> None:
    rule("Tell", ["opened"], [["notify", str(cast.omar.pk)]])
    open_at(MON + "09:00")
    assert not Notice.objects.exists()


def test_retired_rule_sleeps(cast: Cast, open_at: OpenTicket) -> None:
    rule("Retired", ["opened"], [["note", "x"]], is_active=False)
    assert notes(open_at(MON + "09:00")) == []


def test_rule_holds_for_the_api_too(cast: Cast) -> None:
    rule("All urgent", ["opened"], [["priority", "urgent"]])
    client = APIClient()
    client.force_authenticate(cast.mei)
    facts = {"subject": "E3", "type": "repair", "queue": "support", "channel": "call"}
    answer = client.post("/api/v1/tickets/", facts, format="json")
    assert answer.status_code == 201
    assert answer.json()["priority"] == "urgent"


def test_timeline_names_the_rule(cast: Cast, open_at: OpenTicket) -> None:
    rule("VIP first", ["opened"], [["priority", "urgent"]])
    told = [entry.did for entry in timeline(open_at(MON + "09:00"), cast.mei).entries]
    assert "followed the rule “VIP first”" in told


def test_customer_is_told_nothing_of_rules(cast: Cast, open_at: OpenTicket) -> None:
    rule("Secret", ["opened"], [["note", "watch out"]])
    ticket = open_at(MON + "09:00")
    assert {entry.event for entry in ticket.interactions.visible_to(cast.zhao)} == {""}


SILENT = {"all": [["active", "yes", None], ["last_event", "before", 24]]}


def later(hours: int) -> Any:
    return clock.at(at(MON + "09:00") + timedelta(hours=hours))


def test_timed_rule_runs_once_until_somebody_is_heard_of_again(cast: Cast, open_at: OpenTicket) -> None:
    rule("Wake up", [], [["note", "silent for a day"]], SILENT)
    ticket = open_at(MON + "09:00")
    with later(23):
        assert follow_timed_rules() == 0
    with later(25):
        assert (follow_timed_rules(), follow_timed_rules()) == (1, 0)
    with later(80):
        assert follow_timed_rules() == 0
        customer_reply(ticket, by_contact=cast.zhao.contact, body="Well?")
    with later(105):
        assert follow_timed_rules() == 1
    assert notes(ticket) == ["silent for a day"] * 2


def test_timed_rule_that_only_tells_somebody_tells_once(cast: Cast, open_at: OpenTicket) -> None:
    rule("Tell", [], [["notify", "leader"]], SILENT)
    open_at(MON + "09:00")
    for _minute in range(3):
        with later(25):
            follow_timed_rules()
    assert Notice.objects.filter(user=cast.sun).count() == 1


def test_timed_rules_of_two_workers_run_once(cast: Cast, open_at: OpenTicket) -> None:
    mine = rule("Wake up", [], [["note", "x"]], SILENT)
    ticket = open_at(MON + "09:00")
    with later(25):
        follow_timed_rules()
        assert follow_timed_rules() == 0
    assert mine.runs.count() == 1
    assert ticket.interactions.filter(event="rule").count() == 1


def test_what_a_rule_would_do_is_known_before(cast: Cast, open_at: OpenTicket) -> None:
    lately = open_at(MON + "09:00")
    rated = rule("Rated", ["rated"], [["note", "x"]])
    opened = rule("Opened", ["opened"], [["note", "x"]], {"all": [["priority", "is", ["normal"]]]})
    with later(1):
        assert list(would_run_on(opened, clock.now())) == [lately]
        assert list(would_run_on(rated, clock.now())) == []
    with later(24 * 60):
        assert list(would_run_on(opened, clock.now())) == []


def test_rule_that_waits_for_something_else_costs_one_statement(cast: Cast, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")

    def statements() -> int:
        before = len(connection.queries_log)
        connection.force_debug_cursor = True
        try:
            set_priority(ticket, "high" if fresh(ticket).priority == "low" else "low", by=cast.mei)
        finally:
            connection.force_debug_cursor = False
        return len(connection.queries_log) - before

    statements()
    without = statements()
    rule("Elsewhere", ["rated"], [["note", "x"]])
    assert statements() <= without + 1


@pytest.fixture
def ada(client: Client, cast: Cast) -> Client:
    client.force_login(cast.ada)
    return client


def posted(**changes: Any) -> dict[str, Any]:
    return {
        "name": "VIP first",
        "on": ["opened", "contact"],
        "if-all-0-field": "grade",
        "if-all-0-operator": "is",
        "if-all-0-value": ["A"],
        "do-0-kind": "priority",
        "do-0-value": "urgent",
        "do-1-kind": "note",
        "do-1-value": "Call back today",
        **changes,
    }


def test_rule_is_made_and_shown_in_sentences(ada: Client) -> None:
    ada.post(reverse("setup:rules_new"), posted())
    made = Rule.objects.get(name="VIP first")
    assert made.steps == [["priority", "urgent"], ["note", "Call back today"]]
    page = ada.get(reverse("setup:rules")).content.decode()
    assert "Customer&#x27;s level is A" in page
    assert "Set the priority: Urgent" in page
    assert "a ticket is opened or the customer writes or calls" in page
    assert ada.get(reverse("setup:rules_edit", args=[made.pk])).status_code == 200


@pytest.mark.parametrize(
    "changes", [{"do-0-kind": "", "do-1-kind": ""}, {"do-0-value": "boiling"}, {"if-all-0-value": []}, {"name": ""}]
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(ada: Client, changes: dict[str, Any]) -> None:
    answer = ada.post(reverse("setup:rules_new"), posted(**changes))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Rule.objects.filter(is_active=True).exists()


def test_agents_make_no_rules(client: Client, cast: Cast) -> None:
    client.force_login(cast.mei)
    assert client.get(reverse("setup:rules")).status_code == 403


def test_status_set_by_a_rule_moves_the_clocks(cast: Cast, open_at: OpenTicket) -> None:
    rule("Asked", ["replied"], [["status", str(status_called("waiting").pk)]])
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "10:00")):
        reply(ticket, by=cast.mei, body="Which model?")
    assert fresh(ticket).sla_state == "paused"
    assert set_status(ticket, status_called("open"), by=cast.mei).sla_state == "ok"
