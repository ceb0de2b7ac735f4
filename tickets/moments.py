"""Moments as people choose them: in a while, tomorrow morning, or a day and hour of their own."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crmcore.clock import now

MORNING = 9
CHOICES: dict[str, Promise] = {
    "1h": _("In an hour"),
    "3h": _("In three hours"),
    "1d": _("Tomorrow morning"),
    "3d": _("In three days"),
    "7d": _("In a week"),
}


def chosen_moment(text: str) -> datetime | None:
    """A choice from the list, or a day and hour on the reader's own clock; None for anything else and for the past."""
    present = now()
    if text in CHOICES:
        count = int(text[:-1])
        if text.endswith("h"):
            return present + timedelta(hours=count)
        day = timezone.localtime(present) + timedelta(days=count)
        return day.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    try:
        moment = timezone.make_aware(datetime.fromisoformat(text))
    except ValueError:
        return None
    return moment if moment > present else None
