"""What a timeline says about visits, in the reader's language."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from tickets.models.fields import in_reader_tongue

_WHAT = {
    "written": _("ordered the visit %(number)s"),
    "given": _("gave the visit %(number)s to %(who)s for %(when)s"),
    "booked": _("booked the visit %(number)s for %(when)s"),
    "given_back": _("gave up the time of the visit %(number)s"),
    "confirmed": _("confirmed the visit %(number)s"),
    "cancelled": _("called off the visit %(number)s"),
    "declined": _("declined the visit %(number)s"),
    "accepted": _("accepted the visit %(number)s"),
    "on_way": _("is on the way for the visit %(number)s"),
    "on_site": _("arrived for the visit %(number)s"),
    "done": _("finished the visit %(number)s"),
    "failed": _("could not do the visit %(number)s: %(why)s"),
}


def _said(detail: dict[str, Any]) -> str:
    who, why = detail.get("who"), detail.get("why")
    facts = {
        "number": detail["number"],
        "who": in_reader_tongue(*who) if who else gettext("nobody yet"),
        "when": _moment(detail.get("when", "")),
        "why": in_reader_tongue(*why) if why else "",
    }
    return str(_WHAT[detail["what"]]) % facts


def _moment(stamp: str) -> str:
    if not stamp:
        return gettext("no time yet")
    chinese = (get_language() or "").startswith("zh")
    return date_format(timezone.localtime(datetime.fromisoformat(stamp)), "n月j日 H:i" if chinese else "j M H:i")


ICONS = {"dispatch": "icon:truck"}
EVENTS: dict[str, Callable[[dict[str, Any]], str]] = {"dispatch": _said}
