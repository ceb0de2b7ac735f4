"""The places of a canned reply, written {customer}: a closed list, each with words for when nothing is known."""

import re
from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

_PLACE = re.compile(r"\{\s*([\w.]*)\s*\}")


class Place(TextChoices):
    CUSTOMER = "customer", _("The customer's name")
    COMPANY = "company", _("The customer's company")
    NUMBER = "number", _("The number of the ticket")
    SUBJECT = "subject", _("What the ticket is about")
    AGENT = "agent", _("The name of whoever replies")
    QUEUE = "queue", _("The name of the queue")


FALLBACKS: dict[str, Promise] = {
    Place.CUSTOMER: pgettext_lazy("in place of a name", "customer"),
    Place.COMPANY: pgettext_lazy("in place of a company", "your company"),
    Place.NUMBER: pgettext_lazy("in place of a number", "your request"),
    Place.SUBJECT: pgettext_lazy("in place of a subject", "your request"),
    Place.AGENT: pgettext_lazy("in place of a name", "our team"),
    Place.QUEUE: pgettext_lazy("in place of a queue", "our team"),
}


def unknown_in(body: str) -> list[str]:
    """Places that do not exist, as they are written."""
    return [place[0] for place in _PLACE.finditer(body) if place[1] not in Place.values]


def filled(body: str, values: Mapping[str, str]) -> str:
    """The text with every place filled, in the active language where nothing is known; none is ever left."""
    return _PLACE.sub(lambda place: values.get(place[1]) or str(FALLBACKS.get(place[1], "")), body)
