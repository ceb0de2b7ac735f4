"""One page of the settings: what it sets, in one sentence, and the right that opens it."""

from dataclasses import dataclass

from django.db import models
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Group(models.TextChoices):
    """The headings of the list, in their order."""

    YOU = "you", pgettext_lazy("settings", "You")
    CALLS = "calls", _("Calls")
    TICKETS = "tickets", _("Tickets")
    CUSTOMERS = "customers", _("Customers")
    SALES = "sales", _("Sales")
    FIELD = "field", _("Field work")
    PEOPLE = "people", _("People and queues")
    CONNECTIONS = "connections", _("Connections")


@dataclass(frozen=True)
class SettingsPage:
    """One page; `noun` and `action` name the right that opens it, an empty noun opens it to all staff."""

    group: Group
    label: Promise
    summary: Promise
    icon: str
    url_name: str
    noun: str = "settings"
    action: str = "edit"

    @property
    def url(self) -> str:
        return reverse(self.url_name)
