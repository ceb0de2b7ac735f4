"""The report on satisfaction: each figure by its formula, down to the answers, under the reader's rights."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crmcore import clock
from crmcore.models import User
from crmcore.permissions import Scope
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket
from tests.tickets.conftest import cast as cast
from tests.tickets.conftest import open_at as open_at
from tickets.models import Survey, SurveyTemplate, Ticket
from tickets.satisfaction import Scores


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def answered(cast: Cast, open_at: OpenTicket, *scores: int | None, measure: str = "csat", comment: str = "") -> None:
    """Customers who were asked an hour ago; those without a score did not answer."""
    now = clock.now()
    for score in scores:
        ticket = open_at("2026-01-05T09:00", assignee=cast.mei)
        Survey.objects.create(
            ticket=ticket,
            template=SurveyTemplate.objects.get(code=measure),
            measure=measure,
            account=ticket.account,
            contact=ticket.contact,
            agent=cast.mei,
            queue=ticket.queue,
            state="asked" if score is None else "answered",
            planned_at=now,
            due_at=now,
            asked_at=now - timedelta(hours=1),
            score=score,
            comment=comment,
            answered_at=None if score is None else now,
        )


@pytest.mark.parametrize(
    ("measure", "counts", "figure"),
    [
        ("csat", {5: 2, 4: 1, 3: 1}, 0.75),
        ("nps", {10: 3, 9: 2, 8: 2, 7: 1, 6: 1, 0: 1}, 30.0),
        ("effort", {7: 1, 4: 2}, 5.0),
        ("csat", {}, None),
    ],
)
def test_figures_follow_their_formulas(measure: str, counts: dict[int, int], figure: float | None) -> None:
    assert Scores(measure, counts).figure == figure


def test_figure_stands_beside_answers_and_response_rate(cast: Cast, open_at: OpenTicket) -> None:
    answered(cast, open_at, 5, 4, 1, None)
    page = as_(cast.sun).get("/supervisor/reports/satisfaction/").content.decode()
    assert "67%" in page
    assert "75.0 %" in page
    assert "Mei" in page


def test_nps_is_told_with_its_sign(cast: Cast, open_at: OpenTicket) -> None:
    answered(cast, open_at, 10, 9, 3, measure="nps")
    page = as_(cast.sun).get("/supervisor/reports/satisfaction/?measure=nps").content.decode()
    assert "<b>+33</b>" in page


def test_figure_leads_down_to_its_answers(cast: Cast, open_at: OpenTicket) -> None:
    answered(cast, open_at, 1, comment="Three weeks!")
    answered(cast, open_at, 5, comment="Lovely")
    today = clock.now().date()
    query = f"first={today - timedelta(days=2)}&last={today + timedelta(days=2)}"
    page = as_(cast.sun).get(f"/supervisor/reports/satisfaction/answers/?{query}&score=1&agent={cast.mei.pk}")
    assert "Three weeks!" in page.content.decode()
    assert "Lovely" not in page.content.decode()


def test_answers_on_tickets_out_of_reach_are_not_seen(cast: Cast, open_at: OpenTicket) -> None:
    answered(cast, open_at, 1, comment="Three weeks!")
    Ticket.objects.update(queue=cast.billing_queue, assignee=cast.omar)
    cast.sun.roles.get().grants.filter(noun="ticket").update(scope=Scope.TEAM)
    assert "Three weeks!" not in as_(cast.sun).get("/supervisor/reports/satisfaction/").content.decode()


def test_report_needs_its_right(cast: Cast) -> None:
    assert as_(cast.mei).get("/supervisor/reports/satisfaction/").status_code == 403
    assert as_(cast.mei).get("/supervisor/reports/satisfaction/answers/").status_code == 403
    assert as_(cast.zhao).get("/supervisor/reports/satisfaction/").status_code == 403


@pytest.mark.parametrize("query", ["measure=x", "score=99", "agent=abc", "agent=99999999999999999999", "at=~~"])
def test_bad_questions_are_answered_as_far_as_they_go(cast: Cast, open_at: OpenTicket, query: str) -> None:
    answered(cast, open_at, 5)
    assert as_(cast.sun).get(f"/supervisor/reports/satisfaction/?{query}").status_code == 200
    assert as_(cast.sun).get(f"/supervisor/reports/satisfaction/answers/?{query}").status_code == 200


def test_report_is_read_as_a_file(cast: Cast, open_at: OpenTicket) -> None:
    answered(cast, open_at, 5, 1)
    answer = as_(cast.ada).get("/supervisor/reports/satisfaction/?format=csv")
    assert answer["Content-Type"].startswith("text/csv")
    assert "Mei,2,1,0,1,0.5" in answer.content.decode()


def test_report_does_not_ask_more_for_more_answers(cast: Cast, open_at: OpenTicket) -> None:
    client = as_(cast.sun)
    numbers = []
    for scores in ((5,), (4, 3, 2, 1, 5, 5)):
        answered(cast, open_at, *scores, comment="So")
        with CaptureQueriesContext(connection) as asked:
            client.get("/supervisor/reports/satisfaction/")
        numbers.append(len(asked))
    assert numbers[0] == numbers[1]
