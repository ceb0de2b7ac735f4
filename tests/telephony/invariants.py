"""The ten invariants of the distribution, as SQL: each statement finds the rows that break it, at one moment.

1   one connected agent per call, except in consultations and conferences
2   no more open offers per agent than he can take
3   nobody waits while somebody free could answer
4   nobody is stuck past a deadline
5   what has ended stays ended
6   an agent's slices add up to the time on duty, without gap or overlap
7   order and repetition of signals change nothing
8   the longest idle agent goes first among equals
9   a withdrawn offer costs no place
10  what a dead process left behind is healed

What lasts no longer than a moment (5, 6, 8, 9) is written down by the triggers of `tests.telephony.flight_recorder`.
None of them reads what is over since long: a run of hours asks all of them every second.
Seven is a comparison of two stories: `tests/telephony/test_signal_order.py`, and the end of `tests.chaos`.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from tests.telephony.invariant import Invariant
from tests.telephony.invariants_in_call import IN_CALL

OVERDUE = timedelta(seconds=2)
HEALED_WITHIN = timedelta(seconds=60)
HISTORY = timedelta(days=36500)

# Call and agent who fit each other at `now`, by the rules of docs/distribution.md written down a second time.
FITTING = """
    SELECT e.call_id, c.epoch, p.user_id, p.state_since, p.idle_since, m.penalty, e.preferred_id
    FROM telephony_queueentry e
    JOIN telephony_call c ON c.id = e.call_id AND c.state = 'queued'
    JOIN crmcore_queue q ON q.id = e.queue_id AND q.is_active
    JOIN crmcore_queuemembership m ON m.queue_id = q.id
    JOIN crmcore_agentpresence p ON p.user_id = m.user_id
    JOIN crmcore_user u ON u.id = p.user_id AND u.is_active
    LEFT JOIN crmcore_agentpresence b ON b.user_id = e.preferred_id
    WHERE e.left_at IS NULL AND p.chosen = 'available' AND p.system = 'idle' AND p.device_ok AND p.phone_fault = ''
      AND (p.ready_at IS NULL OR p.ready_at <= %(now)s)
      AND NOT EXISTS (SELECT 1 FROM telephony_callleg l
                      WHERE l.call_id = c.id AND l.kind = 'customer' AND l.lost_at IS NOT NULL)
      AND NOT EXISTS (SELECT 1 FROM telephony_offer o WHERE o.agent_id = p.user_id AND o.state <> 'closed')
      AND NOT {excluded_p}
      AND NOT EXISTS (
        SELECT 1 FROM crmcore_queueskill s
        LEFT JOIN crmcore_userskill k ON k.skill_id = s.skill_id AND k.user_id = p.user_id
        WHERE s.queue_id = q.id AND coalesce(k.level, 0) < CASE
          WHEN coalesce(s.relax_every_s, 0) = 0 THEN s.min_level
          ELSE greatest(least(s.lowest_level, s.min_level),
                        s.min_level - floor(extract(epoch FROM %(now)s - e.entered_at) / s.relax_every_s)) END)
      AND (e.preferred_id IS NULL OR e.preferred_id = p.user_id
           OR %(now)s >= e.entered_at + q.preferred_wait_s * interval '1 second'
           OR b.user_id IS NULL OR NOT b.device_ok OR b.phone_fault <> '' OR b.chosen <> 'available'
           OR b.system = 'not_responding' OR {excluded_b})
"""
_EXCLUDED = """EXISTS (
        SELECT 1 FROM telephony_offer x
        WHERE x.call_id = e.call_id AND x.agent_id = {agent}
          AND x.end_reason IN ('rejected', 'timeout', 'media_failed', 'agent_offline', 'canceled', 'transferred')
          AND x.closed_at > %(now)s - q.exclusion_s * interval '1 second')"""
FITTING = FITTING.format(
    excluded_p=_EXCLUDED.format(agent="p.user_id"), excluded_b=_EXCLUDED.format(agent="e.preferred_id")
)


INVARIANTS = [
    Invariant(
        1,
        "a call has one agent",
        "SELECT call_id, count(*) FROM telephony_callleg WHERE kind = 'agent' AND state <> 'left'"
        " GROUP BY call_id HAVING count(*) > 1",
    ),
    Invariant(
        1,
        "an agent is in one call",
        "SELECT agent_id, array_agg(call_id) FROM telephony_callleg WHERE agent_id IS NOT NULL AND state <> 'left'"
        " GROUP BY agent_id HAVING count(*) > 1",
    ),
    Invariant(
        1,
        "colleagues and supervisors are only beside somebody who talks",
        "SELECT l.id, l.kind, l.call_id, c.state FROM telephony_callleg l JOIN telephony_call c ON c.id = l.call_id"
        " WHERE l.state <> 'left' AND l.kind IN ('consult', 'supervisor')"
        " AND c.state NOT IN ('talking', 'held', 'consulting')",
    ),
    Invariant(
        1,
        "an outside party is beside somebody who talks, or alone with the customer",
        """
        SELECT c.id, c.state, l.joined FROM telephony_call c
        LEFT JOIN (SELECT call_id, bool_or(state = 'joined') joined FROM telephony_callleg
                   WHERE kind = 'external' AND state <> 'left' GROUP BY call_id) l ON l.call_id = c.id
        WHERE c.state <> 'ended' AND CASE WHEN c.state = 'forwarded'
          THEN l.call_id IS NULL OR c.agent_id IS NOT NULL AND NOT l.joined
          ELSE l.call_id IS NOT NULL AND c.state NOT IN ('talking', 'held', 'consulting') END
        """,
    ),
    Invariant(
        1,
        "a call is in the book of parked calls until somebody talks to it",
        """
        SELECT c.id, c.state FROM telephony_call c
        LEFT JOIN telephony_parkedcall p ON p.call_id = c.id AND p.left_at IS NULL
        WHERE c.state <> 'ended' AND CASE WHEN c.state = 'parked'
          THEN p.id IS NULL ELSE p.id IS NOT NULL AND c.state <> 'connecting' END
        """,
    ),
    Invariant(
        1,
        "a call's state and its offers say the same",
        """
        SELECT c.id, c.state, o.states FROM telephony_call c
        LEFT JOIN LATERAL (SELECT array_agg(DISTINCT state::text) states FROM telephony_offer
                           WHERE call_id = c.id AND state <> 'closed' AND purpose = 'call') o ON true
        WHERE c.state <> 'ended' AND o.states IS DISTINCT FROM CASE
          WHEN c.state = 'offering' THEN ARRAY['pending']
          WHEN c.state IN ('connecting', 'dialing', 'ringing') THEN ARRAY['accepted']
          WHEN c.state IN ('talking', 'held', 'consulting') THEN ARRAY['connected'] END
        """,
    ),
    Invariant(
        1,
        "a call stands in line exactly while it waits",
        """
        SELECT c.id, c.state FROM telephony_call c WHERE c.state <> 'ended'
          AND EXISTS (SELECT 1 FROM telephony_queueentry e WHERE e.call_id = c.id AND e.left_at IS NULL)
           <> (c.state IN ('queued', 'offering') OR c.state = 'connecting'
               AND NOT EXISTS (SELECT 1 FROM telephony_parkedcall p WHERE p.call_id = c.id AND p.left_at IS NULL)
               OR c.state IN ('dialing', 'ringing') AND c.queued_at IS NOT NULL)
        """,
    ),
    Invariant(
        1,
        "an agent's presence and his offers say the same",
        """
        SELECT p.user_id, p.chosen, p.system, o.state, l.id FROM crmcore_agentpresence p
        LEFT JOIN telephony_offer o ON o.agent_id = p.user_id AND o.state <> 'closed'
        LEFT JOIN telephony_callleg l ON l.agent_id = p.user_id AND l.kind = 'supervisor' AND l.state <> 'left'
        WHERE CASE WHEN p.system IN ('reserved', 'connecting', 'on_contact') THEN p.system ELSE '' END <> CASE
          WHEN l.id IS NOT NULL THEN CASE WHEN l.joined_at IS NULL THEN 'connecting' ELSE 'on_contact' END
          WHEN o.state = 'pending' THEN 'reserved' WHEN o.state = 'accepted' THEN 'connecting'
          WHEN o.state = 'connected' THEN 'on_contact' ELSE '' END
        """,
    ),
    Invariant(
        2,
        "an agent has one open offer",
        "SELECT agent_id, array_agg(call_id) FROM telephony_offer WHERE state <> 'closed'"
        " GROUP BY agent_id HAVING count(*) > 1",
    ),
    Invariant(
        2,
        "a call rings at one agent, or at all of a queue that rings all, and is won once",
        """
        SELECT o.call_id, array_agg(o.agent_id), array_agg(o.state::text) FROM telephony_offer o
        JOIN telephony_call c ON c.id = o.call_id LEFT JOIN crmcore_queue q ON q.id = c.queue_id
        WHERE o.state <> 'closed' AND o.purpose = 'call' GROUP BY o.call_id, q.strategy
        HAVING count(*) > 1 AND (q.strategy <> 'ring_all' OR bool_or(o.state <> 'pending'))
        """,
    ),
    Invariant(
        4,
        "no agent is past a deadline",
        "SELECT user_id, system, deadline FROM crmcore_agentpresence"
        " WHERE system <> 'idle' AND deadline < %(now)s - %(overdue)s",
    ),
    Invariant(
        4,
        "no call is past a deadline",
        "SELECT id, state, state_deadline FROM telephony_call"
        " WHERE state <> 'ended' AND state_deadline < %(now)s - %(overdue)s",
    ),
    Invariant(
        5,
        "an ended call has nothing open",
        """
        SELECT c.id, 'offer' FROM telephony_offer o JOIN telephony_call c ON c.id = o.call_id
        WHERE o.state <> 'closed' AND c.state = 'ended'
        UNION ALL SELECT c.id, l.kind FROM telephony_callleg l JOIN telephony_call c ON c.id = l.call_id
        WHERE l.state <> 'left' AND c.state = 'ended'
        UNION ALL SELECT c.id, 'entry' FROM telephony_queueentry e JOIN telephony_call c ON c.id = e.call_id
        WHERE e.left_at IS NULL AND c.state = 'ended'
        UNION ALL SELECT c.id, 'parking' FROM telephony_parkedcall p JOIN telephony_call c ON c.id = p.call_id
        WHERE p.left_at IS NULL AND c.state = 'ended'
        """,
    ),
    Invariant(
        6,
        "slices follow one another without overlap, and with a gap only off duty",
        """
        SELECT * FROM (
          SELECT user_id, id, started_at, lag(ended_at) OVER own before, lag(id) OVER own before_id
          FROM crmcore_agentsegment WHERE started_at > %(since)s WINDOW own AS (PARTITION BY user_id ORDER BY id)
        ) s WHERE before_id IS NOT NULL AND (before IS NULL OR before > started_at)
        """,
    ),
    Invariant(
        6,
        "the open slice says what the presence says",
        """
        SELECT p.user_id, p.chosen, p.system, s.n, s.chosen, s.system FROM crmcore_agentpresence p
        LEFT JOIN (SELECT user_id, count(*) n, min(chosen) chosen, min(system) system
                   FROM crmcore_agentsegment WHERE ended_at IS NULL GROUP BY user_id) s USING (user_id)
        WHERE coalesce(s.n, 0) <> CASE WHEN p.chosen <> 'offline'
                OR p.system IN ('reserved', 'connecting', 'on_contact', 'wrapup') THEN 1 ELSE 0 END
           OR s.n > 0 AND (s.chosen, s.system) <> (p.chosen, p.system)
        """,
    ),
    *IN_CALL,
]
HEALED = [
    Invariant(
        10,
        "no signal of a known call is left unapplied",
        "SELECT e.id, e.kind, c.id FROM telephony_callevent e JOIN telephony_call c"
        " ON (c.provider, c.provider_call_id) = (e.provider, e.provider_call_id)"
        " WHERE e.applied_at IS NULL AND e.received_at < %(now)s - %(healed_within)s",
    ),
    Invariant(
        10,
        "no command is left lying",
        "SELECT id, step, call_id, due_at FROM telephony_providercommand"
        " WHERE done_at IS NULL AND due_at < %(now)s - %(healed_within)s",
    ),
    Invariant(
        10,
        "no event is left untold",
        "SELECT id, kind, created_at FROM crmcore_liveevent WHERE created_at < %(now)s - %(healed_within)s",
    ),
]


class Broken(AssertionError):
    """An invariant does not hold."""


def check(now: datetime, *, overdue: timedelta = OVERDUE) -> None:
    """All that one look at the rows can tell. Raises Broken."""
    hold(INVARIANTS, now=now, overdue=overdue)


def hold(invariants: list[Invariant], *, now: datetime, since: datetime | None = None, **more: Any) -> int:
    """Ask whether these hold, over one snapshot if the caller took one; how many were asked. Raises Broken."""
    values = {"now": now, "since": since or now - HISTORY, "overdue": OVERDUE, "healed_within": HEALED_WITHIN} | more
    for invariant in invariants:
        if rows := found(invariant.sql, **values):
            raise Broken(f"{invariant.number}. {invariant.rule}: {rows[:5]} at {now}")
    return len(invariants)


def found(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def fitting(now: datetime) -> set[tuple[Any, ...]]:
    """Pairs of call and agent who could be brought together, with the moves since which each of the two is free."""
    return {row[:4] for row in found(FITTING, now=now)}


def segments_follow_one_another() -> None:
    """Slices without gap or overlap, of agents who never went off duty. Raises Broken."""
    before = "SELECT *, lag(ended_at) OVER (PARTITION BY user_id ORDER BY id) before FROM crmcore_agentsegment"
    if rows := found(f"SELECT * FROM ({before}) s WHERE before <> started_at"):  # noqa: S608  # our own words
        raise Broken(f"6. slices follow one another: {rows}")


def nobody_waits_while_somebody_could_answer(now: datetime) -> None:
    """Invariant 3, right after the distribution ran. Raises Broken."""
    if pairs := fitting(now):
        raise Broken(f"3. nobody waits while somebody could answer: {pairs}")
