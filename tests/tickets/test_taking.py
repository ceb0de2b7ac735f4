"""Taking the next ticket: what is due first, within the limit, never beside a call."""

from datetime import timedelta

import pytest
from django.test import Client

from crmcore import clock
from crmcore.models import AgentPresence, Queue, Role
from crmcore.models.presence import SystemState
from tests.cast import Cast, make_cast, ready
from tickets.actions.lifecycle import open_ticket
from tickets.actions.taking import NothingTaken, Reason, set_capacity, take_next
from tickets.models import Ticket, TicketCapacity, TicketType
from tickets.queries.capacity import capacity_of, load_of


@pytest.fixture
def cast(db: None) -> Cast:
    cast = make_cast()
    Ticket.objects.all().delete()
    return cast


def waiting(cast: Cast, subject: str, *, due_in_h: int | None = None, queue: Queue | None = None) -> Ticket:
    ticket = open_ticket(
        by=None,
        subject=subject,
        type=TicketType.objects.order_by("pk")[0],
        queue=queue or cast.support_queue,
        account=None,
        contact=None,
        channel=Ticket.Channel.EMAIL,
    )
    due_at = None if due_in_h is None else clock.now() + timedelta(hours=due_in_h)
    Ticket.objects.filter(pk=ticket.pk).update(sla_due_at=due_at)
    return ticket


def refusal(cast: Cast) -> Reason:
    with pytest.raises(NothingTaken) as nothing:
        take_next(by=cast.mei)
    return nothing.value.reason


def test_what_is_due_first_is_taken_first(cast: Cast) -> None:
    late, soon, never = waiting(cast, "late", due_in_h=9), waiting(cast, "soon", due_in_h=1), waiting(cast, "never")
    assert [take_next(by=cast.mei).pk for _ in range(3)] == [soon.pk, late.pk, never.pk]
    assert refusal(cast) == Reason.NONE


def test_tickets_of_other_queues_are_not_taken(cast: Cast) -> None:
    waiting(cast, "billing", queue=cast.billing_queue)
    assert refusal(cast) == Reason.NONE


def test_limit_holds_and_what_waits_for_the_customer_weighs_nothing(cast: Cast) -> None:
    TicketCapacity.objects.create(at_once=1)
    first, second = waiting(cast, "first", due_in_h=1), waiting(cast, "second", due_in_h=2)
    take_next(by=cast.mei)
    assert refusal(cast) == Reason.FULL
    Ticket.objects.filter(pk=first.pk).update(waiting_on=Ticket.WaitingOn.CUSTOMER)
    assert take_next(by=cast.mei).pk == second.pk


@pytest.mark.parametrize("system", [SystemState.RESERVED, SystemState.ON_CONTACT, SystemState.WRAPUP])
def test_no_ticket_is_taken_beside_a_call(cast: Cast, system: SystemState) -> None:
    waiting(cast, "first")
    ready(cast.mei)
    AgentPresence.objects.filter(user=cast.mei).update(system=system)
    assert refusal(cast) == Reason.CALL
    assert not load_of(cast.mei).has_room


def test_highest_limit_of_the_roles_holds_else_the_desks(cast: Cast) -> None:
    assert capacity_of(cast.mei) == 5
    agent, supervisor = Role.objects.get(code="agent"), Role.objects.get(code="supervisor")
    set_capacity({None: 3, agent.pk: None, supervisor.pk: 9}, by=cast.ada)
    assert capacity_of(cast.mei) == 3
    cast.mei.roles.add(supervisor)
    assert capacity_of(cast.mei) == 9


def test_button_opens_the_ticket_or_says_why_not(client: Client, cast: Cast) -> None:
    ticket = waiting(cast, "first")
    client.force_login(cast.mei)
    assert client.post("/console/take-next/").json()["id"] == str(ticket.pk)
    answer = client.post("/console/take-next/")
    assert (answer.status_code, answer.json()["reason"]) == (409, "none")
    assert "1 of 5 wait for you" in client.get("/console/list/").content.decode()


def test_administrator_sets_the_limits(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    agent = Role.objects.get(code="agent")
    assert client.post("/settings/capacity/", {"desk": "0"}).status_code == 422
    assert client.post("/settings/capacity/", {"desk": "4", f"role_{agent.pk}": "2"}).status_code == 302
    assert capacity_of(cast.mei) == 2
    client.force_login(cast.mei)
    assert client.post("/settings/capacity/", {"desk": "4"}).status_code == 403
