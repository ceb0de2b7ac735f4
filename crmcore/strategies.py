"""In which order a queue asks its agents."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Strategy(TextChoices):
    LONGEST_IDLE = "longest_idle", _("Longest idle first")
    LEAST_OCCUPIED = "least_occupied", _("Least occupied first")
    FEWEST_CALLS = "fewest_calls", _("Fewest calls first")
    ROUND_ROBIN = "round_robin", _("In turn")
    RING_ALL = "ring_all", _("Ring all at once")
    LINEAR = "linear", _("In a fixed order")


class Preference(TextChoices):
    """Whom a returning customer waits for a while."""

    NOBODY = "nobody", _("Nobody in particular")
    OWNER = "owner", _("The customer's owner")
    LAST = "last", _("Who talked with them last")
    OWNER_OR_LAST = "owner_or_last", _("The owner, else who talked last")
