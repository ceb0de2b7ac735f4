"""Rebuilding clocks from their ledger gives the same rows, whatever happened to the tickets."""

from contextlib import suppress
from datetime import timedelta
from io import StringIO
from random import Random

import pytest
from django.core.management import CommandError, call_command

from crmcore import clock
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tickets.actions import sla
from tickets.actions.alerts import process_due
from tickets.actions.changing import changing
from tickets.actions.due_dates import release_due, set_due
from tickets.actions.lifecycle import assign_ticket, reopen_ticket, resolve_ticket, set_priority, set_status
from tickets.actions.moves import WrongMove
from tickets.actions.promises import promise_contact
from tickets.actions.replies import customer_reply, reply, waive_reply
from tickets.models import SlaClock, SlaPolicyVersion, SlaTarget, Ticket
from tickets.queries.wording import status_called

MON = "2026-01-05T"


def verify() -> str:
    out = StringIO()
    call_command("sla_rebuild", "--verify", stdout=out)
    return out.getvalue()


def stage(ticket: Ticket, target_s: int | None) -> None:
    with changing(ticket) as locked:
        sla.stage_entered(locked, clock.now(), target_s=target_s)


def pin(ticket: Ticket, dice: Random, cast: Cast) -> None:
    due = clock.now() + timedelta(seconds=dice.randrange(60, 200_000))
    set_due(ticket, "resolution", due, reason="The part comes later.", by=cast.mei)


@pytest.fixture
def every_metric(cast: Cast) -> None:
    version = SlaPolicyVersion.objects.get()
    for metric in ("periodic_update", "requester_wait", "agent_work", "ownership"):
        SlaTarget.objects.create(version=version, metric=metric, seconds=9000)


@pytest.mark.parametrize("rhythm", ["drift", "grid"])
@pytest.mark.parametrize("seed", range(10))
def test_after_any_history_the_cache_says_what_the_ledger_says(
    open_at: OpenTicket, cast: Cast, every_metric: None, seed: int, rhythm: str
) -> None:
    SlaPolicyVersion.objects.update(update_rhythm=rhythm)
    dice = Random(seed)
    ticket = open_at(MON + "09:00")
    deeds = [
        lambda: reply(ticket, by=cast.mei, body="."),
        lambda: customer_reply(ticket, by_contact=cast.zhao.contact, body="?"),
        lambda: set_priority(ticket, dice.choice(["low", "normal", "urgent"]), by=cast.mei),
        lambda: set_status(ticket, status_called(dice.choice(["open", "waiting", "on_hold"])), by=cast.mei),
        lambda: resolve_ticket(ticket, by=cast.mei),
        lambda: reopen_ticket(ticket, by=cast.mei),
        lambda: assign_ticket(
            ticket, to=cast.mei, queue=dice.choice([cast.support_queue, cast.billing_queue]), by=cast.mei
        ),
        lambda: stage(ticket, dice.choice([None, 3600, 20_000])),
        lambda: promise_contact(ticket, clock.now() + timedelta(seconds=dice.randrange(60, 90_000))),
        lambda: waive_reply(ticket, by=cast.mei),
        lambda: pin(ticket, dice, cast),
        lambda: release_due(ticket, "resolution", by=cast.mei),
        process_due,
        process_due,
    ]
    moment = at(MON + "09:00")
    for _ in range(24):
        moment += timedelta(seconds=dice.randrange(20_000))
        with clock.at(moment), suppress(WrongMove):
            dice.choice(deeds)()
    with clock.at(moment):
        process_due()
        assert ", 0 differences" in verify()


def test_a_row_that_drifted_is_reported_and_mended(open_at: OpenTicket) -> None:
    open_at(MON + "09:00")
    with clock.at(at(MON + "10:00")):
        SlaClock.objects.filter(metric="resolution").update(consumed_s=7)
        with pytest.raises(CommandError):
            verify()
        call_command("sla_rebuild", stdout=StringIO())
        assert ", 0 differences" in verify()
