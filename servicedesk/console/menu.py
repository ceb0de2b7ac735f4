"""The rail: where staff can go, and what right opens each door."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crmcore.models import User
from crmcore.permissions import may


@dataclass(frozen=True)
class Door:
    """One place on the rail; `noun` and `action` name the right that opens it."""

    label: Promise
    icon: str
    url_name: str
    noun: str
    action: str = "view"
    pushed_down: bool = False

    @property
    def url(self) -> str:
        return reverse(self.url_name)


DOORS = (
    Door(_("Console"), "icon:headset", "console:home", "call"),
    Door(_("Tickets"), "icon:ticket", "tickets:list", "ticket"),
    Door(_("Customers"), "icon:users", "crm:accounts", "account"),
    Door(_("Dispatch board"), "icon:truck", "field:board", "dispatch", "assign"),
    Door(_("Leads"), "icon:target-arrow", "crm:leads", "lead"),
    Door(_("Opportunities"), "icon:chart-arrows-vertical", "crm:opportunities", "opportunity"),
    Door(_("Knowledge"), "icon:books", "kb:articles", "article"),
    Door(_("Campaigns"), "icon:speakerphone", "campaigns:list", "campaign", "edit"),
    Door(_("Live board"), "icon:broadcast", "supervisor:board", "board"),
    Door(_("Reports"), "icon:chart-bar", "supervisor:report_queues", "report"),
    Door(_("Settings"), "icon:settings", "setup:overview", "account", pushed_down=True),
)


def doors_of(user: User) -> list[Door]:
    """The doors that open for this person, in the order of the rail."""
    return [door for door in DOORS if may(user, door.noun, door.action) and _exists(door)]


def _exists(door: Door) -> bool:
    try:
        return bool(door.url)
    except NoReverseMatch:
        return False
