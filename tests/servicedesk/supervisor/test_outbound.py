"""The outbound report: figures with their formula, for those who may see reports, and as a file."""

import csv

import pytest
from django.test import Client

from crmcore import clock
from crmcore.models import User
from telephony.actions.roll_up import forget_sums, roll_up
from telephony.models import Call, CallLeg
from telephony.states import LegKind, LegState
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def a_call(cast: Cast, number: str, *, talked_s: int = 0) -> Call:
    """Mei called somebody just now, and it is over."""
    now = clock.now()
    call = Call.objects.create(
        provider="simulated",
        provider_call_id=number,
        direction=Call.Direction.OUT,
        state="ended",
        outcome="completed" if talked_s else "busy",
        queue=cast.support_queue,
        agent=cast.mei,
        to_e164=number,
        started_at=now,
        answered_at=now if talked_s else None,
        ended_at=now,
        state_since=now,
        last_evidence_at=now,
    )
    CallLeg.objects.create(
        call=call,
        kind=LegKind.AGENT,
        agent=cast.mei,
        state=LegState.LEFT,
        invited_at=now,
        joined_at=now,
        left_at=now,
        talk_seconds=talked_s,
    )
    forget_sums()
    roll_up()
    return call


def test_contact_rate_stands_beside_its_formula(cast: Cast) -> None:
    a_call(cast, "+8613800138001", talked_s=90), a_call(cast, "+8613800138002")
    page = as_(cast.sun).get("/supervisor/reports/outbound/").content.decode()
    assert "1 spoken to" in page and "2 attempts" in page and "50.0" in page and "Mei" in page


def test_file_has_every_table(cast: Cast) -> None:
    a_call(cast, "+8613800138001", talked_s=90)
    response = as_(cast.ada).get("/supervisor/reports/outbound/", {"format": "csv"})
    rows = list(csv.reader(response.content.decode("utf-8-sig").splitlines()))
    assert [row[0] for row in rows] == ["Table", "Interval", "Agent", "Campaign"]
    assert rows[2][1:6] == ["Mei", "1", "1", "1.0", "90"]


def test_agents_see_no_reports(cast: Cast) -> None:
    assert as_(cast.mei).get("/supervisor/reports/outbound/").status_code == 403


def test_nothing_placed_is_said(cast: Cast) -> None:
    assert "No calls were placed" in as_(cast.sun).get("/supervisor/reports/outbound/").content.decode()
