"""Macros: words and changes with one key, under the rights of who sends them."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.tickets.conftest import OpenTicket
from tickets.actions.lifecycle import set_status
from tickets.actions.macros import follow_macro
from tickets.actions.moves import WrongMove
from tickets.models import CannedReply, Ticket
from tickets.queries.wording import status_called

MON = "2026-01-05T"


@pytest.fixture
def macro(cast: Cast) -> CannedReply:
    """Asks for the model, takes the ticket and waits."""
    return CannedReply.objects.create(
        code="model",
        name="Which model",
        body="Dear {customer}, which model is it?",
        steps=[["assignee", "me"], ["status", str(status_called("waiting").pk)], ["priority", "high"]],
    )


@pytest.fixture
def mei(client: Client, cast: Cast) -> Client:
    client.force_login(cast.mei)
    return client


def send(client: Client, ticket: Ticket, **fields: Any) -> Any:
    data = {"mode": "reply", "seen_seq": ticket.seq, **fields}
    return client.post(reverse("tickets:compose", args=[ticket.number]), data)


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def test_picked_macro_offers_its_words_and_says_what_it_will_do(
    mei: Client, open_at: OpenTicket, macro: CannedReply
) -> None:
    page = mei.get(reverse("tickets:replies", args=[open_at(MON + "09:00").number]), {"q": "model"}).content.decode()
    assert "Dear 赵敏, which model is it?" in page
    assert f'data-macro="{macro.pk}"' in page
    assert "Give it to: me" in page


def test_words_are_sent_and_the_steps_done(mei: Client, cast: Cast, open_at: OpenTicket, macro: CannedReply) -> None:
    ticket = open_at(MON + "09:00")
    send(mei, ticket, body="Which model is it, please?", macro=macro.pk)
    ticket = fresh(ticket)
    assert (ticket.assignee, ticket.status.code, ticket.priority) == (cast.mei, "waiting", "high")
    assert ticket.interactions.filter(body="Which model is it, please?", direction="out").count() == 1
    assert ticket.interactions.filter(event="priority", by=cast.mei).exists()


def test_macro_without_words_changes_and_says_nothing(mei: Client, open_at: OpenTicket, macro: CannedReply) -> None:
    CannedReply.objects.update(body="")
    ticket = open_at(MON + "09:00")
    send(mei, ticket, body="", macro=macro.pk)
    assert fresh(ticket).priority == "high"
    assert not ticket.interactions.filter(direction="out").exists()


def test_without_a_macro_nothing_empty_is_sent(mei: Client, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    send(mei, ticket, body=" ")
    assert fresh(ticket).seq == ticket.seq


def test_stale_words_do_nothing_of_the_macro(mei: Client, cast: Cast, open_at: OpenTicket, macro: CannedReply) -> None:
    ticket = open_at(MON + "09:00")
    set_status(ticket, status_called("open"), by=cast.sun)
    answer = send(mei, ticket, body="Which model?", macro=macro.pk)
    assert answer.status_code == 409
    assert fresh(ticket).priority == "normal"


def test_macro_is_done_wholly_or_not_at_all(cast: Cast, open_at: OpenTicket, macro: CannedReply) -> None:
    closed, opened = str(status_called("closed").pk), str(status_called("open").pk)
    macro.steps = [["priority", "high"], ["status", closed], ["status", opened]]
    ticket = open_at(MON + "09:00")
    with pytest.raises(WrongMove):
        follow_macro(ticket, macro, by=cast.mei)
    assert (fresh(ticket).priority, fresh(ticket).status.code) == ("normal", "new")


def test_macro_gives_nobody_a_right(cast: Cast, open_at: OpenTicket, macro: CannedReply) -> None:
    with pytest.raises(PermissionDenied):
        follow_macro(open_at(MON + "09:00"), macro, by=cast.omar)


def test_words_stand_where_the_steps_are_refused(
    mei: Client, cast: Cast, open_at: OpenTicket, macro: CannedReply
) -> None:
    cast.mei.roles.first().grants.filter(noun="ticket", action="assign").delete()
    ticket = open_at(MON + "09:00")
    send(mei, ticket, body="Which model?", macro=macro.pk)
    assert ticket.interactions.filter(body="Which model?").exists()
    assert fresh(ticket).priority == "normal"


def test_retired_macro_does_nothing(mei: Client, open_at: OpenTicket, macro: CannedReply) -> None:
    CannedReply.objects.update(is_active=False)
    ticket = open_at(MON + "09:00")
    send(mei, ticket, body="Which model?", macro=macro.pk)
    assert fresh(ticket).priority == "normal"


def test_macro_is_made_in_the_settings(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    fields = {"name": "Urgent", "body": "", "do-0-kind": "priority", "do-0-value": "urgent"}
    client.post(reverse("setup:canned_replies_new"), fields)
    assert CannedReply.objects.get(name="Urgent").steps == [["priority", "urgent"]]
    answer = client.post(reverse("setup:canned_replies_new"), {"name": "Nothing", "body": ""})
    assert answer.status_code == 422
