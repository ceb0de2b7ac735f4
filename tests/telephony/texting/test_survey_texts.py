"""Surveys by text message: one message to a number that takes them, none to whoever said no."""

import pytest
from pytest_django import Settings

from telephony.actions.survey_texts import send_survey_texts
from telephony.models import TextMessage
from tests.telephony.texting.conftest import MakeTexting, Texting
from tickets.actions.lifecycle import resolve_ticket
from tickets.actions.survey_asking import ask_due
from tickets.models import Rule, Survey, SurveyTemplate
from tickets.queries.surveys import link_to


@pytest.fixture
def texting(make_texting: MakeTexting, settings: Settings) -> Texting:
    settings.PUBLIC_BASE_URL = settings.PUBLIC_BASE_URL or "https://desk.example"
    return make_texting()


def asked(texting: Texting) -> Survey:
    SurveyTemplate.objects.filter(code="csat").update(ways=["sms"], delay_hours=0)
    Rule.objects.filter(code="survey-csat").update(is_active=True)
    texting.desk.do(resolve_ticket, texting.ticket(), by=texting.mei)
    texting.desk.do(ask_due)
    return Survey.objects.get()


def test_one_message_with_the_link(texting: Texting) -> None:
    survey = asked(texting)
    for _ in range(2):
        texting.desk.do(send_survey_texts)
    text = TextMessage.objects.get(direction="out")
    assert link_to(survey) in text.body


def test_whoever_said_no_is_asked_on_the_portal_alone(texting: Texting) -> None:
    texting.write("STOP")
    survey = asked(texting)
    texting.desk.do(send_survey_texts)
    survey.refresh_from_db()
    assert (survey.state, survey.way) == ("asked", "")
    assert not TextMessage.objects.filter(ticket=survey.ticket, direction="out").exists()
