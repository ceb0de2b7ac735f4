"""Surveys by text message: one link each, to customers whose number takes messages and who have not said no."""

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from crmcore.clock import now
from telephony.actions.text_states import lock_thread
from telephony.actions.texting import enter_text, new_text
from telephony.queries.texting import number_for, outlet_to
from telephony.text_states import TextChannel
from tickets.models import Survey, SurveyTemplate, Ticket
from tickets.queries.mail_outlets import language_for
from tickets.queries.surveys import link_to, question_of

AT_ONCE = 50


def send_survey_texts() -> int:
    """Send what was asked and waits for its message; how many went out."""
    waiting = Survey.objects.filter(state=Survey.State.ASKED, way=SurveyTemplate.Way.SMS, sent_at=None)
    return sum(_send(pk) for pk in list(waiting.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]))


@transaction.atomic
def _send(survey_id: int) -> bool:
    """One message, claimed before it is written; without a way to the customer the portal asks alone."""
    rows = Survey.objects.filter(pk=survey_id, state=Survey.State.ASKED, sent_at=None)
    found = rows.first()
    if found is None:
        return False
    # The ticket first, as everybody locks who changes it.
    Ticket.objects.select_for_update().values("pk").get(pk=found.ticket_id)
    if not rows.update(sent_at=now()):
        return False
    ticket = Ticket.objects.select_related("queue", "contact", "account").defer("search").get(pk=found.ticket_id)
    number = number_for(ticket, TextChannel.SMS)
    outlet = outlet_to(number, TextChannel.SMS, queue=ticket.queue) if number else None
    if outlet is None or outlet.is_opted_out or not outlet.takes_free_text(now()):
        Survey.objects.filter(pk=survey_id).update(way="")
        return False
    with translation.override(language_for(ticket)):
        words = _("%(question)s One tap: %(link)s") % {"question": question_of(found), "link": link_to(found)}
    text = new_text(lock_thread(TextChannel.SMS, number), outlet.route, words, now=now())
    text.contact, text.account = ticket.contact, ticket.account
    enter_text(text, ticket, None)
    return True
