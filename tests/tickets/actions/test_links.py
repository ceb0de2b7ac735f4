"""A sale that came out of a ticket is linked once and stands on the timeline."""

from crmcore.clock import now
from crmcore.models import Opportunity, Stage
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket
from tickets.actions.links import link_opportunity


def test_linking_twice_is_linking_once(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at("2026-01-05T09:00")
    opportunity = Opportunity.objects.create(
        name="New machine",
        account=cast.account,
        stage=Stage.objects.order_by("position")[0],
        probability=10,
        stage_since=now(),
        created_at=now(),
    )
    for _ in range(2):
        link_opportunity(ticket, opportunity, by=cast.mei)
    assert list(ticket.opportunities.all()) == [opportunity]
    assert ticket.interactions.filter(event="opportunity").count() == 1
