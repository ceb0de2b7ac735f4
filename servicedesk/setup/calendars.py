"""The working calendars of the desk: list, and a page each with its week, its special days and what it changes."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import OuterRef, Prefetch, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crmcore import clock
from crmcore.actions.calendars import CalendarMoved, Hours, create_calendar, rename_calendar
from crmcore.models import Calendar, CalendarVersion, Queue, User
from crmcore.special_days import grouped, without
from crmcore.working_time import working_calendar
from servicedesk.setup.access import opens_with
from servicedesk.setup.calendar_forms import DayForm, HoursForm, ListForm, WeekForm
from servicedesk.setup.calendar_preview import preview_of
from servicedesk.setup.calendar_uses import flows_of, policies_of, queues_of
from tickets.actions.calendar_change import change_hours, effect_of

PARTS: dict[str, type[HoursForm]] = {"week": WeekForm, "day": DayForm, "list": ListForm}


@require_GET
@opens_with("setup:calendars")
def calendar_list(request: HttpRequest) -> HttpResponse:
    """Every calendar, open or not, and who goes by it."""
    now = clock.now()
    newest = CalendarVersion.objects.filter(calendar=OuterRef("pk")).order_by("-number").values("pk")[:1]
    active = Prefetch("queues", Queue.objects.filter(is_active=True).order_by("position", "pk"))
    calendars = Calendar.objects.annotate(newest=Subquery(newest)).prefetch_related(active).order_by("name", "pk")
    versions = CalendarVersion.objects.in_bulk([calendar.newest for calendar in calendars if calendar.newest])
    rows = [
        (calendar, version, _preview(Hours.of(version), now))
        for calendar in calendars
        if (version := versions.get(calendar.newest)) is not None
    ]
    return render(request, "servicedesk/setup/calendars.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@opens_with("setup:calendars")
def new_calendar(request: HttpRequest) -> HttpResponse:
    """A calendar from nothing: name, zone and week; special days come on its page."""
    form = WeekForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        names = {"name": form.cleaned_data["name"], "name_zh": form.cleaned_data["name_zh"]}
        calendar = create_calendar(**names, hours=form.hours, by=_person(request))
        messages.success(request, _("Saved"))
        return redirect("setup:calendar", calendar.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "servicedesk/setup/calendar_new.html", {"week": form}, status=status)


@require_http_methods(["GET", "POST"])
@opens_with("setup:calendars")
def calendar_page(request: HttpRequest, calendar_id: int) -> HttpResponse:
    """One calendar. A change that running clocks would feel is told first and published when it is confirmed."""
    calendar = get_object_or_404(Calendar, pk=calendar_id)
    version = calendar.versions.latest("number")
    forms = _forms(calendar, Hours.of(version))
    if request.method != "POST":
        return _shown(request, calendar, version, forms)
    part = request.POST.get("part", "")
    if part == "remove":
        overrides = without(version.overrides, request.POST.get("day", ""))
        return _change(request, calendar, version, forms, part, replace(Hours.of(version), overrides=overrides))
    if part not in PARTS:
        return redirect("setup:calendar", calendar.pk)
    form = PARTS[part](request.POST, request.FILES, present=Hours.of(version), prefix=part)
    forms[part] = form
    if not form.is_valid():
        return _shown(request, calendar, version, forms, status=422)
    return _change(request, calendar, version, forms, part, form.hours)


def _change(
    request: HttpRequest,
    calendar: Calendar,
    version: CalendarVersion,
    forms: dict[str, HoursForm],
    part: str,
    hours: Hours,
) -> HttpResponse:
    """Publish the hours, or ask first: when clocks feel them, or when somebody else published meanwhile."""
    seen = _number(request.POST.get("seen", ""))
    effect = effect_of(calendar, hours)
    told = {"asked": part, "effect": effect, "asked_day": request.POST.get("day", "")}
    if seen == version.number and effect.is_felt and "confirmed" not in request.POST:
        return _shown(request, calendar, version, forms, hours=hours, status=422, **told)
    try:
        change_hours(calendar, hours, seen=seen, by=_person(request))
    except CalendarMoved:
        messages.error(request, _("Somebody changed this calendar meanwhile. Look at it and save again."))
        return _shown(request, calendar, version, forms, status=422)
    if part == "week":
        cleaned = forms["week"].cleaned_data
        rename_calendar(calendar, name=cleaned["name"], name_zh=cleaned["name_zh"], by=_person(request))
    messages.success(request, _("Saved"))
    return redirect("setup:calendar", calendar.pk)


def _shown(
    request: HttpRequest,
    calendar: Calendar,
    version: CalendarVersion,
    forms: dict[str, HoursForm],
    *,
    hours: Hours | None = None,
    status: int = 200,
    **told: Any,
) -> HttpResponse:
    """The page; `hours` that wait for a yes are what the preview shows."""
    present = Hours.of(version)
    context = {
        **forms,
        **told,
        "calendar": Calendar.objects.get(pk=calendar.pk),
        "version": version,
        "days": list(reversed(grouped(version.overrides))),
        "preview": _preview(hours or present, _moment(request, present)),
        "queues": queues_of(calendar),
        "flows": flows_of(calendar),
        "policies": policies_of(calendar),
    }
    return render(request, "servicedesk/setup/calendar.html", context, status=status)


def _forms(calendar: Calendar, hours: Hours) -> dict[str, HoursForm]:
    names = {"name": calendar.name, "name_zh": calendar.name_zh}
    return {
        "week": WeekForm(present=hours, prefix="week", initial=names),
        "day": DayForm(present=hours, prefix="day"),
        "list": ListForm(present=hours, prefix="list"),
    }


def _preview(hours: Hours, at: datetime) -> Any:
    return preview_of(working_calendar(hours.time_zone, hours.weekly, hours.overrides), hours.overrides, at)


def _moment(request: HttpRequest, hours: Hours) -> datetime:
    """The moment asked for, on the calendar's own clock; else now."""
    zone = working_calendar(hours.time_zone, hours.weekly, hours.overrides).zone
    try:
        return datetime.fromisoformat(request.GET.get("at", "")).replace(tzinfo=zone)
    except ValueError:
        return clock.now()


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
