"""What tests of field work begin with: a technician with hours, an order of Zhao's ticket, pictures."""

import base64
from datetime import datetime, timedelta

import pytest

from crmcore import clock
from crmcore.actions import people
from crmcore.models import Calendar, User
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tickets.actions.dispatching import Window, give_order, write_order
from tickets.models import DispatchOrder, Technician

NOW = "2026-01-05T08:00"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def technician(cast: Cast, name: str) -> User:
    """Somebody who drives out in the hours of support: Monday to Friday 9 to 17 in Shanghai."""
    user = people.create_user(name, name=name.title(), password="pw", roles=["technician"], by=None)
    Technician.objects.create(user=user, calendar=Calendar.objects.get(code="support"))
    return user


def window(start: str, hours: float = 2) -> Window:
    """A time on Shanghai's clock."""
    return Window(at(start), at(start) + timedelta(hours=hours))


@pytest.fixture
def tian(cast: Cast) -> User:
    return technician(cast, "tian")


@pytest.fixture
def order(cast: Cast, open_at: OpenTicket) -> DispatchOrder:
    ticket = open_at(NOW)
    with clock.at(at(NOW)):
        return write_order(
            ticket, by=cast.mei, task="Change the pump", place="Cloud Garden 3-2", person="赵敏", phone="571 8888"
        )


def given(order: DispatchOrder, to: User, by: User, start: str = "2026-01-05T10:00") -> DispatchOrder:
    """The order in a technician's day."""
    with clock.at(at(NOW)):
        return give_order(order, by=by, technician=to, window=window(start))


def moment(text: str) -> datetime:
    """A moment on Shanghai's clock."""
    return at(text)
