"""The pages of return visits: the list by urgency, one visit worked in forms that lose nothing."""

from datetime import timedelta

import pytest
from django.test import Client

from crmcore import clock
from crmcore.models import ContactPoint
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket
from tests.tickets.conftest import cast as cast
from tests.tickets.conftest import open_at as open_at
from tickets.actions.visit_work import Report, complete, create_visit
from tickets.models import Ticket, Visit, VisitMethod, VisitTheme


@pytest.fixture
def mei(client: Client, cast: Cast) -> Client:
    client.force_login(cast.mei)
    return client


def planned(cast: Cast, *, hours: float, ticket: Ticket | None = None) -> Visit:
    now = clock.now()
    visit = create_visit(
        by=cast.mei,
        method=VisitMethod.objects.get(code="phone"),
        theme=VisitTheme.objects.get(code="after-closing"),
        due_from=now - timedelta(days=2),
        due_by=now + timedelta(hours=1),
        assignee=cast.mei,
        contact=cast.zhao.contact,
        account=cast.account,
        ticket=ticket,
        script="Ask about the drum.",
    )
    Visit.objects.filter(pk=visit.pk).update(due_by=now + timedelta(hours=hours))
    return visit


def test_first_to_be_missed_stands_first_with_its_mark(mei: Client, cast: Cast) -> None:
    later, late, soon = (planned(cast, hours=hours) for hours in (24, -1, 2))
    page = mei.get("/console/visits/").content.decode()
    places = [page.index(f'id="visit-{visit.pk}"') for visit in (late, soon, later)]
    assert places == sorted(places)
    assert page.count("sd-sla--breach") == 1
    assert page.count("sd-sla--soon") == 1


def test_list_does_not_ask_more_for_more_visits(mei: Client, cast: Cast, django_assert_max_num_queries: object) -> None:
    planned(cast, hours=1)
    ContactPoint.objects.create(contact=cast.zhao.contact, kind="phone", value="+8613800000000", raw="138 0000 0000")
    mei.get("/console/visits/")
    for _ in range(5):
        planned(cast, hours=1)
    with django_assert_max_num_queries(40):  # type: ignore[operator]
        assert mei.get("/console/visits/").content.decode().count('id="visit-') == 7


def test_visit_of_another_team_is_not_found(client: Client, cast: Cast) -> None:
    visit = planned(cast, hours=1)
    client.force_login(cast.omar)
    assert client.get(f"/console/visits/{visit.pk}/").status_code == 404
    assert client.post(f"/console/visits/{visit.pk}/finish/", {"result": "satisfied"}).status_code == 404
    client.force_login(cast.zhao)
    assert client.get("/console/visits/").status_code == 403


def test_form_without_a_result_comes_back_with_its_words(mei: Client, cast: Cast) -> None:
    visit = planned(cast, hours=1)
    page = mei.post(f"/console/visits/{visit.pk}/finish/", {"content": "Long story", "method": visit.method_id})
    assert page.status_code == 422
    assert "Long story" in page.content.decode()
    assert Visit.objects.get(pk=visit.pk).is_open


def test_visit_is_completed_from_its_page(mei: Client, cast: Cast) -> None:
    visit = planned(cast, hours=1)
    answer = mei.post(
        f"/console/visits/{visit.pk}/finish/",
        {"result": "acceptable", "content": "Fine", "objections": "Noise", "method": visit.method_id},
    )
    assert answer.status_code == 302
    visit.refresh_from_db()
    assert (visit.progress, visit.objections) == ("completed", "Noise")


def test_who_comes_too_late_reads_who_was_faster(client: Client, cast: Cast) -> None:
    visit = planned(cast, hours=1)
    complete(visit, Report("satisfied"), by=cast.mei)
    client.force_login(cast.sun)
    url = f"/console/visits/{visit.pk}/finish/"
    page = client.post(url, {"result": "dissatisfied", "method": visit.method_id}, follow=True)
    assert "Mei has ended this visit already." in page.content.decode()


def test_visit_is_planned_with_a_method_of_ones_own(mei: Client, cast: Cast, open_at: OpenTicket) -> None:
    now = clock.now()
    sent = {
        "own_method": "视频",
        "theme": VisitTheme.objects.get(code="care").pk,
        "due_from": (now + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"),
        "due_by": (now + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"),
    }
    ticket = open_at("2026-01-05T09:00", assignee=cast.mei)
    mei.post(f"/console/visits/new/?ticket={ticket.number}", sent)
    method = VisitMethod.objects.get(owner=cast.mei)
    assert (method.name, method.is_shared) == ("视频", False)
    assert (Visit.objects.get().method, Visit.objects.get().ticket) == (method, ticket)


def test_private_methods_are_offered_to_nobody_else(client: Client, mei: Client, cast: Cast, open_at: object) -> None:
    VisitMethod.objects.create(code="m1", name="Video of mine", owner=cast.sun, is_shared=False)
    VisitMethod.objects.create(code="m2", name="Video for all", owner=cast.sun, is_shared=True)
    visit = planned(cast, hours=1)
    page = mei.get(f"/console/visits/{visit.pk}/").content.decode()
    assert "Video for all" in page
    assert "Video of mine" not in page
