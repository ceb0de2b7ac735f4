"""The last stage of a complaint's loop: what a return visit fills in there and where it may lead."""

from dataclasses import dataclass

from tickets.models import StageVisit, Ticket, Visit
from tickets.queries.fields import fields_of
from tickets.queries.stages import category_of, open_visit

METHOD, RESULT = "visit_method", "visit_result"


@dataclass(frozen=True)
class LoopEnd:
    """The stage that waits for a visit, with the ways that lead on from it."""

    stage_visit: StageVisit
    ways: list[tuple[str, str]]
    methods: frozenset[str]
    results: frozenset[str]

    def values_for(self, visit: Visit) -> dict[str, object]:
        """The fields of the stage as a completed visit says them; the method only where the list has it."""
        values: dict[str, object] = {RESULT: visit.result} if visit.result in self.results else {}
        return values | ({METHOD: visit.method.kind} if visit.method.kind in self.methods else {})


def loop_end(ticket: Ticket) -> LoopEnd | None:
    """The present stage of a ticket if it asks for the result of a return visit."""
    stage_visit = open_visit(ticket)
    flow = stage_visit.version.read() if stage_visit else None
    stage = flow.stage(stage_visit.stage) if stage_visit and flow else None
    if stage_visit is None or flow is None or stage is None or RESULT not in stage.needs:
        return None
    onward = [(code, flow.stage(code)) for code in flow.ways(stage, category_of(ticket, flow))]
    choices = {field.code: frozenset(one.code for one in field.all_choices) for field in fields_of(ticket.type)}
    return LoopEnd(
        stage_visit,
        [(code, to.label if to else "") for code, to in onward],
        choices.get(METHOD, frozenset()),
        choices.get(RESULT, frozenset()),
    )
