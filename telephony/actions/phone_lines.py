"""Our own numbers: kept here, and connected at the carrier."""

from django.conf import settings
from django.db import transaction

from crmcore.actions import audit
from crmcore.models import User
from telephony.models import PhoneLine
from telephony.providers.twilio import provider, twiml
from telephony.providers.twilio.account import Account


@transaction.atomic
def save_line(line: PhoneLine, *, by: User) -> PhoneLine:
    """Write a new line or a changed one."""
    is_new = line.pk is None
    line.save()
    audit.record("line.created" if is_new else "line.changed", line, by=by, detail={"number": line.number})
    return line


@transaction.atomic
def use_line(line_id: int, in_use: bool, *, by: User) -> None:
    """Retire a line, or take it into use again; twice is once."""
    if PhoneLine.objects.filter(pk=line_id, is_active=not in_use).update(is_active=in_use):
        audit.record("line.restored" if in_use else "line.retired", PhoneLine.objects.get(pk=line_id), by=by)


def connect_lines(*, by: User) -> int:
    """Let the carrier send the calls and messages of all our lines here; the answer is how many it has.

    Raises CarrierError, Gone or Refused with the carrier's words; what was set before that stays set.
    """
    account, desk = Account.configured(), provider.onboarding()
    known, connected = desk.numbers(), 0
    for line in PhoneLine.objects.filter(is_active=True, is_demo=False):
        if line.number in known:
            desk.set_webhooks(known[line.number].sid, fallback_url=settings.TWILIO_FALLBACK_URL)
            if line.takes_texts:
                desk.set_text_webhook(known[line.number].sid)
            audit.record("line.connected", line, by=by)
            connected += 1
    if account.application_sid:
        desk.set_application(account.application_sid)
    return connected


def call_to_test(line: PhoneLine, to: str, *, by: User) -> str:
    """Call `to` (E.164) from one of our numbers and say so to whoever answers. Raises CarrierError or Gone."""
    sid = provider.onboarding().call(to, caller=line.number, markup=twiml.test_call(line.language or by.language))
    audit.record("line.test_call", line, by=by, detail={"to": to})
    return sid
