"""What happened to a call, step by step, for whoever reads it afterwards."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from crmcore import phone_numbers
from telephony.models import Call, CallHold, CallLeg, Offer, QueueEntry
from telephony.states import EntryEnd, LegKind, OfferEnd, OfferState


@dataclass(frozen=True)
class Step:
    """One line of the story; `look` is the state whose colour it has, empty for none."""

    at: datetime
    icon: str
    text: str
    look: str = ""


def story_of(call: Call) -> list[Step]:
    """The steps of a call from its beginning to its end."""
    parts = (_beginning(call), _waits(call), _rings(call), _people(call), _holds(call), _end(call))
    return sorted((step for part in parts for step in part), key=lambda step: step.at)


def _beginning(call: Call) -> Iterator[Step]:
    number = phone_numbers.pretty(call.customer_number) or _("withheld number")
    if call.direction == Call.Direction.OUT:
        yield Step(call.started_at, "icon:phone-outgoing", _("We called %(number)s") % {"number": number})
        return
    where = call.line.label if call.line else ""
    facts = {"number": number, "where": where}
    text = _("Called %(where)s from %(number)s") if where else _("Called from %(number)s")
    yield Step(call.started_at, "icon:phone-incoming", text % facts)


def _waits(call: Call) -> Iterator[Step]:
    for entry in QueueEntry.objects.filter(call=call).select_related("queue", "flowed_to_queue"):
        text = _("Waited in the queue %(queue)s") % {"queue": entry.queue.label}
        yield Step(entry.entered_at, "icon:users-group", text, "ringing")
        if entry.left_at is not None and entry.left_as != EntryEnd.ANSWERED:
            yield Step(entry.left_at, "icon:arrow-right", entry.get_left_as_display(), "breach")


def _rings(call: Call) -> Iterator[Step]:
    for offer in Offer.objects.filter(call=call).select_related("agent"):
        yield Step(offer.offered_at, "icon:bell", _("Rang at %(name)s") % {"name": offer.agent.name}, "ringing")
        missed = offer.state == OfferState.CLOSED and offer.accepted_at is None
        if missed and offer.closed_at is not None and offer.end_reason != OfferEnd.OTHER_AGENT:
            facts = {"name": offer.agent.name, "why": offer.get_end_reason_display()}
            yield Step(offer.closed_at, "icon:phone-x", _("%(name)s: %(why)s") % facts, "breach")


def _people(call: Call) -> Iterator[Step]:
    legs = CallLeg.objects.filter(call=call, joined_at__isnull=False).exclude(kind=LegKind.CUSTOMER)
    for leg in legs.select_related("agent"):
        facts = {"name": leg.staff.name, "as": leg.get_supervision_display() or leg.get_kind_display()}
        assert leg.joined_at is not None
        if leg.kind == LegKind.AGENT:
            yield Step(leg.joined_at, "icon:headset", _("%(name)s answered") % facts, "talking")
        else:
            yield Step(leg.joined_at, "icon:user-plus", _("%(name)s came in: %(as)s") % facts, "talking")
        if leg.left_at is not None and leg.left_at != call.ended_at:
            yield Step(leg.left_at, "icon:user-minus", _("%(name)s left") % facts)


def _holds(call: Call) -> Iterator[Step]:
    for hold in CallHold.objects.filter(leg__call=call):
        yield Step(hold.started_at, "icon:player-pause", _("Put on hold"), "hold")
        if hold.ended_at is not None:
            yield Step(hold.ended_at, "icon:player-play", _("Taken off hold"), "talking")


def _end(call: Call) -> Iterator[Step]:
    if call.ended_at is None:
        return
    facts = {"outcome": call.get_outcome_display(), "who": call.get_hung_up_by_display()}
    text = _("Ended: %(outcome)s, by %(who)s") if call.hung_up_by else _("Ended: %(outcome)s")
    yield Step(call.ended_at, "icon:phone-off", text % facts)
