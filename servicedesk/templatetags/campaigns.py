"""What a page about a call says of the campaign that made it."""

from typing import Any

from django import template

from telephony.models import Call, Campaign

register = template.Library()


@register.inclusion_tag("servicedesk/console/_campaign_script.html")
def campaign_script(call: Call) -> dict[str, Any]:
    """The script of the campaign behind a call, for who speaks."""
    placed = call.direction == Call.Direction.OUT
    campaign = Campaign.objects.filter(targets__tries__call=call).first() if placed else None
    return {"campaign": campaign}
