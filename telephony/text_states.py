"""States of text messages: how far each has come, and why one did not arrive."""

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _


class TextChannel(TextChoices):
    """By what messages travel; also channels of tickets and interactions."""

    SMS = "sms", _("Text message")
    WHATSAPP = "whatsapp", "WhatsApp"
    WECHAT = "wechat", _("WeChat")


class TextState(TextChoices):
    """`sent` has left the carrier, `failed` never left it, `undelivered` was not taken at the other end."""

    RECEIVED = "received", pgettext_lazy("text message", "Received")
    QUEUED = "queued", pgettext_lazy("text message", "On its way")
    SENT = "sent", pgettext_lazy("text message", "Sent")
    FAILED = "failed", pgettext_lazy("text message", "Not sent")
    UNDELIVERED = "undelivered", pgettext_lazy("text message", "Not delivered")
    DELIVERED = "delivered", pgettext_lazy("text message", "Delivered")
    READ = "read", pgettext_lazy("text message", "Read")


# Reports come in any order: a message only ever rises. What was delivered cannot have failed.
_LADDER = (
    TextState.QUEUED,
    TextState.SENT,
    TextState.FAILED,
    TextState.UNDELIVERED,
    TextState.DELIVERED,
    TextState.READ,
)
LOST = frozenset({TextState.FAILED, TextState.UNDELIVERED})
ARRIVED = frozenset({TextState.DELIVERED, TextState.READ})
# Nothing more is waited for: `read` may follow `delivered`, but nobody asks for it.
SETTLED = LOST | ARRIVED | {TextState.RECEIVED}


def below(state: str) -> list[TextState]:
    """The states from which a message may rise to `state`."""
    return list(_LADDER[: _LADDER.index(TextState(state))]) if state in _LADDER else []


class TextFault(TextChoices):
    """Why we ourselves did not send a message; carriers give numbers instead."""

    OPTED_OUT = "opted_out", _("The customer does not want messages on this number.")
    WINDOW_CLOSED = "window", _("More than 24 hours have passed since the customer last wrote.")
    NO_LINE = "no_line", _("No number of ours can send messages there.")
    GAVE_UP = "gave_up", _("The carrier could not be reached.")
    CANCELLED = "cancelled", _("It was stopped before it was sent.")
    TOO_LATE = "too_late", _("The code in it had run out before it could be sent.")
    SILENT = "silent", _("More than 48 hours have passed since the customer last wrote.")
    UNSURE = "unsure", _("No answer came back, so it may have arrived. Ask before you send it again.")


_UNREACHABLE = _("The telephone is switched off or out of reach.")
_NOT_MOBILE = _("This number cannot receive messages; it may be a landline.")
_OPTED_OUT = _("The customer replied STOP to this number.")
_WINDOW = _("WhatsApp takes free text only within 24 hours of the customer's last message.")
_SILENT = _("WeChat takes messages only within 48 hours of the customer's last one, and five for each of theirs.")
_CARRIER_SENTENCES: dict[str, Promise] = {
    "21211": _("This is not a valid number."),
    "21408": _("The carrier's account may not send messages to this country."),
    "21606": _("Our number cannot send messages."),
    "21610": _OPTED_OUT,
    "21612": _("The carrier knows no way from our number to this one."),
    "21614": _NOT_MOBILE,
    "21617": _("The message is too long."),
    "30001": _("The carrier's queue is full. Try again later."),
    "30002": _("The carrier's account is suspended."),
    "30003": _UNREACHABLE,
    "30004": _("The recipient, or their network, blocks these messages."),
    "30005": _("The number does not exist any more, or the telephone is off."),
    "30006": _NOT_MOBILE,
    "30007": _("A network took the message for spam. Word it differently."),
    "30008": _("The recipient's network did not say why."),
    "30034": _("Our number is not registered for messages in the United States."),
    "63003": _("This number has no WhatsApp."),
    "63016": _WINDOW,
    "63018": _("Too many WhatsApp messages at once. Try again later."),
    "63024": _("This number cannot receive WhatsApp messages."),
    "63032": _("WhatsApp does not deliver to this person at present."),
    "40003": _("WeChat does not know this follower."),
    "43004": _("The customer does not follow our account any more."),
    "45002": _("The message is too long."),
    "45015": _SILENT,
    "45047": _SILENT,
    "48001": _("Our WeChat account may not write to customers: it is not verified."),
}


def explanation(code: str) -> str:
    """Why a message did not arrive, in the reader's language; an unknown number of the carrier is named."""
    if code in TextFault.values:
        return str(TextFault(code).label)
    if code in _CARRIER_SENTENCES:
        return str(_CARRIER_SENTENCES[code])
    return gettext("The carrier reports fault %s.") % code if code else ""
