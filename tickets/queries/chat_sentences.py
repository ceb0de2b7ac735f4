"""What a ticket's timeline says about its chats, in the reader's language."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext

from tickets.models.chat import ChatEnd
from tickets.models.fields import in_reader_tongue

ICONS = {
    "chat_joined": "icon:messages",
    "chat_passed": "icon:arrow-right",
    "chat_gone": "icon:message-off",
    "chat_call": "icon:phone",
    "chat_back": "icon:messages",
    "chat_ended": "icon:message-check",
}


def _passed(detail: dict[str, Any]) -> str:
    return gettext("passed the chat on to %(name)s") % {"name": in_reader_tongue(*detail["to"])}


EVENTS: dict[str, Callable[[dict[str, Any]], str]] = {
    "chat_joined": lambda d: gettext("took the chat"),
    "chat_passed": _passed,
    "chat_gone": lambda d: (
        gettext("put the chat back into the queue, because the screen of %(name)s was gone")
        % {"name": in_reader_tongue(*d["who"])}
    ),
    "chat_call": lambda d: gettext("asked the customer to call from the chat"),
    "chat_back": lambda d: gettext("saw the customer come back to the chat"),
    "chat_ended": lambda d: gettext("closed the chat: %(reason)s") % {"reason": ChatEnd(d["end"]).label},
}
