"""The caller's score in seconds: time waited plus head starts, each with its reason, so that anybody can add it up."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class HeadStart(TextChoices):
    QUEUE = "queue", _("Queue")
    CALL = "call", _("Priority of the call")
    GRADE = "grade", _("Grade")
    TRANSFER = "transfer", _("Passed on")
    CALLBACK = "callback", _("Callback")
    OVERFLOW = "overflow", _("Waited before")
    PARKED = "parked", _("Parked before")
    RETURNED = "returned", _("Agent lost")


def head_starts(seconds: Mapping[HeadStart, int]) -> dict[str, int]:
    """The reasons that count, in seconds."""
    return {str(reason): value for reason, value in seconds.items() if value}
