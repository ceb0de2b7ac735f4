"""The page behind a survey's link: nobody signs in, opening it records nothing, a wrong token leads nowhere."""

import pytest
from django.test import Client

from crmcore import clock
from tests.cast import Cast
from tickets.actions.lifecycle import resolve_ticket
from tickets.actions.survey_asking import ask_due
from tickets.models import Rule, Survey, SurveyTemplate, Ticket


@pytest.fixture
def survey(cast: Cast, ticket: Ticket) -> Survey:
    SurveyTemplate.objects.update(delay_hours=0)
    Rule.objects.filter(code="survey-csat").update(is_active=True)
    resolve_ticket(ticket, by=cast.mei)
    ask_due()
    return Survey.objects.get()


def address(survey: Survey) -> str:
    return f"/portal/survey/{survey.token}/"


def score_of(survey: Survey) -> int | None:
    survey.refresh_from_db()
    return survey.score


def test_opening_the_link_records_nothing(client: Client, survey: Survey) -> None:
    page = client.get(f"{address(survey)}?score=5")
    assert client.head(f"{address(survey)}?score=5").status_code == 200
    assert 'value="5" required checked' in page.content.decode()
    assert score_of(survey) is None


def test_button_records_without_sign_in(client: Client, survey: Survey) -> None:
    page = client.post(address(survey), {"score": "5"}, follow=True)
    assert "Thank you" in page.content.decode()
    assert score_of(survey) == 5


def test_words_may_follow(client: Client, survey: Survey) -> None:
    client.post(address(survey), {"score": "5"})
    client.post(address(survey), {"score": "5", "comment": "快！"})
    survey.refresh_from_db()
    assert survey.comment == "快！"


def test_forged_token_leads_nowhere(client: Client, survey: Survey) -> None:
    for token in (survey.token[:-1] + "~", str(survey.pk), "a" * 300, "%00"):
        assert client.post(f"/portal/survey/{token}/", {"score": "5"}).status_code == 404
    assert score_of(survey) is None


@pytest.mark.parametrize("score", ["", "0", "6", "-1", "４", "1e3", "99999999999"])
def test_bad_score_says_so(client: Client, survey: Survey, score: str) -> None:
    page = client.post(address(survey), {"score": score})
    assert page.status_code == 422 or score == "４"
    assert score_of(survey) in (None, 4)


def test_late_answer_is_told_so(client: Client, survey: Survey) -> None:
    assert survey.expires_at is not None
    with clock.at(survey.expires_at):
        page = client.post(address(survey), {"score": "5"})
    assert page.status_code == 409
    assert "closed" in page.content.decode()
    assert score_of(survey) is None


def test_page_speaks_the_customers_language(client: Client, survey: Survey, cast: Cast) -> None:
    assert cast.zhao.contact is not None
    cast.zhao.contact.language = "zh-hans"
    cast.zhao.contact.save()
    assert 'lang="zh' in client.get(address(survey)).content.decode()
