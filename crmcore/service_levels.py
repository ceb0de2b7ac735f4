"""The usual definitions of a service level: which share of callers was served in time."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Formula(TextChoices):
    """How those count who were not answered."""

    ANSWERED_ONLY = "sl1", _("Answered in time, of the answered")
    ABANDONS_IN_TIME_COUNT = "sl2", _("Answered or hung up in time, of both")
    WITHOUT_SHORT_ABANDONS = "sl3", _("Answered in time, of all but short hang-ups")
    LEFT_IN_TIME = "sl4", _("Left the queue in time whichever way, of all who entered")
    IGNORE_ABANDONS_IN_TIME = "sl5", _("Answered in time, hang-ups within the time left out")
