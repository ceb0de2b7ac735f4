"""The cast, and a desk where support keeps office hours in Shanghai."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from crmcore import clock
from crmcore.models import Calendar, CalendarVersion
from tests.cast import Cast, make_cast
from tickets.actions.defaults import ensure_ticket_defaults
from tickets.actions.lifecycle import open_ticket
from tickets.models import SlaPolicyVersion, SlaTarget, Ticket
from tickets.queries.wording import type_called

SHANGHAI = ZoneInfo("Asia/Shanghai")
OpenTicket = Callable[..., Ticket]


def at(text: str) -> datetime:
    """A moment on the wall clock of Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture
def cast(db: None) -> Cast:
    """Support answers within 4 h and solves within 8 h, Monday to Friday 9 to 17; waiting for the customer pauses."""
    cast = make_cast()
    ensure_ticket_defaults()
    calendar = Calendar.objects.create(code="support", name="Support hours")
    CalendarVersion.objects.create(
        calendar=calendar,
        number=1,
        time_zone="Asia/Shanghai",
        weekly={day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
        effective_from=at("2020-01-01T00:00"),
        published_at=at("2020-01-01T00:00"),
    )
    cast.support_queue.calendar = calendar
    cast.support_queue.save()
    version = SlaPolicyVersion.objects.get()
    SlaTarget.objects.filter(version=version).delete()
    for metric, hours in (("first_reply", 4), ("next_reply", 4), ("resolution", 8)):
        SlaTarget.objects.create(version=version, metric=metric, seconds=hours * 3600)
        SlaTarget.objects.create(version=version, metric=metric, priority="urgent", seconds=hours * 900)
    return cast


@pytest.fixture
def open_at(cast: Cast) -> OpenTicket:
    """Open a ticket of Zhao in Support at a moment, by default as Zhao on the portal."""

    def open_(moment: str, **changes: object) -> Ticket:
        facts = {
            "by": cast.zhao,
            "subject": "Washing machine shows E3",
            "type": type_called("repair"),
            "queue": cast.support_queue,
            "account": cast.account,
            "contact": cast.zhao.contact,
            "channel": "portal",
            "body": "It stops and shows E3.",
        }
        with clock.at(at(moment)):
            return open_ticket(**{**facts, **changes})

    return open_
