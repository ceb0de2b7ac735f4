"""Sending the code with which somebody without an account opens their request; nobody learns whether it exists."""

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from crmcore import clock
from crmcore.actions.letters import write_letter
from crmcore.actions.one_time_codes import new_code
from crmcore.later import run_later
from crmcore.models import OneTimeCode
from servicedesk.portal.guests import Claim, ticket_of
from telephony.actions.desk_texts import text_from_desk

Purpose = OneTimeCode.Purpose


def ask_for_code(claim: Claim, language: str) -> int:
    """The id of a code that will be sent if number and address belong together; the caller learns nothing of that."""
    code = new_code(Purpose.TRACK, claim.address)
    run_later("servicedesk.send_tracking_code", code.pk, claim.number, claim.kind, language)
    return code.pk


@transaction.atomic
def send_code(code_id: int, number: str, kind: str, language: str) -> None:
    """Look whether there is such a request, and only then write to the address."""
    code = OneTimeCode.objects.select_for_update().filter(pk=code_id, about="", expires_at__gt=clock.now()).first()
    if code is None:
        return
    claim = Claim(number, kind, code.address)
    ticket = ticket_of(claim)
    if ticket is None:
        return
    code.about = f"request {number}"
    code.save(update_fields=["about"])
    with translation.override(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
        if claim.is_phone:
            words = _("Your code for request %(number)s is {code}. It holds for ten minutes.")
            text_from_desk(code.address, words % {"number": number}, queue=ticket.queue, code=code)
        else:
            write_letter(code.address, _("Your code for request %(number)s") % {"number": number}, _words(), code=code)


def opens(code: OneTimeCode, claim: Claim) -> bool:
    """Whether a code that was typed in rightly is for this request and this address."""
    return code.about == f"request {claim.number}" and code.address == claim.address


def _words() -> str:
    return _(
        "Your code is {code}\n\n"
        "Type it in on the page that you have open. It holds for ten minutes and works once. "
        "If you did not ask for it, you need do nothing: without the code nobody sees your request."
    )
