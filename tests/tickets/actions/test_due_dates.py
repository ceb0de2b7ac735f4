"""Due moments by hand, and what was owed at any moment."""

import pytest
from django.test import Client
from django.urls import reverse

from crmcore import clock
from crmcore.models import AuditEntry
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tickets.actions.due_dates import release_due, set_due
from tickets.actions.lifecycle import set_priority, set_status
from tickets.actions.moves import WrongMove
from tickets.actions.replies import reply
from tickets.models import SlaClock, Ticket
from tickets.queries.time_travel import owed_at
from tickets.queries.wording import status_called

MON, TUE = "2026-01-05T", "2026-01-06T"


def resolution(ticket: Ticket) -> SlaClock:
    return SlaClock.objects.get(ticket=ticket, metric="resolution")


def pin(ticket: Ticket, cast: Cast, due: str = TUE + "20:00") -> None:
    with clock.at(at(MON + "10:00")):
        set_due(ticket, "resolution", at(due), reason="The part comes tomorrow.", by=cast.mei)


def test_a_due_moment_by_hand_stands_through_priority_and_pause(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    pin(ticket, cast)
    with clock.at(at(MON + "11:00")):
        set_priority(ticket, "urgent", by=cast.mei)
        set_status(ticket, status_called("waiting"), by=cast.mei)
    assert (resolution(ticket).state, resolution(ticket).due_at) == ("running", at(TUE + "20:00"))


def test_released_the_policy_counts_as_if_nothing_had_been_set(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    pin(ticket, cast)
    with clock.at(at(MON + "11:00")):
        set_status(ticket, status_called("waiting"), by=cast.mei)
    with clock.at(at(MON + "12:00")):
        set_status(ticket, status_called("open"), by=cast.mei)
        release_due(ticket, "resolution", by=cast.mei)
    assert resolution(ticket).due_at == at(TUE + "10:00")


def test_who_set_it_and_why_is_on_the_timeline_and_in_the_audit(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    pin(ticket, cast)
    assert ticket.interactions.get(event="due_set").detail["reason"] == "The part comes tomorrow."
    assert AuditEntry.objects.get(verb="ticket.due_set").actor == cast.mei


@pytest.mark.parametrize(("due", "reason"), [(MON + "09:30", "Because."), (TUE + "09:30", "  ")])
def test_a_moment_that_passed_and_a_change_without_a_reason_are_refused(
    open_at: OpenTicket, cast: Cast, due: str, reason: str
) -> None:
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "10:00")), pytest.raises(WrongMove):
        set_due(ticket, "resolution", at(due), reason=reason, by=cast.mei)
    assert resolution(ticket).pinned_due_at is None


def test_a_clock_that_ended_takes_no_due_moment(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "09:30")):
        reply(ticket, by=cast.mei, body="On it.")
    with clock.at(at(MON + "10:00")), pytest.raises(WrongMove):
        set_due(ticket, "first_reply", at(TUE + "09:00"), reason="Because.", by=cast.mei)


def test_the_page_sets_and_releases_it(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    client = Client()
    client.force_login(cast.mei)
    address = reverse("tickets:due", args=[ticket.number, "resolution"])
    with clock.at(at(MON + "10:00")):
        assert client.post(address, {"due_at": "2026-01-04T10:00", "reason": "Late"}).status_code == 422
        assert client.post(address, {"due_at": "2026-01-07T10:00", "reason": "Part"}).status_code == 302
        assert "Part" in client.get(reverse("tickets:ticket", args=[ticket.number])).text
        client.post(address, {"release": "1"})
    assert resolution(ticket).pinned_due_at is None


def test_what_was_owed_is_told_for_any_moment_under_the_terms_of_then(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "12:00")):
        set_priority(ticket, "urgent", by=cast.mei)
    with clock.at(at(MON + "14:00")):
        reply(ticket, by=cast.mei, body="Done.")

    def owed(moment: str) -> dict[str, tuple[str, object]]:
        return {one.clock.metric: (one.state.state, one.state.due_at) for one in owed_at(ticket, at(moment))}

    assert owed(MON + "08:59") == {}
    assert owed(MON + "11:00")["first_reply"] == ("running", at(MON + "13:00"))
    assert owed(MON + "12:30")["first_reply"] == ("breached", at(MON + "10:00"))
    assert owed(MON + "15:00")["first_reply"] == ("missed", at(MON + "10:00"))


def test_the_page_of_what_was_owed_asks_for_the_right_to_see_the_ticket(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    client = Client()
    client.force_login(cast.omar)
    assert client.get(reverse("tickets:owed", args=[ticket.number])).status_code == 404
    client.force_login(cast.mei)
    page = client.get(reverse("tickets:owed", args=[ticket.number]), {"at": "2026-01-05T03:00"})
    assert b"Resolution" in page.content
