"""A visit to look at a complaint fills in what was found and ends the stage."""

from crmcore import clock
from crmcore.models import User
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tests.tickets.field import NOW, given
from tests.tickets.field import tian as tian
from tickets.actions.dispatching import write_order
from tickets.actions.field_work import finish, go_on
from tickets.actions.fields import set_fields
from tickets.actions.lifecycle import assign_ticket
from tickets.actions.stages import take_step
from tickets.models import Ticket
from tickets.queries.stages import open_visit
from tickets.queries.wording import type_called


def test_a_finding_on_site_ends_the_inspection(cast: Cast, tian: User, open_at: OpenTicket) -> None:
    ticket = open_at(NOW, by=cast.mei, type=type_called("property_complaint"), channel="call")
    with clock.at(at(NOW)):
        ticket = set_fields(ticket, {"task_category": "property_repair", "weight": 3}, by=cast.mei)
        ticket = assign_ticket(ticket, to=cast.mei, by=cast.ada)
        visit = open_visit(ticket)
        assert visit is not None
        ticket = take_step(ticket, "work", "inspection", visit=visit.pk, by=None)
        order = given(write_order(ticket, by=cast.mei, task="Look", kind="inspection"), tian, cast.mei)
        for state in ("accepted", "on_way", "on_site"):
            order = go_on(order, state, by=tian)
        finish(order, by=tian, result="Damp wall")
    ticket = Ticket.objects.get(pk=ticket.pk)
    assert (ticket.stage, ticket.fields["finding"]) == ("assignment", "Damp wall")
