"""A call promised for a time that the customer reads on their own clock."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crmcore import phone_numbers
from crmcore.models import User
from crmcore.zones import city_of
from servicedesk.middleware import zone_of
from telephony.actions.outgoing import Target

SHORTCUTS: tuple[tuple[str, Promise], ...] = (
    ("hour", _("In an hour")),
    ("hours", _("In three hours")),
    ("tomorrow", _("Tomorrow 10:00")),
)
TEN = time(10)
SOON = timedelta(hours=1)


@dataclass
class PromiseForm:
    """What the form shows: the day and time are those of the customer's place, or of the reader where it is unknown."""

    number: str
    target: Target
    user: User
    now: datetime
    day: str = ""
    time: str = ""
    note: str = ""
    problem: str = ""
    shortcuts: tuple[tuple[str, Promise], ...] = SHORTCUTS

    def __post_init__(self) -> None:
        usual = (self.now + SOON).astimezone(timezone.get_current_timezone() if not self.zone else zone_of(self.zone))
        self.day = self.day or usual.date().isoformat()
        self.time = self.time or usual.strftime("%H:00")

    @property
    def pretty(self) -> str:
        return phone_numbers.pretty(self.number)

    @property
    def name(self) -> str:
        holder = self.target.contact or self.target.account
        return holder.name if holder else self.pretty

    @property
    def zone(self) -> str:
        """The customer's own zone, empty where none is known."""
        ticket = self.target.ticket
        contact = self.target.contact or (ticket.contact if ticket else None)
        account = self.target.account or (ticket.account if ticket else None)
        return (contact.time_zone if contact else "") or (account.time_zone if account else "")

    @property
    def city(self) -> str:
        return city_of(self.zone)

    @property
    def local_time(self) -> str:
        return self.now.astimezone(zone_of(self.zone)).strftime("%H:%M") if self.zone else ""

    def moment(self, when: str) -> datetime:
        """The moment that was meant. Raises ValueError for a day or time that nobody can read."""
        zone = zone_of(self.zone or self.user.time_zone)
        if when == "hour":
            return self.now + timedelta(hours=1)
        if when == "hours":
            return self.now + timedelta(hours=3)
        if when == "tomorrow":
            return datetime.combine(self.now.astimezone(zone).date() + timedelta(days=1), TEN, zone)
        return datetime.combine(date.fromisoformat(self.day), time.fromisoformat(self.time), zone)
