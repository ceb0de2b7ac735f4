"""Why a call is not placed, in words for whoever wanted it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Refusal(TextChoices):
    UNREADABLE = "unreadable", _("This is not a number that can be called.")
    OWN_NUMBER = "own_number", _("This is one of our own numbers.")
    DO_NOT_CALL = "do_not_call", _("Do not call: the customer does not want calls on this number.")
    PREMIUM = "premium", _("Premium rate numbers are not called.")
    THE_CUSTOMER = "the_customer", _("This is the customer's own number.")
    DEMO = "demo", _("Numbers and calls of the demo are never connected with real telephones.")
    NOT_BY_THIS_CARRIER = "not_by_this_carrier", _("Calls of this kind cannot be connected with telephone numbers.")
    NO_LINE = "no_line", _("No line is set up that could place this call.")
    NOT_ON_SHIFT = "not_on_shift", _("Start your shift before you call.")
    BEING_CALLED = "being_called", _("A colleague is calling this number right now.")
    BUSY = "busy", _("Finish what you have in hand before you call.")
    CLOSED_HOURS = "closed_hours", _("Outside of the calling hours where this customer is.")
    STOPPED = "stopped", _("This campaign is not running any more.")


class DialRefused(Exception):
    """The call may not, or cannot, be placed."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
