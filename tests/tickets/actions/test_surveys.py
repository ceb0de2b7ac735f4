"""Surveys: asked once and not too often, answered once, taken back when the matter is not over."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from crmcore import clock
from crmcore.actions.consents import say_consents
from crmcore.models import ContactPoint, Notice
from tests.at_once import at_once
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tickets.actions import survey_asking
from tickets.actions.lifecycle import rate_ticket, reopen_ticket, resolve_ticket
from tickets.actions.survey_answers import SurveyOver, answer_survey
from tickets.actions.survey_asking import ask_due
from tickets.models import Mail, Mailbox, Rule, Survey, SurveyTemplate, Ticket

MON = "2026-01-05T"
State = Survey.State


@pytest.fixture
def csat(cast: Cast) -> SurveyTemplate:
    """The shipped survey, asked at once when a ticket is solved."""
    SurveyTemplate.objects.filter(code="csat").update(delay_hours=0)
    Rule.objects.filter(code="survey-csat").update(is_active=True)
    return SurveyTemplate.objects.get(code="csat")


def solved(open_at: OpenTicket, cast: Cast, moment: str = "09:00", **facts: object) -> Ticket:
    ticket = open_at(MON + moment, assignee=cast.mei, **facts)
    with clock.at(at(MON + moment)):
        return resolve_ticket(ticket, by=cast.mei)


def asked(ticket: Ticket, when: str = MON + "09:01") -> Survey:
    with clock.at(at(when)):
        ask_due()
    return Survey.objects.get(ticket=ticket)


def answer(survey: Survey, score: int, when: datetime, comment: str | None = None) -> Survey:
    with clock.at(when):
        return answer_survey(survey, score, by=None, comment=comment)


def test_solved_ticket_is_asked_about_by_its_rule(cast: Cast, open_at: OpenTicket, csat: SurveyTemplate) -> None:
    survey = asked(solved(open_at, cast))
    assert (survey.state, survey.agent, survey.queue) == (State.ASKED, cast.mei, cast.support_queue)
    assert survey.expires_at == at(MON + "09:01") + timedelta(days=14)


def test_two_rules_ask_about_one_ticket_once(cast: Cast, open_at: OpenTicket, csat: SurveyTemplate) -> None:
    Rule.objects.filter(code="survey-nps").update(is_active=True)
    ticket = solved(open_at, cast)
    assert Survey.objects.get(ticket=ticket).measure == "csat"
    survey = Survey.objects.get(ticket=ticket)
    survey.pk, survey.token = None, "another"
    with pytest.raises(IntegrityError), transaction.atomic():
        survey.save(force_insert=True)


def test_one_that_cannot_be_asked_keeps_no_other_waiting(
    cast: Cast, open_at: OpenTicket, csat: SurveyTemplate, monkeypatch: pytest.MonkeyPatch
) -> None:
    SurveyTemplate.objects.update(rest_days=0)
    first, second = solved(open_at, cast), solved(open_at, cast)
    way_for = survey_asking._way_for

    def fails_for_the_first(survey: Survey, template: SurveyTemplate) -> str:
        if survey.ticket_id == first.pk:
            raise RuntimeError
        return way_for(survey, template)

    monkeypatch.setattr(survey_asking, "_way_for", fails_for_the_first)
    with clock.at(at(MON + "09:01")):
        assert ask_due() == 1
    assert Survey.objects.get(ticket=first).state == State.PLANNED
    assert Survey.objects.get(ticket=second).state == State.ASKED


def test_customer_who_was_asked_lately_is_spared(cast: Cast, open_at: OpenTicket, csat: SurveyTemplate) -> None:
    first, second = solved(open_at, cast), solved(open_at, cast)
    with clock.at(at(MON + "09:01")):
        ask_due()
    states = sorted(Survey.objects.filter(ticket__in=(first, second)).values_list("state", flat=True))
    assert states == [State.ASKED, State.SPARED]


def test_customer_who_wants_no_questions_is_spared(cast: Cast, open_at: OpenTicket, csat: SurveyTemplate) -> None:
    assert cast.zhao.contact is not None
    say_consents(cast.zhao.contact, {"survey": False}, by=cast.zhao, source="portal")
    assert asked(solved(open_at, cast)).state == State.SPARED


def test_reopened_ticket_takes_the_question_back(cast: Cast, open_at: OpenTicket, csat: SurveyTemplate) -> None:
    ticket = solved(open_at, cast)
    survey = asked(ticket)
    with clock.at(at(MON + "10:00")):
        reopen_ticket(ticket, by=cast.zhao)
    with pytest.raises(SurveyOver):
        answer(survey, 5, at(MON + "10:01"))
    survey.refresh_from_db()
    assert survey.state == State.CANCELLED


def test_reopened_ticket_is_asked_about_when_it_is_over_again(
    cast: Cast, open_at: OpenTicket, csat: SurveyTemplate
) -> None:
    SurveyTemplate.objects.update(rest_days=0)
    ticket = solved(open_at, cast)
    asked(ticket)
    with clock.at(at(MON + "10:00")):
        resolve_ticket(reopen_ticket(ticket, by=cast.zhao), by=cast.mei)
    with clock.at(at(MON + "10:01")):
        ask_due()
    assert sorted(ticket.surveys.values_list("state", flat=True)) == [State.ASKED, State.CANCELLED]


def test_planned_survey_of_a_reopened_ticket_is_never_asked(
    cast: Cast, open_at: OpenTicket, csat: SurveyTemplate
) -> None:
    SurveyTemplate.objects.update(delay_hours=2)
    ticket = solved(open_at, cast)
    with clock.at(at(MON + "10:00")):
        reopen_ticket(ticket, by=cast.zhao)
    assert asked(ticket, MON + "12:00").state == State.CANCELLED


def test_answer_counts_on_survey_and_ticket(cast: Cast, open_at: OpenTicket, csat: SurveyTemplate) -> None:
    ticket = solved(open_at, cast)
    answer(asked(ticket), 4, at(MON + "10:00"), comment=" Quick. ")
    ticket.refresh_from_db()
    assert (ticket.rating, ticket.rating_comment) == (4, "Quick.")
    assert ticket.interactions.filter(event="rated").count() == 1


def test_same_answer_twice_is_one(cast: Cast, open_at: OpenTicket, csat: SurveyTemplate) -> None:
    ticket = solved(open_at, cast)
    survey = asked(ticket)
    for minute in ("10:00", "10:01"):
        answer(survey, 4, at(MON + minute))
    assert ticket.interactions.filter(event="rated").count() == 1
    assert Survey.objects.get(ticket=ticket).answered_at == at(MON + "10:00")


def test_answer_may_be_changed_for_a_day(cast: Cast, open_at: OpenTicket, csat: SurveyTemplate) -> None:
    survey = asked(solved(open_at, cast))
    answer(survey, 2, at(MON + "10:00"))
    assert answer(survey, 5, at("2026-01-06T09:59")).score == 5
    with pytest.raises(SurveyOver):
        answer(survey, 1, at("2026-01-06T10:00"))


def test_expired_survey_takes_no_answer(cast: Cast, open_at: OpenTicket, csat: SurveyTemplate) -> None:
    survey = asked(solved(open_at, cast))
    with pytest.raises(SurveyOver):
        answer(survey, 5, at("2026-01-19T09:01"))
    with clock.at(at("2026-01-19T09:02")):
        ask_due()
    survey.refresh_from_db()
    assert survey.state == State.EXPIRED


def test_score_beside_the_scale_is_refused(cast: Cast, open_at: OpenTicket, csat: SurveyTemplate) -> None:
    survey = asked(solved(open_at, cast))
    for score in (0, 6):
        with pytest.raises(ValueError, match=str(score)):
            answer(survey, score, at(MON + "10:00"))


def test_low_score_is_followed_up_once(cast: Cast, open_at: OpenTicket, csat: SurveyTemplate) -> None:
    survey = asked(solved(open_at, cast))
    for score, minute in ((1, "10:00"), (5, "10:01"), (2, "10:02")):
        answer(survey, score, at(MON + minute))
    assert Notice.objects.filter(user=cast.sun).count() == 1


def test_good_score_bothers_nobody(cast: Cast, open_at: OpenTicket, csat: SurveyTemplate) -> None:
    answer(asked(solved(open_at, cast)), 3, at(MON + "10:00"))
    assert not Notice.objects.filter(user=cast.sun).exists()


def test_answer_stays_when_its_follow_up_fails(cast: Cast, open_at: OpenTicket, csat: SurveyTemplate) -> None:
    SurveyTemplate.objects.update(low_steps=[["priority", "urgent"], ["queue", "999999"]])
    ticket = solved(open_at, cast)
    answer(asked(ticket), 1, at(MON + "10:00"))
    ticket.refresh_from_db()
    assert (ticket.rating, ticket.priority) == (1, "normal")


def test_stars_on_the_portal_answer_the_survey(cast: Cast, open_at: OpenTicket, csat: SurveyTemplate) -> None:
    ticket = solved(open_at, cast)
    asked(ticket)
    with clock.at(at(MON + "10:00")):
        rate_ticket(ticket, by=cast.zhao, score=1)
    assert Survey.objects.get(ticket=ticket).score == 1
    assert Notice.objects.filter(user=cast.sun).exists()


def test_stars_that_nobody_asked_for_are_an_answer_of_their_own(cast: Cast, open_at: OpenTicket) -> None:
    ticket = solved(open_at, cast)
    with clock.at(at(MON + "10:00")):
        rate_ticket(ticket, by=cast.zhao, score=4)
        rate_ticket(ticket, by=cast.zhao, score=5)
    survey = Survey.objects.get(ticket=ticket)
    assert (survey.score, survey.asked_at, survey.template) == (5, None, None)


def test_rated_ticket_is_not_asked_about(cast: Cast, open_at: OpenTicket, csat: SurveyTemplate) -> None:
    SurveyTemplate.objects.update(delay_hours=2)
    ticket = solved(open_at, cast)
    with clock.at(at(MON + "10:00")):
        rate_ticket(ticket, by=cast.zhao, score=4)
    assert asked(ticket, MON + "12:00").state == State.ANSWERED


def test_mail_has_a_link_for_each_score(
    cast: Cast, open_at: OpenTicket, csat: SurveyTemplate, settings: Settings
) -> None:
    settings.PUBLIC_BASE_URL = "https://desk.example"
    Mailbox.objects.create(address="support@desk.example", name="Support", queue=cast.support_queue)
    ContactPoint.objects.create(
        contact=cast.zhao.contact, kind="email", value="zhao@example.com", raw="zhao@example.com"
    )
    survey = asked(solved(open_at, cast))
    mail = Mail.objects.get()
    assert mail.is_automatic
    assert mail.interaction is not None
    assert all(
        f"/portal/survey/{survey.token}/?score={score}\n" in f"{mail.interaction.body}\n" for score in range(1, 6)
    )
    assert not mail.interaction.is_public


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_once_are_one_answer(cast: Cast, open_at: OpenTicket, csat: SurveyTemplate) -> None:
    with clock.at(at(MON + "09:00")):
        ticket = resolve_ticket(open_at(MON + "09:00", assignee=cast.mei), by=cast.mei)
        ask_due()
    survey = Survey.objects.get(ticket=ticket)
    at_once(*[lambda: answer(survey, 1, at(MON + "10:00"))] * 4)
    assert ticket.interactions.filter(event="rated").count() == 1
    assert Notice.objects.filter(user=cast.sun).count() == 1
