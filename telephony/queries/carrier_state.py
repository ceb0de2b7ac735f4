"""How our numbers stand at the carrier."""

from collections.abc import Iterator

from crmcore.findings import Finding
from telephony.models import PhoneLine
from telephony.providers.twilio.carrier_checks import check_carrier


def carrier_findings() -> Iterator[Finding]:
    """The carrier's checks over every line in use; asks the carrier and takes seconds."""
    lines = PhoneLine.objects.filter(is_active=True, is_demo=False).order_by("number")
    texting = lines.filter(takes_texts=True).values_list("number", flat=True)
    return check_carrier(list(lines.values_list("number", flat=True)), set(texting))
