"""Reports: whose queues, which period, from what formula, and who may take them away."""

import csv
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from crmcore.models import AuditEntry, Queue, User
from servicedesk.supervisor.chart import Column, draw
from servicedesk.supervisor.periods import Period, fits, presets, usual_step
from telephony.actions.roll_up import roll_up
from telephony.models import QueueQuarter
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def a_quarter(cast: Cast, *, code: str = "support", minute: int = 0, **counts: int) -> None:
    """Ten callers at nine this morning unless said otherwise."""
    nine = timezone.localtime().replace(hour=9, minute=minute, second=0, microsecond=0)
    queue = cast.support_queue if code == "support" else cast.billing_queue
    usual = {"answered": 8, "answered_in_time": 6, "abandoned": 2, "abandoned_in_time": 1, "short_abandons": 1}
    zeros = dict.fromkeys(("flowed_out", "flowed_out_in_time", "abandon_seconds", "hold_seconds"), 0)
    QueueQuarter.objects.create(
        queue=queue,
        start=nine,
        answer_within_s=queue.answer_within_s,
        short_abandon_s=queue.short_abandon_s,
        answer_seconds=80,
        longest_wait_s=61,
        handled=8,
        talk_seconds=800,
        wrap_up_seconds=160,
        **(zeros | usual | counts),
    )


def page(user: User, **asked: str) -> str:
    response = as_(user).get("/supervisor/reports/", asked)
    assert response.status_code == 200
    return response.content.decode()


def test_a_figure_stands_beside_its_formula(cast: Cast) -> None:
    a_quarter(cast)
    shown = page(cast.sun, queue="support")
    assert "66.7 %" in shown
    assert "6 answered within 20 s" in shown
    assert "10 answered or hung up − 1 hung up within 5 s" in shown


def test_another_formula_gives_another_figure(cast: Cast) -> None:
    a_quarter(cast)
    assert "75.0 %" in page(cast.sun, queue="support", formula="sl1")


def test_queues_out_of_reach_are_not_counted(cast: Cast) -> None:
    a_quarter(cast)
    a_quarter(cast, code="billing", answered=500, answered_in_time=500)
    seen_by_admin, seen_by_supervisor = page(cast.ada), page(cast.sun, queue="support")
    assert ">512<" in seen_by_admin
    assert ">512<" not in seen_by_supervisor


@pytest.mark.parametrize("name", ["mei", "omar", "zhao"])
def test_reports_need_a_right(cast: Cast, name: str) -> None:
    for address in ("/supervisor/reports/", "/supervisor/reports/agents/"):
        assert as_(getattr(cast, name)).get(address).status_code == 403


def test_agents_needed_stand_beside_each_interval(cast: Cast) -> None:
    a_quarter(cast, answered=100, answered_in_time=60)
    assert "Agents needed" in page(cast.sun, queue="support")


def test_a_day_that_cannot_be_read_says_so_and_shows_today(cast: Cast) -> None:
    a_quarter(cast)
    shown = page(cast.sun, first="soon", last="2026-01-01")
    assert "Enter a valid date" in shown
    assert "66.7 %" in shown


def test_days_the_wrong_way_round_are_refused(cast: Cast) -> None:
    assert "This day is before the first" in page(cast.sun, first="2026-02-02", last="2026-02-01")


def test_more_than_two_years_are_refused(cast: Cast) -> None:
    assert "at most two years" in page(cast.sun, first="2020-01-01", last="2026-02-01")


def test_an_empty_period_says_so(cast: Cast) -> None:
    assert "No calls in this period" in page(cast.sun, first="2020-01-01", last="2020-01-01")


def test_the_file_holds_the_same_numbers_and_leaves_a_trace(cast: Cast) -> None:
    a_quarter(cast)
    response = as_(cast.sun).get("/supervisor/reports/", {"queue": "support", "format": "csv"})
    rows = list(csv.reader(response.content.decode("utf-8-sig").splitlines()))
    assert rows[1][1:6] == ["10", "8", "6", "2", "1"]
    assert AuditEntry.objects.filter(verb="report.exported", actor=cast.sun).count() == 1


def test_agents_report_shows_who_was_there(cast: Cast) -> None:
    roll_up()
    assert "Nobody was on shift" in as_(cast.sun).get("/supervisor/reports/agents/").content.decode()


@pytest.mark.parametrize(("days", "step"), [(1, "half_hour"), (2, "hour"), (7, "day"), (300, "week")])
def test_usual_steps(days: int, step: str) -> None:
    assert usual_step(days) == step
    assert fits(step, days)


def test_last_month_of_january_is_december() -> None:
    month = next(preset for preset in presets(date(2026, 1, 31)) if preset.label == "Last month")
    assert (month.first, month.last) == (date(2025, 12, 1), date(2025, 12, 31))


def test_last_twelve_months_on_a_leap_day() -> None:
    assert presets(date(2028, 2, 29))[-1].first == date(2027, 2, 1)


def test_an_interval_without_calls_breaks_the_line() -> None:
    columns = [Column(str(place), level, [1, 0, 0]) for place, level in enumerate([0.9, 0.8, None, 0.7, 0.6])]
    chart = draw(columns, target=0.8)
    assert [len(points.split()) for points in chart.lines] == [2, 2]
    assert [dot.is_low for dot in chart.dots] == [False, False, True, True]


def test_bars_stack_to_the_top_of_the_axis() -> None:
    chart = draw([Column("9:00", None, [2, 1, 1])], target=None)
    assert sum(block.height for block in chart.blocks) == pytest.approx(104)
    assert [tick.text for tick in chart.call_ticks] == ["0", "2", "4"]


def test_yesterday_is_not_today(cast: Cast) -> None:
    a_quarter(cast)
    yesterday = (timezone.localtime() - timedelta(days=1)).date().isoformat()
    assert "No calls in this period" in page(cast.sun, first=yesterday, last=yesterday)


def test_quiet_hours_between_busy_ones_are_shown(cast: Cast) -> None:
    a_quarter(cast)
    row = QueueQuarter.objects.get()
    row.pk, row.start = None, row.start + timedelta(hours=2)
    row.save(force_insert=True)
    shown = page(cast.sun, queue="support")
    assert [
        label for label in ("09:00", "09:30", "10:00", "10:30", "11:00", "11:30") if f"<td>{label}</td>" in shown
    ] == [
        "09:00",
        "09:30",
        "10:00",
        "10:30",
        "11:00",
    ]


@pytest.mark.parametrize(
    ("step", "start", "following"),
    [("month", "2026-01-01", "2026-02-01"), ("week", "2026-01-05", "2026-01-12"), ("day", "2026-03-29", "2026-03-30")],
)
def test_steps_follow_the_calendar(step: str, start: str, following: str) -> None:
    zone = ZoneInfo("Europe/London")
    period = Period(date.fromisoformat(start), date(2026, 12, 31), step, zone)
    assert period.following(period.start) == datetime.fromisoformat(following).replace(tzinfo=zone)


def test_the_queues_own_formula_is_shown_unless_another_is_asked_for(cast: Cast) -> None:
    a_quarter(cast)
    Queue.objects.filter(pk=cast.support_queue.pk).update(service_level_formula="sl1")
    assert "75.0 %" in page(cast.sun, queue="support").split("sd-rp__defs")[0]
    assert "66.7 %" in page(cast.sun, queue="support", formula="sl3").split("sd-rp__defs")[0]


def test_the_queues_switches_stand_in_the_formula(cast: Cast) -> None:
    a_quarter(cast, flowed_out=2)
    Queue.objects.filter(pk=cast.support_queue.pk).update(counts_short_abandons=True, counts_flow_outs=True)
    shown = page(cast.sun, queue="support")
    assert "10 answered or hung up + 2 sent elsewhere" in shown
    assert "50.0 %" in shown
