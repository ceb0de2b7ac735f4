"""Service-level formulas in words and numbers, so that every figure shows where it comes from."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from telephony.service_level import Counts, Formula, service_level


@dataclass(frozen=True)
class Fraction:
    """A formula with the numbers of one interval filled in."""

    code: Formula
    level: float | None
    above: str
    below: str


def fraction_of(counts: Counts, formula: Formula, *, within_s: int, short_s: int) -> Fraction:
    """The formula filled in; `within_s` and `short_s` are the queue's definitions in seconds."""
    answered = _("%(n)d answered within %(within)d s") % {"n": counts.answered_in_time, "within": within_s}
    both = _("%(n)d answered or hung up") % {"n": counts.answered + counts.abandoned}
    quick = _("%(n)d hung up within %(within)d s") % {"n": counts.abandoned_in_time, "within": within_s}
    short = _("%(n)d hung up within %(within)d s") % {"n": counts.short_abandons, "within": short_s}
    above, below = {
        Formula.ANSWERED_ONLY: (answered, _answered(counts)),
        Formula.ABANDONS_IN_TIME_COUNT: (f"{answered} + {quick}", both),
        Formula.WITHOUT_SHORT_ABANDONS: (answered, f"{both} − {short}"),
        Formula.LEFT_IN_TIME: (
            _("%(n)d left the queue within %(within)d s, whichever way") % {"n": _left(counts), "within": within_s},
            _("%(n)d entered") % {"n": counts.offered},
        ),
        Formula.IGNORE_ABANDONS_IN_TIME: (answered, f"{both} − {quick}"),
    }[formula]
    return Fraction(formula, service_level(counts, formula), above, below)


def _answered(counts: Counts) -> str:
    return _("%(n)d answered") % {"n": counts.answered}


def _left(counts: Counts) -> int:
    return counts.answered_in_time + counts.abandoned_in_time + counts.flowed_out_in_time
