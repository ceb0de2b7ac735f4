"""A year of calls: how long summing up takes, and then each report on the whole year."""

import argparse
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.test import Client

from bench.figures import Figure, timed
from bench.floor import Floor
from crmcore import clock
from crmcore.actions import people
from crmcore.models import AgentSegment, Queue, User
from telephony.actions.roll_up import roll_up
from telephony.models import Call, CallFlow, CallLeg, FlowVersion, Offer, QueueEntry

AGENTS = 100
RUNS = 5
STEPS = 8
# What one call of the year was like; the same calls each time. Every day has calls for each queue and agent.
FACTS = """
CREATE TEMPORARY TABLE fact AS
SELECT n, n + %(first)s AS call_id, started_at, wait, talk, kind,
       started_at + wait AS left_at, (%(queues)s)[1 + n / 365 %% cardinality(%(queues)s)] AS queue_id,
       (%(agents)s)[1 + n / 365 * 7 %% cardinality(%(agents)s)] AS agent_id
FROM (
    SELECT n,
        date_trunc('day', %(now)s::timestamptz) - make_interval(days => 1 + n %% 365)
            + make_interval(secs => 28800 + floor(random() * 36000)) AS started_at,
        make_interval(secs => floor(-20 * ln(1 - random()))) AS wait,
        60 + floor(random() * 400)::int AS talk,
        (CASE WHEN random() < .9 THEN 'completed' WHEN random() < .6 THEN 'abandoned'
              WHEN random() < .5 THEN 'callback' ELSE 'ivr_abandon' END) AS kind
    FROM generate_series(1, %(calls)s) AS n
) AS drawn
"""


def run(options: argparse.Namespace) -> Iterator[Figure]:
    floor = Floor.of("year", AGENTS)
    people.ensure_roles()
    admin = people.create_user("year", name="Year", password=None, roles=["admin"], by=None)
    start = time.monotonic()
    _write(floor, options.calls)
    yield Figure("rows of a year written", time.monotonic() - start, "s", f"{options.calls:,} calls")
    start = time.monotonic()
    roll_up()
    yield Figure("first summing up of the year", time.monotonic() - start, "s", "once; then only what still moves")
    yield Figure("summing up again", timed(roll_up, 3).median, "ms", "each minute")
    client = Client()
    client.force_login(admin)
    for name, address in _pages(floor.queues[0]).items():
        times = timed(lambda address=address: _shown(client, address), RUNS)
        yield Figure(name, times.median, "ms", f"p95 {times.p95:.0f} ms, to stay below 1,000")


def _pages(queue: Queue) -> dict[str, str]:
    today = clock.now().date()
    year = f"first={today - timedelta(days=365)}&last={today}"
    return {
        "service level, all queues, a year by week": f"/supervisor/reports/?{year}&step=week",
        "service level, all queues, a year by month": f"/supervisor/reports/?{year}&step=month",
        "service level, one queue, a year": f"/supervisor/reports/?{year}&queue={queue.code}",
        "agents' time, a year": f"/supervisor/reports/agents/?{year}",
        "call flow, all queues, a year": f"/supervisor/reports/flow/?{year}",
        "call flow, one queue, a year": f"/supervisor/reports/flow/?{year}&queue={queue.code}",
        "outbound calls, a year": f"/supervisor/reports/outbound/?{year}",
        "live board above a year of calls": "/supervisor/",
    }


def _shown(client: Client, address: str) -> None:
    status = client.get(address).status_code
    if status != 200:
        raise RuntimeError(f"{address} answers with status {status}")


def _write(floor: Floor, calls: int) -> None:
    """Rows as the desk would have left them: calls, waits, offers, legs and slices of time."""
    call, pattern = _patterns(floor)
    with transaction.atomic(), connection.cursor() as cursor:
        # The rows are right by their making: to look up each foreign key would double the time.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SELECT setseed(0.5)")
        given = {"first": call.pk, "now": clock.now(), "calls": calls, "agents": floor.agents}
        cursor.execute(FACTS, given | {"queues": [queue.pk for queue in floor.queues]})
        _multiply(cursor, pattern["call"], CALL)
        _multiply(cursor, pattern["entry"], ENTRY, "kind <> 'ivr_abandon'")
        _multiply(cursor, pattern["offer"], OFFER, "kind = 'completed'")
        _multiply(cursor, pattern["leg"], LEG, "kind = 'completed'")
        _multiply(cursor, pattern["slice"], SLICE, "kind = 'completed'")
    for row in pattern.values():
        if not isinstance(row, Call):
            row.delete()
    call.delete()
    with connection.cursor() as cursor:
        # Whoever writes calls after us goes on counting where we ended.
        cursor.execute("SELECT setval(pg_get_serial_sequence('telephony_call', 'id'), max(id)) FROM telephony_call")
        cursor.execute("VACUUM ANALYZE")


ENDED = "left_at + make_interval(secs => CASE kind WHEN 'completed' THEN talk ELSE 0 END)"
ANSWERED = "CASE kind WHEN 'completed' THEN left_at END"
CALL = {
    "id": "call_id",
    "provider_call_id": "'year-' || n",
    "public_id": "gen_random_uuid()",
    "direction": "CASE WHEN kind = 'completed' AND mod(n, 10) = 0 THEN 'out' ELSE 'in' END",
    "outcome": "kind",
    "menu": f"jsonb_build_object('node', 'menu-' || mod(n, {STEPS}))",
    "queue_id": "CASE kind WHEN 'ivr_abandon' THEN NULL ELSE queue_id END",
    "agent_id": "CASE kind WHEN 'completed' THEN agent_id END",
    "queued_at": "CASE kind WHEN 'ivr_abandon' THEN NULL ELSE started_at END",
    "answered_at": ANSWERED,
    "started_at": "started_at",
    "ended_at": ENDED,
    "state_since": ENDED,
    "last_evidence_at": ENDED,
}
LEFT_AS = "CASE kind WHEN 'completed' THEN 'answered' ELSE kind END"
ENTRY = {"call_id": "call_id", "queue_id": "queue_id", "entered_at": "started_at", "rank": "started_at"} | {
    "left_at": "left_at",
    "left_as": LEFT_AS,
    "predicted_s": "(10 + mod(n, 40))",
}
OFFER = {
    "call_id": "call_id",
    "agent_id": "agent_id",
    **dict.fromkeys(("offered_at", "expires_at", "accepted_at", "connected_at", "closed_at"), "left_at"),
}
LEG = {
    "call_id": "call_id",
    "agent_id": "agent_id",
    "invited_at": "left_at",
    "joined_at": "left_at",
    "left_at": ENDED,
    "talk_seconds": "talk",
    "wrap_up_started_at": ENDED,
    "wrap_up_ended_at": f"{ENDED} + interval '40 seconds'",
}
SLICE = {"user_id": "agent_id", "started_at": "left_at", "ended_at": ENDED}


def _patterns(floor: Floor) -> tuple[Call, dict[str, Any]]:
    """One row of each kind; what the facts do not say is copied from it."""
    now, agent = clock.now(), User.objects.get(pk=floor.agents[0])
    flow = CallFlow.objects.create(name="Year")
    menus = {f"menu-{step}": {"kind": "menu", "labels": {}, "exits": {}} for step in range(STEPS)}
    tree = {"start": "menu-0", "languages": ["en"], "nodes": menus}
    version = FlowVersion.objects.create(flow=flow, number=1, tree=tree, changed_at=now, published_at=now)
    over = {"state": "ended", "started_at": now, "ended_at": now, "state_since": now, "last_evidence_at": now}
    call = Call.objects.create(
        provider="bench",
        provider_call_id="year",
        outcome="completed",
        flow_version=version,
        **over,
    )
    times = {"offered_at": now, "expires_at": now, "closed_at": now}
    return call, {
        "call": call,
        "entry": QueueEntry.objects.create(call=call, queue=floor.queues[0], entered_at=now, rank=now),
        "offer": Offer.objects.create(call=call, agent=agent, state="closed", end_reason="completed", **times),
        "leg": CallLeg.objects.create(call=call, agent=agent, kind="agent", state="left", invited_at=now, left_at=now),
        "slice": AgentSegment.objects.create(
            user=agent, chosen="available", system="on_contact", started_at=now, ended_at=now
        ),
    }


def _multiply(cursor: CursorWrapper, pattern: Any, said: dict[str, str], which: str = "true") -> None:
    """One row like the pattern for each fact; `said` gives columns by expressions of the fact."""
    columns = [field.column for field in pattern._meta.concrete_fields if field.column != "id" or "id" in said]
    # The pattern's columns are told from those of the fact by their sign.
    copied = ", ".join(f"{column} AS _{column}" for column in columns)
    values = ", ".join(said.get(column, f"_{column}") for column in columns)
    table = pattern._meta.db_table
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} "
        f"FROM (SELECT {copied} FROM {table} WHERE id = %s) AS pattern, fact WHERE {which}",
        [pattern.pk],
    )
