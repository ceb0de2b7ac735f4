"""Opportunities: opened by their owners, moved stage by stage to where they stand."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from crmcore.actions.opportunities import move_opportunity, open_opportunity
from crmcore.models import Opportunity
from servicedesk.demo.cast import Cast
from servicedesk.demo.clockwork import Story
from servicedesk.demo.schema import OpportunityText
from tickets.actions.links import link_opportunity

PATH = ("lead", "qualified", "quoted", "negotiating")
# How many days ago an opportunity was found, by the stage in which it stands.
AGES = {"lead": (3, 40), "qualified": (15, 60), "quoted": (25, 75), "negotiating": (40, 100)}
CLOSED_AGES = (60, 150)
LAST_MOVE = timedelta(hours=3)


def pursue(row: OpportunityText, began: datetime | None, cast: Cast, *, now: datetime, rng: Random) -> Story:
    """One opportunity; `began` is the opening of the thread that it came from."""
    ends = now + timedelta(days=row.close_in_days) if row.stage in ("won", "lost") else now - LAST_MOVE
    starts = (
        began + (ends - began) / 3 if began else ends - timedelta(days=rng.randrange(*AGES.get(row.stage, CLOSED_AGES)))
    )
    yield starts
    owner = cast.staff[row.owner]
    opportunity = _open(row, cast, now)
    if row.from_ticket:
        link_opportunity(cast.tickets[row.from_ticket], opportunity, by=owner)
    steps = list(_steps(row.stage))
    for number, stage in enumerate(steps, start=1):
        yield starts + (ends - starts) * number / len(steps)
        opportunity = move_opportunity(
            opportunity, to=cast.stages[stage], by=owner, lost_reason=row.lost_reason if stage == "lost" else ""
        )


def _open(row: OpportunityText, cast: Cast, now: datetime) -> Opportunity:
    opportunity = open_opportunity(
        by=cast.staff[row.owner],
        name=row.name,
        account=cast.accounts[row.account],
        contact=cast.contacts[row.contact],
        amount_minor=row.amount,
        currency=row.currency,
        close_on=(now + timedelta(days=row.close_in_days)).date(),
        source=row.source,
        is_demo=True,
    )
    cast.opportunities[row.key] = opportunity
    return opportunity


def _steps(stage: str) -> Iterator[str]:
    """The stages after the first, up to this one; lost ones are lost after a quote."""
    if stage in PATH:
        yield from PATH[1 : PATH.index(stage) + 1]
    else:
        yield from PATH[1:] if stage == "won" else PATH[1:3]
        yield stage
