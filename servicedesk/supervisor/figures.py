"""What a supervisor asked to see of the past: queues by interval, agents by person."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

from crmcore.models import AwayReason, Queue, User
from crmcore.queries.presence import time_away
from crmcore.service_levels import Formula
from servicedesk.supervisor import reach
from servicedesk.supervisor.chart import Chart, Column, draw
from servicedesk.supervisor.formulas import Fraction, fraction_of
from servicedesk.supervisor.periods import WIDTHS, Period, PeriodForm, fits, today_of, usual_step
from telephony.erlang import Load, agents_needed
from telephony.queries.figures import AgentDay, Handling, by_agent, by_interval, total
from telephony.service_level import Definition, abandon_rate, average_answer_seconds, service_level


@dataclass(frozen=True)
class Question:
    """What was asked for; `form` carries the errors of dates that could not be read."""

    form: PeriodForm
    period: Period
    queues: list[Queue]
    chosen: Queue | None
    formula: Formula

    @property
    def asked_queues(self) -> list[Queue]:
        return [self.chosen] if self.chosen else self.queues

    @property
    def target(self) -> float | None:
        """The target of the asked queues where they share one."""
        targets = {queue.service_level_target for queue in self.asked_queues}
        return targets.pop() / 100 if len(targets) == 1 else None

    @property
    def shows_need(self) -> bool:
        """Whether staffing can be said: one queue, and steps in which the load is even."""
        return self.chosen is not None and self.period.step in WIDTHS

    @property
    def definition(self) -> Definition:
        """The formula asked for, with the switches of the asked queues where they share them."""
        return replace(_shared(self.asked_queues) or Definition(), formula=self.formula)

    @property
    def thresholds(self) -> tuple[int, int] | None:
        """Seconds of "in time" and of a short abandon, where the asked queues share them."""
        shared = {(queue.answer_within_s, queue.short_abandon_s) for queue in self.asked_queues}
        return shared.pop() if len(shared) == 1 else None


@dataclass(frozen=True)
class Row:
    """One interval of the table. `needed` agents would have met the target, None where that says nothing."""

    label: str
    handling: Handling
    level: float | None
    is_low: bool
    needed: int | None

    @property
    def later(self) -> int:
        return self.handling.counts.answered - self.handling.counts.answered_in_time

    @property
    def answer_s(self) -> float | None:
        return average_answer_seconds(self.handling.counts)

    @property
    def abandon_rate(self) -> float | None:
        return abandon_rate(self.handling.counts)


@dataclass(frozen=True)
class Report:
    """The queues' page: the whole first, then its intervals."""

    whole: Row
    rows: list[Row]
    chart: Chart
    fraction: Fraction | None
    others: list[Fraction]


def ask(user: User, data: Mapping[str, str], now: datetime) -> Question:
    """Read a question; what cannot be read is answered for today, with the error beside the field."""
    today = today_of(now)
    form = PeriodForm(data if "first" in data else {"first": today, "last": today})
    first, last = (form.cleaned_data["first"], form.cleaned_data["last"]) if form.is_valid() else (today, today)
    days = (last - first).days + 1
    step = data.get("step", "")
    queues = reach.queues_for(user, reach.ALL)
    chosen = next((queue for queue in queues if queue.code == data.get("queue")), None)
    return Question(
        form=form,
        period=Period(first, last, step if fits(step, days) else usual_step(days), timezone.get_current_timezone()),
        queues=queues,
        chosen=chosen,
        formula=_formula(data.get("formula", ""), [chosen] if chosen else queues),
    )


def report_of(question: Question) -> Report:
    """The answer for the queues, read from sums of quarter hours."""
    period = question.period
    found = _without_gaps(
        by_interval(question.asked_queues, period.start, period.end, period.step, period.zone), period
    )
    whole = total(handling for _start, handling in found)
    rows = [_row(question, label_of(start, period), handling, whole) for start, handling in found]
    columns = [Column(row.label, row.level, _parts(row)) for row in rows]
    fractions = _fractions(question, whole)
    return Report(
        whole=_row(question, "", whole, whole),
        rows=rows,
        chart=draw(columns, target=question.target),
        fraction=fractions.get(question.formula),
        others=[fraction for code, fraction in fractions.items() if code != question.formula],
    )


def agents_of(question: Question) -> list[AgentDay]:
    """What the people of the asked queues did."""
    people = User.objects.filter(queues__in=question.asked_queues).distinct()
    return by_agent(people, question.period.start, question.period.end)


def _without_gaps(found: list[tuple[datetime, Handling]], period: Period) -> list[tuple[datetime, Handling]]:
    """The steps from the first with calls to the last, those between them without calls included."""
    filled: list[tuple[datetime, Handling]] = []
    for start, handling in found:
        while filled and (due := period.following(filled[-1][0])) < start:
            filled.append((due, Handling()))
        filled.append((start, handling))
    return filled


def away_of(question: Question, now: datetime) -> list[tuple[AwayReason, timedelta]]:
    """Why those people were away, and for how long."""
    people = User.objects.filter(queues__in=question.asked_queues).distinct()
    return time_away(people, question.period.start, question.period.end, now)


def _fractions(question: Question, whole: Handling) -> dict[Formula, Fraction]:
    if question.thresholds is None:
        return {}
    within_s, short_s = question.thresholds
    definitions = {code: replace(question.definition, formula=code) for code in Formula}
    return {
        code: fraction_of(whole.counts, definition, within_s=within_s, short_s=short_s)
        for code, definition in definitions.items()
    }


def _row(question: Question, label: str, handling: Handling, whole: Handling) -> Row:
    level, target = service_level(handling.counts, question.definition), question.target
    is_low = level is not None and target is not None and level < target
    return Row(label, handling, level, is_low, _needed(question, handling, whole) if label else None)


def _needed(question: Question, handling: Handling, whole: Handling) -> int | None:
    """Erlang C on the interval's volume and the period's handle time: single intervals have too few calls for one."""
    width, handle_s = WIDTHS.get(question.period.step), whole.average_handle_s
    if width is None or question.chosen is None or not handle_s or not question.target:
        return None
    load = Load(handling.counts.offered * timedelta(hours=1) / width, handle_s)
    return agents_needed(load, target=min(question.target, 0.99), within_s=question.chosen.answer_within_s)


def _parts(row: Row) -> list[int]:
    return [row.handling.counts.answered_in_time, row.later, row.handling.counts.abandoned]


def label_of(start: datetime, period: Period) -> str:
    """A step as the reader writes it."""
    chinese = (get_language() or "").startswith("zh")
    if period.step == "month":
        return date_format(start, "Y年n月" if chinese else "M Y")
    day = date_format(start, "n月j日" if chinese else "j M")
    if period.step not in WIDTHS:
        return day
    return start.strftime("%H:%M") if period.days == 1 else f"{day} {start:%H:%M}"


def _formula(code: str, queues: list[Queue]) -> Formula:
    """The formula asked for, else the one that the queues share."""
    if code in Formula.values:
        return Formula(code)
    return (_shared(queues) or Definition()).formula


def _shared(queues: list[Queue]) -> Definition | None:
    """The definition of these queues, where they have the same."""
    shared = {Definition.of(queue) for queue in queues}
    return shared.pop() if len(shared) == 1 else None
