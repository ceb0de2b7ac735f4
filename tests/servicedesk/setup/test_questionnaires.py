"""Questionnaires in the settings, behind a survey's link, and during a visit."""

from datetime import timedelta

import pytest
from django.test import Client

from crmcore import clock
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket
from tests.tickets.conftest import cast as cast
from tests.tickets.conftest import open_at as open_at
from tickets.actions.lifecycle import resolve_ticket
from tickets.actions.survey_answers import answer_survey
from tickets.actions.survey_asking import ask_due
from tickets.actions.visit_work import create_visit
from tickets.models import Questionnaire, Rule, Survey, SurveyTemplate, Visit, VisitMethod, VisitTheme


@pytest.fixture
def ada(client: Client, cast: Cast) -> Client:
    client.force_login(cast.ada)
    return client


@pytest.fixture
def service(cast: Cast) -> Questionnaire:
    return Questionnaire.objects.get(code="service")


def test_questionnaire_is_written_and_published(ada: Client) -> None:
    ada.post("/settings/questionnaires/new/", {"name": "Short"})
    made = Questionnaire.objects.get(name="Short")
    base = f"/settings/questionnaires/{made.pk}"
    first = {"text": "Happy?", "kind": "single", "choices": "Yes | 是\nNo | 否", "highest": 5}
    ada.post(f"{base}/questions/new/", first)
    ada.post(f"{base}/questions/new/", {"text": "Why?", "kind": "text", "highest": 5})
    assert made.draft is not None
    assert made.draft.document["questions"][0]["choices"] == [["c1", "Yes", "是"], ["c2", "No", "否"]]
    ada.post(f"{base}/questions/q1/", first | {"to_c1": "end"})
    ada.post(f"{base}/change/", {"publish": Questionnaire.objects.get(pk=made.pk).draft.revision})
    version = Questionnaire.objects.get(pk=made.pk).in_use
    assert version is not None
    assert version.read().questions[0].branches == {"c1": "end"}


def test_circle_is_not_published(ada: Client, service: Questionnaire) -> None:
    base = f"/settings/questionnaires/{service.pk}"
    ada.post(f"{base}/questions/wish/", {"text": "Again?", "kind": "yes_no", "highest": 5})
    ada.post(f"{base}/questions/wish/", {"text": "Again?", "kind": "yes_no", "highest": 5, "to_yes": "quality"})
    assert service.draft is not None
    page = ada.post(f"{base}/change/", {"publish": service.draft.revision}, follow=True)
    assert "round in a circle" in page.content.decode()
    assert service.in_use is not None
    assert service.in_use.number == 1


def test_removed_question_is_led_to_no_more(ada: Client, service: Questionnaire) -> None:
    ada.post(f"/settings/questionnaires/{service.pk}/questions/wish/", {"remove": "1"})
    assert service.draft is not None
    assert all("wish" not in row.get("branches", {}).values() for row in service.draft.document["questions"])


def test_preview_follows_the_answers_and_stores_nothing(ada: Client, service: Questionnaire) -> None:
    page = ada.get(f"/settings/questionnaires/{service.pk}/preview/?quality=5&speed=&solved=yes").content.decode()
    assert "What should we do better?" in page
    assert "What was missing?" not in page
    page = ada.get(f"/settings/questionnaires/{service.pk}/preview/?quality=9").content.decode()
    assert "Choose one of the answers first" in page


def test_agents_do_not_write_questionnaires(client: Client, cast: Cast, service: Questionnaire) -> None:
    client.force_login(cast.mei)
    assert client.get(f"/settings/questionnaires/{service.pk}/questions/").status_code == 403
    assert client.post(f"/settings/questionnaires/{service.pk}/change/", {"publish": "1"}).status_code == 403


def test_questions_follow_the_score_one_by_one(
    client: Client, cast: Cast, open_at: OpenTicket, service: Questionnaire
) -> None:
    SurveyTemplate.objects.filter(code="csat").update(delay_hours=0, questionnaire=service)
    Rule.objects.filter(code="survey-csat").update(is_active=True)
    resolve_ticket(open_at("2026-01-05T09:00"), by=cast.ada)
    ask_due()
    survey = Survey.objects.get()
    url = f"/portal/survey/{survey.token}/"
    assert client.post(url, {"question": "quality", "answer": "5"}).status_code == 409
    answer_survey(survey, 5, by=None)
    assert "How good was the service?" in client.get(url).content.decode()
    for code, given in (("quality", "4"), ("quality", "1"), ("speed", ""), ("solved", "")):
        answer = client.post(url, {"question": code, "answer": given})
    assert answer.status_code == 422
    client.post(url, {"question": "solved", "answer": "no"})
    client.post(url, {"question": "missing", "answer": ["slow", "again"]})
    survey.refresh_from_db()
    assert survey.answers == {"quality": "4", "speed": None, "solved": "no", "missing": ["slow", "again"]}


def test_agent_asks_during_a_visit(client: Client, cast: Cast, service: Questionnaire) -> None:
    now = clock.now()
    visit = create_visit(
        by=cast.mei,
        method=VisitMethod.objects.get(code="phone"),
        theme=VisitTheme.objects.get(code="care"),
        due_from=now,
        due_by=now + timedelta(days=1),
        assignee=cast.mei,
        contact=cast.zhao.contact,
    )
    Visit.objects.filter(pk=visit.pk).update(questionnaire=service.in_use)
    client.force_login(cast.mei)
    client.post(f"/console/visits/{visit.pk}/answer/", {"question": "quality", "answer": "3"})
    client.post(f"/console/visits/{visit.pk}/answer/", {"question": "quality", "answer": "1"})
    visit.refresh_from_db()
    assert visit.answers == {"quality": "3"}
    assert "How quickly did we answer?" in client.get(f"/console/visits/{visit.pk}/").content.decode()
