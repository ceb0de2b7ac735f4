"""The forms of a calendar: its week, a special day, a list of them; what they clean becomes `Hours`."""

import zoneinfo
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS as DAY_NAMES
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from crmcore.actions.calendars import Hours
from crmcore.chinese_holidays import YEARS, statutory_days
from crmcore.clock import now
from crmcore.day_lists import BadLine, read_list
from crmcore.forms.dressing import DressedForm
from crmcore.hours_text import read_hours, write_hours
from crmcore.special_days import LONGEST_RANGE, SpecialDays, merged
from crmcore.working_time import WEEKDAYS, CalendarError, working_calendar

LARGEST_FILE = 500_000
SHOWN_FAULTS = 12
EMPTY = Hours("Asia/Shanghai", {day: [["09:00", "18:00"]] for day in WEEKDAYS[:5]}, [])


class HoursForm(DressedForm):
    """A form that makes other hours of the present ones; `hours` is what it made."""

    def __init__(self, *args: Any, present: Hours = EMPTY, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.present = present

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            self.hours = self.changed(cleaned)
            try:
                calendar = working_calendar(self.hours.time_zone, self.hours.weekly, self.hours.overrides)
                calendar.require_open_time(now())
            except CalendarError as error:
                self.add_error(None, str(error))
        return cleaned

    def changed(self, cleaned: dict[str, Any]) -> Hours:
        raise NotImplementedError


class WeekForm(HoursForm):
    """Name, zone and the hours of each weekday."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("What queues and call flows call it."))
    name_zh = forms.CharField(
        label=_("Chinese name"),
        max_length=120,
        required=False,
        help_text=_("What they read in Chinese; empty means the same name."),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), help_text=_("The place whose clocks these hours follow."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted(name for name in zoneinfo.available_timezones() if "/" in name or name == "UTC")
        field = self.fields["time_zone"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(zone, zone.replace("_", " ")) for zone in zones]
        self.initial.setdefault("time_zone", self.present.time_zone)
        for number, day in enumerate(WEEKDAYS):
            hours = forms.CharField(label=DAY_NAMES[number], max_length=200, required=False)
            hours.widget.attrs |= {
                "class": "sd-f__in",
                "placeholder": pgettext("office", "Closed"),
                "autocomplete": "off",
            }
            self.fields[f"hours_{day}"] = hours
            self.initial.setdefault(f"hours_{day}", write_hours(self.present.weekly.get(day, ())))

    @property
    def week(self) -> list[forms.BoundField]:
        return [self[f"hours_{day}"] for day in WEEKDAYS]

    def changed(self, cleaned: dict[str, Any]) -> Hours:
        weekly = {day: hours for day in WEEKDAYS if (hours := self._read(day, cleaned[f"hours_{day}"]))}
        return Hours(cleaned["time_zone"], weekly, self.present.overrides)

    def _read(self, day: str, text: str) -> list[list[str]]:
        try:
            return read_hours(text)
        except ValueError as error:
            self.add_error(f"hours_{day}", str(error))
            return []


class DayForm(HoursForm):
    """One special day, or a range of them."""

    first = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
        help_text=_("Empty means one day."),
    )
    name = forms.CharField(
        label=_("Name"), max_length=80, required=False, help_text=_("Why the day differs, such as Christmas.")
    )
    what = forms.ChoiceField(
        label=_("What is done"),
        choices=lambda: [
            ("closed", pgettext("office", "Closed")),
            ("hours", gettext("Other hours")),
            *(
                (day, gettext("Worked like a %(day)s") % {"day": name})
                for day, name in zip(WEEKDAYS, DAY_NAMES.values(), strict=True)
            ),
        ],
        help_text=_("Closed, open for other hours, or worked like a weekday, as make-up days are."),
    )
    hours_text = forms.CharField(
        label=_("Hours"),
        max_length=200,
        required=False,
        help_text=_("Only for “Other hours”: 09:00–12:00, 13:30–18:00."),
    )
    yearly = forms.BooleanField(
        label=_("Every year"), required=False, help_text=_("Comes back on the same date each year.")
    )

    def clean_hours_text(self) -> list[list[str]]:
        try:
            return read_hours(self.cleaned_data["hours_text"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def clean_last(self) -> Any:
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and last < first:
            raise forms.ValidationError(_("The last day lies before the first."))
        if first and last and last - first > LONGEST_RANGE:
            raise forms.ValidationError(_("A range may not be longer than a year."))
        return last or first

    def changed(self, cleaned: dict[str, Any]) -> Hours:
        what, typed = cleaned["what"], cleaned["hours_text"]
        if what == "hours" and not typed:
            self.add_error("hours_text", _("Say the hours."))
        hours = tuple((opened, closed) for opened, closed in typed) if what == "hours" else ()
        like = what if what in WEEKDAYS else ""
        day = SpecialDays(cleaned["first"], cleaned["last"], cleaned["name"], like, hours, cleaned["yearly"])
        return Hours(self.present.time_zone, self.present.weekly, merged(self.present.overrides, [day]))


class ListForm(HoursForm):
    """A pasted list or a file; one line that cannot be read stops the whole."""

    lines = forms.CharField(
        label=_("Paste a list"),
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        required=False,
        help_text=_("One line each: first day, last day, closed or hours or a weekday to work like, name."),
    )
    year = forms.TypedChoiceField(
        label=_("Or a year of Chinese public holidays"),
        choices=[("", "–"), *((year, year) for year in YEARS)],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("With the weekend days that are worked to make up for them, like a Monday."),
    )
    file = forms.FileField(
        label=_("Or choose a file"),
        required=False,
        help_text=_("A calendar file (.ics) with events of whole days, or a table (.csv)."),
    )

    def clean(self) -> dict[str, Any]:
        file = self.cleaned_data.get("file")
        if file and file.size > LARGEST_FILE:
            self.add_error("file", _("The file is too large."))
        elif file:
            try:
                self.cleaned_data["lines"] = file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("The file is not text in UTF-8."))
            # What was read stays in sight, so that it can be mended and confirmed without the file.
            self.data = {**self.data, self.add_prefix("lines"): self.cleaned_data.get("lines", "")}
        return super().clean()

    def changed(self, cleaned: dict[str, Any]) -> Hours:
        days, bad = read_list(cleaned["lines"])
        self._name(bad)
        if cleaned.get("year"):
            days = [*statutory_days(cleaned["year"]), *days]
        if not days and not bad:
            self.add_error("lines", _("There is no day in the list."))
        return Hours(self.present.time_zone, self.present.weekly, merged(self.present.overrides, days))

    def _name(self, bad: list[BadLine]) -> None:
        for line in bad[:SHOWN_FAULTS]:
            told = {"number": line.number, "text": line.text, "reason": line.reason}
            self.add_error("lines", gettext("Line %(number)d (%(text)s): %(reason)s") % told)
        if rest := len(bad[SHOWN_FAULTS:]):
            self.add_error("lines", ngettext("%(n)d more line.", "%(n)d more lines.", rest) % {"n": rest})
