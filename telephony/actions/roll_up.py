"""Summing up: raw rows of calls and of agents become quarter hours, as often as wanted with the same result.

The sums are whole rows made anew by the database, never counters that are kept: a late signal, a repeated run or a
changed definition cannot make them wrong. Formulas are those of `telephony.service_level`.
"""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F

from crmcore import clock
from telephony.actions.transitions import LONGEST_CALL, LONGEST_WAIT
from telephony.models import (
    AgentQuarter,
    CallQuarter,
    PlacedOutcomeQuarter,
    PlacedQuarter,
    QueueQuarter,
    RollUp,
)

QUARTER = timedelta(minutes=15)
# Rows of a call may still change so long after it entered a queue: the longest wait, call and wrap-up together.
STILL_MOVING = LONGEST_WAIT + LONGEST_CALL + timedelta(hours=1)
# A wait of a few seconds makes any prediction of it look absurd in per cent.
TOLD_FROM_S = 10
SUMS = (QueueQuarter, CallQuarter, AgentQuarter, PlacedQuarter, PlacedOutcomeQuarter)
BEGINNING = datetime.fromisoformat("2000-01-01T00:00:00+00:00")

_QUEUES = """
INSERT INTO telephony_queuequarter (
    queue_id, start, answer_within_s, short_abandon_s, answered, answered_in_time, abandoned, abandoned_in_time,
    short_abandons, flowed_out, flowed_out_in_time, answer_seconds, abandon_seconds, longest_wait_s,
    handled, talk_seconds, hold_seconds, wrap_up_seconds, foretold, foretold_off_share, foretold_off_seconds
)
SELECT
    q.id, quarter, q.answer_within_s, q.short_abandon_s,
    count(*) FILTER (WHERE left_as = 'answered'),
    count(*) FILTER (WHERE left_as = 'answered' AND wait <= q.answer_within_s),
    count(*) FILTER (WHERE left_as = 'abandoned'),
    count(*) FILTER (WHERE left_as = 'abandoned' AND wait <= q.answer_within_s),
    count(*) FILTER (WHERE left_as = 'abandoned' AND wait < q.short_abandon_s),
    count(*) FILTER (WHERE left_as IN ('overflowed', 'callback')),
    count(*) FILTER (WHERE left_as IN ('overflowed', 'callback') AND wait <= q.answer_within_s),
    coalesce(sum(wait) FILTER (WHERE left_as = 'answered'), 0),
    coalesce(sum(wait) FILTER (WHERE left_as = 'abandoned'), 0),
    coalesce(max(wait), 0),
    count(leg.id), coalesce(sum(leg.talk_seconds), 0), coalesce(sum(leg.hold_seconds), 0),
    coalesce(sum(extract(epoch FROM leg.wrap_up_ended_at - leg.wrap_up_started_at)), 0),
    count(predicted_s) FILTER (WHERE left_as = 'answered' AND wait >= %(told_from_s)s),
    coalesce(sum(abs(predicted_s - wait) / wait) FILTER (WHERE left_as = 'answered' AND wait >= %(told_from_s)s), 0),
    coalesce(sum(abs(predicted_s - wait)) FILTER (WHERE left_as = 'answered' AND wait >= %(told_from_s)s), 0)
FROM crmcore_queue q
JOIN LATERAL (
    SELECT e.*, date_bin('15 minutes', e.entered_at, 'epoch'::timestamptz) AS quarter,
           extract(epoch FROM e.left_at - e.entered_at)::double precision AS wait
    FROM telephony_queueentry e
    JOIN telephony_call c ON c.id = e.call_id AND c.direction = 'in'
    WHERE e.queue_id = q.id AND e.left_at IS NOT NULL AND e.left_as <> 'canceled' AND e.entered_at >= %(since)s
) entry ON true
LEFT JOIN LATERAL (
    SELECT l.* FROM telephony_callleg l
    WHERE entry.left_as = 'answered' AND l.call_id = entry.call_id AND l.kind = 'agent' AND l.joined_at <= entry.left_at
    ORDER BY l.joined_at DESC LIMIT 1
) leg ON true
WHERE %(queue)s IS NULL OR q.id = %(queue)s
GROUP BY q.id, quarter
"""

_CALLS = """
INSERT INTO telephony_callquarter (
    start, queue_id, line_id, flow_id, node, outcome, calls, queued, answered, left_ringing, overflowed
)
SELECT
    date_bin('15 minutes', c.started_at, 'epoch'::timestamptz),
    c.queue_id, CASE WHEN c.queue_id IS NULL THEN c.line_id END, version.flow_id,
    CASE WHEN version.flow_id IS NULL THEN '' ELSE coalesce(c.menu ->> 'node', '') END, c.outcome,
    count(*), count(c.queued_at), count(c.answered_at),
    count(*) FILTER (WHERE c.outcome = 'abandoned' AND EXISTS (
        SELECT FROM telephony_offer o WHERE o.call_id = c.id AND o.end_reason = 'rescinded_caller_left')),
    count(*) FILTER (WHERE EXISTS (
        SELECT FROM telephony_queueentry e WHERE e.call_id = c.id AND e.left_as = 'overflowed'))
FROM telephony_call c
LEFT JOIN telephony_flowversion version ON version.id = c.flow_version_id
WHERE c.direction = 'in' AND c.started_at >= %(since)s
GROUP BY 1, 2, 3, 4, 5, 6
"""

# A call that was passed on has several legs of agents; it is one attempt, of whoever had it last.
_PLACED = """
INSERT INTO telephony_placedquarter (start, queue_id, agent_id, campaign_id, attempts, connected, talk_seconds)
SELECT date_bin('15 minutes', c.started_at, 'epoch'::timestamptz), c.queue_id, c.agent_id, target.campaign_id,
    count(*), count(c.answered_at), sum(leg.talk_seconds)
FROM telephony_call c
JOIN LATERAL (
    SELECT count(*) AS joined, coalesce(sum(l.talk_seconds), 0) AS talk_seconds FROM telephony_callleg l
    WHERE l.call_id = c.id AND l.kind = 'agent' AND l.joined_at IS NOT NULL
) leg ON leg.joined > 0
LEFT JOIN telephony_campaignattempt attempt ON attempt.call_id = c.id
LEFT JOIN telephony_campaigntarget target ON target.id = attempt.target_id
WHERE c.direction = 'out' AND c.state = 'ended' AND c.queue_id IS NOT NULL AND c.started_at >= %(since)s
GROUP BY 1, 2, 3, 4
"""

_PLACED_OUTCOMES = """
INSERT INTO telephony_placedoutcomequarter (start, queue_id, outcome_id, conversations)
SELECT date_bin('15 minutes', c.started_at, 'epoch'::timestamptz), c.queue_id, l.outcome_id, count(*)
FROM telephony_call c
JOIN telephony_callleg l ON l.call_id = c.id
WHERE c.direction = 'out' AND c.state = 'ended' AND c.queue_id IS NOT NULL AND c.started_at >= %(since)s
    AND c.answered_at IS NOT NULL AND l.kind = 'agent' AND l.joined_at IS NOT NULL AND l.wrap_up_started_at IS NOT NULL
GROUP BY 1, 2, 3
"""

_AGENTS = """
WITH slice AS (
    SELECT s.user_id AS agent_id, quarter.start, s.system, s.chosen,
           extract(epoch FROM least(coalesce(s.ended_at, %(now)s), quarter.start + interval '15 minutes')
                              - greatest(s.started_at, quarter.start)) AS seconds
    FROM crmcore_agentsegment s
    CROSS JOIN LATERAL generate_series(
        date_bin('15 minutes', greatest(s.started_at, %(since)s), 'epoch'::timestamptz),
        coalesce(s.ended_at, %(now)s), interval '15 minutes'
    ) AS quarter(start)
    WHERE coalesce(s.ended_at, %(now)s) > %(since)s AND s.started_at < %(now)s
), time_spent AS (
    SELECT agent_id, start,
        coalesce(sum(seconds) FILTER (WHERE system = 'idle' AND chosen = 'available'), 0) AS ready,
        coalesce(sum(seconds) FILTER (WHERE system IN ('reserved', 'connecting')), 0) AS ringing,
        coalesce(sum(seconds) FILTER (WHERE system = 'on_contact'), 0) AS contact,
        coalesce(sum(seconds) FILTER (WHERE system = 'wrapup'), 0) AS wrap_up,
        coalesce(sum(seconds) FILTER (
            WHERE system = 'not_responding' OR system = 'idle' AND chosen <> 'available'), 0) AS away
    FROM slice WHERE seconds > 0 GROUP BY agent_id, start
), asked AS (
    SELECT agent_id, date_bin('15 minutes', offered_at, 'epoch'::timestamptz) AS start,
        count(*) AS offers, count(accepted_at) AS accepted,
        count(*) FILTER (WHERE end_reason = 'timeout') AS missed,
        count(*) FILTER (WHERE end_reason = 'rejected') AS rejected
    FROM telephony_offer WHERE offered_at >= %(since)s GROUP BY 1, 2
), talked AS (
    SELECT agent_id, date_bin('15 minutes', joined_at, 'epoch'::timestamptz) AS start,
        count(*) AS handled, sum(talk_seconds) AS talk, sum(hold_seconds) AS hold
    FROM telephony_callleg
    WHERE kind = 'agent' AND joined_at >= %(since)s AND wrap_up_started_at IS NOT NULL GROUP BY 1, 2
)
INSERT INTO telephony_agentquarter (
    agent_id, start, ready_seconds, ringing_seconds, contact_seconds, wrap_up_seconds, away_seconds,
    offers, accepted, missed, rejected, handled, talk_seconds, hold_seconds
)
SELECT agent_id, start, coalesce(ready, 0), coalesce(ringing, 0), coalesce(contact, 0), coalesce(wrap_up, 0),
    coalesce(away, 0), coalesce(offers, 0), coalesce(accepted, 0), coalesce(missed, 0), coalesce(rejected, 0),
    coalesce(handled, 0), coalesce(talk, 0), coalesce(hold, 0)
FROM time_spent FULL JOIN asked USING (agent_id, start) FULL JOIN talked USING (agent_id, start)
"""


def roll_up() -> None:
    """Sum up what has changed since the last run; everything at the first. One process at a time, others do nothing."""
    with transaction.atomic():
        RollUp.objects.get_or_create(pk=1)
        mark = RollUp.objects.select_for_update(skip_locked=True).filter(pk=1).first()
        if mark is None:
            return
        now = clock.now()
        since = _quarter_of(mark.done_until - STILL_MOVING) if mark.done_until else BEGINNING
        _sum_since(since, now)
        _sum_redefined()
        mark.done_until = now
        mark.save(update_fields=["done_until"])


def forget_sums() -> None:
    """Let the next run sum up everything: raw rows of the past were written or removed."""
    RollUp.objects.filter(pk=1).update(done_until=None)


def sum_again(since: datetime, *, now: datetime) -> None:
    """Let the next run go back to this moment where it would not anyway: a row of the past was corrected."""
    reached = since + STILL_MOVING
    if reached < now:
        RollUp.objects.filter(done_until__gt=reached).update(done_until=reached)


def _sum_since(since: datetime, now: datetime) -> None:
    for sums in SUMS:
        sums._default_manager.filter(start__gte=since).delete()
    _sum_queues(since, None)
    with connection.cursor() as cursor:
        for statement in (_CALLS, _PLACED, _PLACED_OUTCOMES):
            cursor.execute(statement, {"since": since})
        cursor.execute(_AGENTS, {"since": since, "now": now})
        if since == BEGINNING:
            # The database would look at so many new rows by itself, but only after slow answers to the first readers.
            cursor.execute("ANALYZE " + ", ".join(sums._meta.db_table for sums in SUMS))


def _sum_redefined() -> None:
    """Count anew the queues whose definition of "in time" or of a short abandon has changed."""
    outdated = QueueQuarter.objects.exclude(
        answer_within_s=F("queue__answer_within_s"), short_abandon_s=F("queue__short_abandon_s")
    )
    for queue_id in set(outdated.order_by().values_list("queue_id", flat=True).distinct()):
        QueueQuarter.objects.filter(queue=queue_id).delete()
        _sum_queues(BEGINNING, queue_id)


def _sum_queues(since: datetime, queue_id: int | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_QUEUES, {"since": since, "queue": queue_id, "told_from_s": TOLD_FROM_S})


def _quarter_of(moment: datetime) -> datetime:
    return moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
