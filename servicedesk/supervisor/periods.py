"""Which stretch of time a report covers and into which steps it is cut, in the reader's zone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STEPS: dict[str, Promise] = {
    "quarter": _("15 minutes"),
    "half_hour": _("30 minutes"),
    "hour": _("Hour"),
    "day": _("Day"),
    "week": _("Week"),
    "month": _("Month"),
}
# The longest stretch, in days, that a step may cut: more rows than this nobody reads.
LONGEST: dict[str, int] = {"quarter": 2, "half_hour": 3, "hour": 14, "day": 100, "week": 750, "month": 750}
LONGEST_REPORT = 750
WIDTHS = {"quarter": timedelta(minutes=15), "half_hour": timedelta(minutes=30), "hour": timedelta(hours=1)}


class PeriodForm(forms.Form):
    """First and last day, both included."""

    first = forms.DateField(label=pgettext_lazy("period", "From"))
    last = forms.DateField(label=pgettext_lazy("period", "To"))

    def clean(self) -> dict[str, date]:
        found = super().clean() or {}
        first, last = found.get("first"), found.get("last")
        if first and last and first > last:
            self.add_error("last", _("This day is before the first"))
        elif first and last and (last - first).days >= LONGEST_REPORT:
            self.add_error("last", _("A report covers at most two years"))
        return found


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both included, cut into `step`."""

    first: date
    last: date
    step: str
    zone: tzinfo

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time(), self.zone)

    @property
    def end(self) -> datetime:
        """The end, not included: the midnight after the last day."""
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def following(self, moment: datetime) -> datetime:
        """The beginning of the step after the one that begins at `moment`."""
        local = moment.astimezone(self.zone)
        if self.step in WIDTHS:
            return (moment + WIDTHS[self.step]).astimezone(self.zone)
        days = {"day": 1, "week": 7, "month": 32}[self.step]
        later = local.date() + timedelta(days=days)
        return datetime.combine(later.replace(day=1) if self.step == "month" else later, time(), self.zone)

    @property
    def steps(self) -> list[tuple[str, Promise]]:
        """Those that this period can be cut into."""
        return [(code, label) for code, label in STEPS.items() if fits(code, self.days)]


@dataclass(frozen=True)
class Preset:
    """A period that one click chooses."""

    label: Promise
    first: date
    last: date


def presets(today: date) -> list[Preset]:
    """The usual questions, asked on `today`."""
    month = today.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    return [
        Preset(_("Today"), today, today),
        Preset(_("Yesterday"), today - timedelta(days=1), today - timedelta(days=1)),
        Preset(_("Last 7 days"), today - timedelta(days=6), today),
        Preset(_("Last 30 days"), today - timedelta(days=29), today),
        Preset(_("Last month"), before, month - timedelta(days=1)),
        Preset(_("Last 12 months"), month.replace(year=month.year - 1), today),
    ]


def fits(step: str, days: int) -> bool:
    """Whether a period of so many days may be cut into `step`: not too many rows, and at least one whole."""
    least = {"week": 7, "month": 28}.get(step, 1)
    return step in LONGEST and least <= days <= LONGEST[step]


def usual_step(days: int) -> str:
    """The step that shows a period of so many days best."""
    if days == 1:
        return "half_hour"
    if days == 2:
        return "hour"
    return "day" if days <= 45 else "week"


def today_of(now: datetime) -> date:
    """The reader's date."""
    return timezone.localtime(now).date()
