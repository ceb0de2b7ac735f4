"""What a timeline says of the customer's own decisions, in the reader's language."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext

ICONS = {
    "confirmed": "icon:circle-check",
    "contested": "icon:refresh",
    "called_off": "icon:x",
}
EVENTS: dict[str, Callable[[dict[str, Any]], str]] = {
    "confirmed": lambda d: gettext("confirmed that it is solved"),
    "contested": lambda d: gettext("said that it is not solved"),
    "called_off": lambda d: gettext("withdrew the request"),
}
