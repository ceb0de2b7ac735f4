"""Service-level formulas in words and numbers, so that every figure shows where it comes from."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from crmcore.service_levels import Formula
from telephony.service_level import Counts, Definition, service_level


@dataclass(frozen=True)
class Fraction:
    """A formula with the numbers of one interval filled in."""

    code: Formula
    level: float | None
    above: str
    below: str


def fraction_of(counts: Counts, definition: Definition, *, within_s: int, short_s: int) -> Fraction:
    """The formula filled in; `within_s` and `short_s` are the queue's definitions in seconds."""
    formula = definition.formula
    answered = _("%(n)d answered within %(within)d s") % {"n": counts.answered_in_time, "within": within_s}
    both = _("%(n)d answered or hung up") % {"n": counts.answered + counts.abandoned}
    quick = _("%(n)d hung up within %(within)d s") % {"n": counts.abandoned_in_time, "within": within_s}
    short = _("%(n)d hung up within %(within)d s") % {"n": counts.short_abandons, "within": short_s}
    above, below = {
        Formula.ANSWERED_ONLY: (answered, _answered(counts)),
        Formula.ABANDONS_IN_TIME_COUNT: (f"{answered} + {quick}", both),
        Formula.WITHOUT_SHORT_ABANDONS: (answered, _switched(counts, definition, both, short)),
        Formula.LEFT_IN_TIME: (
            _("%(n)d left the queue within %(within)d s, whichever way") % {"n": _left(counts), "within": within_s},
            _("%(n)d entered") % {"n": counts.offered},
        ),
        Formula.IGNORE_ABANDONS_IN_TIME: (answered, f"{both} − {quick}"),
    }[formula]
    return Fraction(formula, service_level(counts, definition), above, below)


def _switched(counts: Counts, definition: Definition, both: str, short: str) -> str:
    """Of whom the answered are a share, by the queue's switches."""
    parts = [both if definition.with_abandons else _answered(counts)]
    if definition.with_abandons and not definition.with_short_abandons:
        parts.append(f"− {short}")
    if definition.with_flow_outs:
        parts.append("+ " + _("%(n)d sent elsewhere") % {"n": counts.flowed_out})
    return " ".join(parts)


def _answered(counts: Counts) -> str:
    return _("%(n)d answered") % {"n": counts.answered}


def _left(counts: Counts) -> int:
    return counts.answered_in_time + counts.abandoned_in_time + counts.flowed_out_in_time
