"""Asking what was planned, once and not too often; what is not answered in time runs out."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from crmcore.clock import now
from crmcore.models import ConsentKind, Contact
from crmcore.queries.consents import refuses
from tickets.actions.desk_mail import write_by_itself
from tickets.models import Survey, SurveyTemplate, Ticket
from tickets.queries.mail_outlets import language_for, mailbox_for
from tickets.queries.mail_people import requester_address
from tickets.queries.surveys import choices_of, has_public_address, link_to, question_of

log = structlog.get_logger(__name__)

AT_ONCE = 200


def ask_due() -> int:
    """Ask what is due and let run out what is over; how many were asked."""
    at = now()
    Survey.objects.filter(state=Survey.State.ASKED, expires_at__lte=at).update(state=Survey.State.EXPIRED)
    due = Survey.objects.filter(state=Survey.State.PLANNED, due_at__lte=at).order_by("due_at", "pk")
    return sum(_ask_one_of_many(pk) for pk in list(due.values_list("pk", flat=True)[:AT_ONCE]))


def _ask_one_of_many(survey_id: int) -> bool:
    """One that cannot be asked keeps no other waiting."""
    try:
        return ask(survey_id)
    except Exception:
        log.exception("tickets.survey_not_asked", survey=survey_id)
        return False


@transaction.atomic
def ask(survey_id: int) -> bool:
    """Ask one, unless that was done, the ticket is open again, or the customer was asked lately or refuses."""
    at, waiting = now(), Survey.objects.filter(pk=survey_id, state=Survey.State.PLANNED, due_at__lte=now())
    found = waiting.first()
    if found is None:
        return False
    # The ticket first, as everybody locks who changes it.
    Ticket.objects.select_for_update().values("pk").get(pk=found.ticket_id)
    survey = waiting.select_related("template", "ticket__status").first()
    if survey is None or survey.template is None:
        return False
    spared = refuses(survey.contact_id, ConsentKind.SURVEY) or _was_asked_lately(survey, survey.template, at)
    survey.state = Survey.State.SPARED if spared else Survey.State.ASKED
    if survey.state == Survey.State.ASKED:
        survey.asked_at, survey.expires_at = at, at + timedelta(days=survey.template.valid_days)
        survey.way = _way_for(survey, survey.template)
    survey.save(update_fields=["state", "asked_at", "expires_at", "way"])
    if survey.way == SurveyTemplate.Way.EMAIL:
        _mail(survey, at)
    return survey.state == Survey.State.ASKED


def _was_asked_lately(survey: Survey, template: SurveyTemplate, at: datetime) -> bool:
    if not template.rest_days:
        return False
    if survey.contact_id is not None:
        # Two tickets of one customer may end in the same second: they are asked about one after the other.
        Contact.objects.select_for_update(no_key=True).values("pk").get(pk=survey.contact_id)
        of_customer = Survey.objects.filter(contact=survey.contact_id)
    else:
        of_customer = Survey.objects.filter(account=survey.account_id)
    return of_customer.filter(asked_at__gt=at - timedelta(days=template.rest_days)).exists()


def _way_for(survey: Survey, template: SurveyTemplate) -> str:
    """The first of the template's ways that may lead to the customer; the portal shows the question in any case."""
    if not has_public_address():
        return ""
    for way in template.ways:
        if way == SurveyTemplate.Way.SMS:
            return way
        if mailbox_for(survey.ticket) and requester_address(survey.ticket):
            return way
    return ""


def _mail(survey: Survey, at: datetime) -> None:
    """A mail with one link for each score. Opening a link records nothing: mail scanners open them all."""
    ticket = survey.ticket
    mailbox, to = mailbox_for(ticket), requester_address(ticket)
    if mailbox is None or to is None:
        return
    with translation.override(language_for(ticket)):
        links = [f"{label}: {link_to(survey, score)}" for score, label in choices_of(survey)]
        words = "\n\n".join([question_of(survey), "\n".join(links), _("It takes one tap. Thank you!")])
        write_by_itself(mailbox, ticket, to, words, is_public=False, said="survey")
    Survey.objects.filter(pk=survey.pk).update(sent_at=at)
