"""What a chat says about itself: who came, who went, that it is over."""

from django import template
from django.utils.translation import gettext

from tickets.models import ChatEnd, ChatLine
from tickets.models.fields import in_reader_tongue

register = template.Library()


@register.simple_tag
def chat_event(line: ChatLine) -> str:
    """The sentence for a line without words, the same for both sides."""
    name = in_reader_tongue(*line.detail["who"]) if line.detail.get("who") else ""
    match line.event:
        case "joined":
            return gettext("%(name)s joined the chat") % {"name": name}
        case "passed":
            return gettext("The chat was passed on to %(name)s") % {"name": in_reader_tongue(*line.detail["to"])}
        case "gone":
            return gettext("%(name)s lost the connection. Somebody else takes over") % {"name": name}
        case "back":
            return gettext("The chat goes on")
        case "call":
            return gettext("%(name)s offers to speak on the phone") % {"name": name}
    return _ending(str(line.detail.get("end", "")), name)


def _ending(end: str, name: str) -> str:
    if end == ChatEnd.AGENT and name:
        return gettext("%(name)s ended the chat") % {"name": name}
    return str(ChatEnd(end).label)
