"""Why a message is not sent, in words for whoever wanted it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TextRefusal(TextChoices):
    NO_WAY = "no_way", _("No number of ours can send messages there.")
    OPTED_OUT = "opted_out", _("The customer does not want messages on this number.")
    WINDOW_CLOSED = "window", _("The 24 hours are over: choose an approved template.")
    EMPTY = "empty", _("Write something first.")
    TOO_LONG = "too_long", _("The message is too long: 1,600 characters at most.")
    SILENT = "silent", _("The 48 hours are over: the customer has to write first.")
    TOO_LONG_FOR_WECHAT = "octets", _("The message is too long for WeChat: about 680 Chinese characters at most.")
    BAD_TEMPLATE = "template", _("Choose a template and fill in all its places.")


class TextNotSent(Exception):
    """The message may not, or cannot, be sent."""

    def __init__(self, refusal: TextRefusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
