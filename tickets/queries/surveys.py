"""Surveys as they are read: by their token, with the words of the question and of each score."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from tickets.models import Measure, Survey, Ticket


def survey_called(token: str) -> Survey | None:
    """The survey that a link leads to; None for a token that nobody was given."""
    rows = Survey.objects.select_related("ticket__status", "contact", "template", "questionnaire").defer(
        "ticket__search"
    )
    return rows.filter(token=token).first() if 0 < len(token) <= 40 and "\0" not in token else None


def shown_survey(ticket: Ticket) -> Survey | None:
    """What the ticket's customer is asked, or answered a while ago."""
    rows = Survey.objects.filter(ticket=ticket, template__isnull=False, reference="")
    return rows.filter(state__in=(Survey.State.ASKED, Survey.State.ANSWERED)).first()


def has_public_address() -> bool:
    """Whether links can be sent at all."""
    return bool(settings.PUBLIC_BASE_URL)


def link_to(survey: Survey, score: int | None = None) -> str:
    """The address for mails and text messages; with a score it comes chosen, but not yet sent."""
    chosen = "" if score is None else f"?score={score}"
    return f"{settings.PUBLIC_BASE_URL}{reverse('portal:survey', args=[survey.token])}{chosen}"


def question_of(survey: Survey) -> str:
    """What the customer is asked, in the active language."""
    about = {"number": survey.ticket.number}
    return {
        Measure.CSAT: _("How satisfied are you with how we handled %(number)s?"),
        Measure.NPS: _("After %(number)s: how likely are you to recommend us?"),
        Measure.EFFORT: _("We made it easy to settle %(number)s. Do you agree?"),
    }[Measure(survey.measure)] % about


def choices_of(survey: Survey) -> list[tuple[int, str]]:
    """The scores with their words, from the best in mails to the worst."""
    if survey.measure == Measure.CSAT:
        words = (_("Great"), _("Good"), _("Okay"), _("Poor"), _("Bad"))
        return list(zip(reversed(survey.scale), words, strict=True))
    return [(score, str(score)) for score in reversed(survey.scale)]


def ends_of(survey: Survey) -> tuple[str, str]:
    """What the two ends of the scale mean."""
    if survey.measure == Measure.NPS:
        return _("Not at all likely"), _("Very likely")
    if survey.measure == Measure.EFFORT:
        return _("Not at all"), _("Fully")
    return _("Bad"), _("Great")
