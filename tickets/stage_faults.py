"""What is wrong with a stage flow, found before it is published."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from tickets.stage_flow import END, TIERS, Act, Doing, Flow, Stage, reachable

FAULTS = {
    "empty": _("The flow has no stages."),
    "twice": _("Two stages have this code."),
    "nameless": _("The stage has no name."),
    "no_way": _("Nothing leads on from this stage."),
    "nowhere": _("A way leads to a stage that does not exist."),
    "no_role": _("Nobody works this stage: choose its tier."),
    "bad_tier": _("This tier does not exist."),
    "no_field": _("It asks for a field that the type does not have."),
    "no_plan": _("It asks for an approval by a plan that does not exist."),
    "no_queue": _("It moves tickets to a queue that does not exist."),
    "no_doing": _("It asks for something that cannot be asked for."),
    "no_alarm": _("A field that raises the alarm is no yes-or-no of this type."),
    "no_category": _("The field of categories is no choice of this type."),
    "no_work": _("No tier may work: nobody could hand anything on."),
    "unreachable": _("Nothing leads to this stage."),
    "no_end": _("Nothing leads to the end."),
    "no_exit": _("Tickets go round here and never come to the end."),
    "negative": _("The limit is shorter than a minute."),
    "mandatory_skipped": _("A category skips this stage, but it must not be skipped."),
}


@dataclass(frozen=True)
class Known:
    """What the desk has: fields, categories and yes-or-no fields of the type, queues, approval plans."""

    fields: Collection[str] = ()
    queues: Collection[str] = ()
    categories: Collection[str] = ()
    marks: Collection[str] = ()
    plans: Collection[str] = ()


@dataclass(frozen=True)
class Fault:
    """A fault, of one stage or (`stage` empty) of the whole flow, in the categories that show it."""

    code: str
    stage: str = ""
    category: str = ""

    @property
    def message(self) -> str:
        return str(FAULTS[self.code])


def faults(flow: Flow, known: Known) -> list[Fault]:
    """Everything that stands against publishing; none for a flow that brings each ticket to its end."""
    if not flow.stages:
        return [Fault("empty")]
    found = [*_of_flow(flow, known)]
    for stage in flow.stages:
        found += [Fault(code, stage.code) for code in _of_stage(flow, stage, known)]
    if not any(fault.code in ("twice", "nowhere") for fault in found):
        found += _of_ways(flow, known)
    return list(dict.fromkeys(found))


def _of_flow(flow: Flow, known: Known) -> Iterator[Fault]:
    codes = [stage.code for stage in flow.stages]
    yield from (Fault("twice", code) for code in dict.fromkeys(codes) if codes.count(code) > 1)
    if flow.category_field and not known.categories:
        yield Fault("no_category")
    if any(code not in known.marks for code in flow.alarms):
        yield Fault("no_alarm")
    if any(stage.tier for stage in flow.stages) and not any(Act.WORK in acts for acts in flow.rights.values()):
        yield Fault("no_work")


def _of_stage(flow: Flow, stage: Stage, known: Known) -> Iterator[str]:
    tiered = any(one.tier for one in flow.stages)
    problems = {
        "nameless": not stage.name,
        "no_way": not stage.next,
        "nowhere": any(code != END and flow.stage(code) is None for code in stage.next),
        "no_role": tiered and not stage.tier,
        "bad_tier": bool(stage.tier) and stage.tier not in TIERS,
        "no_field": any(code not in known.fields for code in stage.needs),
        "no_plan": any(code not in known.plans for code in stage.approvals),
        "no_queue": any(code not in known.queues for code in stage.queues.values()),
        "no_doing": any(code not in Doing.values for code in stage.done),
        "negative": any(0 != seconds < 60 for seconds in (stage.limit_s, *stage.limits.values())),
        "mandatory_skipped": stage.is_mandatory and bool(stage.skips),
    }
    return (code for code, is_so in problems.items() if is_so)


def _of_ways(flow: Flow, known: Known) -> list[Fault]:
    """What no single stage shows: tried for every category, since each skips other stages."""
    found = []
    for category in known.categories or ("",):
        first = flow.first(category)
        if first is None:
            found.append(Fault("no_end", "", category))
            continue
        met = reachable(flow, category, [first.code])
        line = flow.for_category(category)
        found += [Fault("unreachable", stage.code, category) for stage in line if stage.code not in met]
        if END not in met:
            found.append(Fault("no_end", "", category))
            continue
        trapped = [code for code in met if code != END and END not in reachable(flow, category, [code])]
        found += [Fault("no_exit", stage.code, category) for stage in line if stage.code in trapped]
    return found
