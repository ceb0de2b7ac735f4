"""Looks at desk and carrier while others work: what must never be, and what must not last."""

import time
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db import connection, transaction

from crmcore import clock
from telephony.actions.evidence import signal_of
from telephony.actions.fold import fold
from telephony.models import Call, CallEvent, CallLeg, Offer, QueueEntry
from telephony.states import IN_CONVERSATION, CallOutcome, CallState
from tests.chaos.people import People
from tests.chaos.tally import Tally
from tests.fake_carrier.carrier import FakeCarrier
from tests.fake_carrier.state import FakeCall
from tests.telephony.flight_recorder import RECORDED
from tests.telephony.invariants import HEALED, INVARIANTS, OVERDUE, Broken, fitting, hold

OVERTAKEN = 5
HISTORY = timedelta(minutes=2)
# A broken line of an agent has a minute of grace before anybody acts; finding it out may take another.
HEALS_WITHIN_S = {"gone": 60.0, "forgotten": 60.0, "alone": 125.0}
ANSWERED, ABANDONED, VOICEMAIL, CALLBACK, WAITING = "answered", "abandoned", "voicemail", "called back", "still waiting"
SENT_AWAY, LEFT_MENU, LOST = "served or sent away by menu or rule", "left in the menu", "LOST"
ENDS = {
    CallOutcome.ABANDONED: ABANDONED,
    CallOutcome.VOICEMAIL: VOICEMAIL,
    CallOutcome.CALLBACK: CALLBACK,
    CallOutcome.OVERFLOWED: SENT_AWAY,
    CallOutcome.FORWARDED: SENT_AWAY,
    CallOutcome.SELF_SERVED: SENT_AWAY,
    CallOutcome.IVR_ABANDON: LEFT_MENU,
}


class Watch:
    def __init__(self, people: People, tally: Tally) -> None:
        self.people, self.tally = people, tally
        self.fitting: dict[Any, float] = {}
        self.astray: dict[tuple[str, str], float] = {}

    def look(self) -> None:
        """One consistent snapshot of the rows, then the carrier beside them. Raises Broken."""
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            now, bound = clock.now(), self._bound()
            asked = hold(
                INVARIANTS + RECORDED + HEALED, now=now, overdue=bound, since=now - HISTORY, passed_over=OVERTAKEN
            )
            self.tally.checked("rules over the rows", asked)
            self._nobody_is_starved(now, bound)
        self._nobody_is_astray()

    def _bound(self) -> timedelta:
        """Two seconds, or two ticks where the machine is so busy that these take longer."""
        return max(OVERDUE, timedelta(seconds=time.monotonic() - self.people.ticks[0]))

    def _nobody_is_starved(self, now: datetime, bound: timedelta) -> None:
        moment = time.monotonic()
        self.fitting = {pair: self.fitting.get(pair, moment) for pair in fitting(now)}
        self.tally.checked("callers beside idle agents", len(self.fitting))
        starved = [pair for pair, since in self.fitting.items() if moment - since > bound.total_seconds()]
        if starved:
            raise Broken(f"3. call, epoch, agent, idle since: {starved} wait beside each other for {bound}")

    def _nobody_is_astray(self) -> None:
        """Callers on the line whom the desk has forgotten, calls without a caller, callers alone in a room."""
        moment = time.monotonic()
        with self.people.line.at_the_carrier() as carrier:
            where = {sid: _place(carrier, call) for sid, call in self.people.callers.items()}
        rows = _rows(sid for sid, place in where.items() if place != "over")
        found = {(kind, sid) for sid, place in where.items() if (kind := _astray(place, rows.get(sid)))}
        live = Call.objects.filter(direction="in").exclude(state=CallState.ENDED)
        sids = live.order_by().values_list("provider_call_id", flat=True)
        found |= {("gone", sid) for sid in sids if where.get(sid, "over") == "over"}
        self.astray = {key: self.astray.get(key, moment) for key in found}
        self.tally.checked("callers found where the desk thinks they are", len(rows))
        for (kind, sid), since in self.astray.items():
            if moment - since > HEALS_WITHIN_S[kind]:
                raise Broken(
                    f"10. caller {sid} is {kind} for {moment - since:.0f} s: {where.get(sid)}, {rows.get(sid)}"
                )

    def account(self) -> Counter[str]:
        """What became of everybody who called."""
        rows = Call.objects.filter(provider="twilio", direction="in").values_list(
            "provider_call_id", "state", "outcome", "answered_at"
        )
        ends = {sid: _end(*row) for sid, *row in rows}
        self.people.see_off()
        # Who hangs up before the carrier has asked for the first document has not arrived.
        return Counter(ends.get(sid, LOST) for sid in self.people.greeted | set(ends))

    def nothing_is_left(self) -> bool:
        """Whether every call is over, at the desk and at the carrier."""
        with self.people.line.at_the_carrier() as carrier:
            speaking = [call for call in carrier.calls.values() if not call.is_over]
        return not speaking and not Call.objects.exclude(state=CallState.ENDED).exists()


def repetition_changes_nothing(samples: int, dice: Random) -> int:
    """Every signal of some ended calls told again, in another order and under another name. Raises Broken."""
    calls = list(Call.objects.filter(state=CallState.ENDED).order_by("?")[:samples])
    for call in calls:
        before = _story(call)
        signals = [signal_of(event) for event in CallEvent.objects.filter(call=call).exclude(kind="incoming")]
        dice.shuffle(signals)
        for number, signal in enumerate(signals):
            fold(replace(signal, token=f"again:{call.pk}:{number}"))
        if (after := _story(call)) != before:
            raise Broken(f"7. call {call.pk} told again: {before} became {after}")
    return len(calls)


def _story(call: Call) -> list[Any]:
    """All that repetition must not change."""
    rows = Call.objects.filter(pk=call.pk).values(
        "state", "epoch", "outcome", "end_reason", "hung_up_by", "answered_at"
    )
    return [
        *rows,
        *QueueEntry.objects.filter(call=call).order_by("pk").values_list("left_as", "left_at"),
        *Offer.objects.filter(call=call).order_by("pk").values_list("agent_id", "state", "end_reason", "closed_at"),
        *CallLeg.objects.filter(call=call).order_by("pk").values_list("state", "left_at", "wrap_up_started_at"),
    ]


def _astray(place: str, state: str | None) -> str:
    """What is the matter with a caller who is there at the carrier while the call is in this state at the desk."""
    if place != "over" and state == CallState.ENDED:
        return "forgotten"
    if place != "over" and state in IN_CONVERSATION and place != "in company":
        return "alone"
    return "alone" if place in ("alone", "in company") and state in (CallState.QUEUED, CallState.PARKED) else ""


def _place(carrier: FakeCarrier, call: FakeCall) -> str:
    if call.is_over:
        return "over"
    if (room := carrier.room_of(call)) is not None:
        return "in company" if len(room.participants) > 1 else "alone"
    return "waiting" if carrier.queue_of(call) else "listening"


def _rows(sids: Any) -> dict[str, str]:
    calls = Call.objects.filter(provider="twilio", provider_call_id__in=list(sids))
    return dict(calls.values_list("provider_call_id", "state"))


def _end(state: str, outcome: str, answered_at: Any) -> str:
    if state != CallState.ENDED:
        return WAITING
    if answered_at is not None:
        return ANSWERED
    return ENDS.get(CallOutcome(outcome), LOST)
