"""Triggers that write down what no look at the rows would catch: moves that last a moment, and who was passed over."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from tests.telephony.invariant import Invariant
from tests.telephony.invariants import FITTING

# Whoever rings, by a strategy that asks the longest idle first, has no equal who has been idle longer. A call that is
# meant for one agent (passed on to him, or promised by him) is nobody else's.
TRIGGERS = """
CREATE TABLE recorded (number int, what text, call_id bigint, agent_id bigint, since timestamptz, at timestamptz);
CREATE TABLE duty (user_id bigint, started_at timestamptz, ended_at timestamptz);
CREATE INDEX duty_end ON duty (ended_at);
CREATE INDEX segment_end ON crmcore_agentsegment (ended_at);

CREATE FUNCTION record_revival() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO recorded VALUES (5, OLD.state || ' -> ' || NEW.state, NEW.id, NULL, OLD.ended_at, clock_timestamp());
  RETURN NULL;
END $$;
CREATE TRIGGER ended_stays_ended AFTER UPDATE ON telephony_call FOR EACH ROW
  WHEN (OLD.state = 'ended' AND (NEW.state <> 'ended' OR NEW.epoch <> OLD.epoch)) EXECUTE FUNCTION record_revival();

CREATE FUNCTION record_order() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO recorded
  SELECT 8, 'passed over for ' || NEW.agent_id, NEW.call_id, f.user_id, f.idle_since, NEW.offered_at
  FROM (PASSED_OVER) f
  JOIN telephony_call c ON c.id = f.call_id JOIN crmcore_queue q ON q.id = c.queue_id
  JOIN telephony_queueentry e ON e.call_id = c.id AND e.left_at IS NULL
  JOIN crmcore_queuemembership m ON m.queue_id = q.id AND m.user_id = NEW.agent_id
  JOIN crmcore_agentpresence p ON p.user_id = NEW.agent_id
  WHERE f.call_id = NEW.call_id AND f.user_id <> NEW.agent_id AND q.strategy = 'longest_idle'
    AND e.preferred_id IS DISTINCT FROM NEW.agent_id AND c.direction = 'in'
    AND (e.initial_contact OR e.entered_at <> NEW.offered_at)
    AND (f.penalty < m.penalty OR f.penalty = m.penalty AND f.idle_since < p.idle_since);
  RETURN NULL;
END $$;
CREATE TRIGGER longest_idle_first AFTER INSERT ON telephony_offer FOR EACH ROW
  WHEN (NEW.state = 'pending' AND NEW.purpose = 'call' AND NOT NEW.is_shared) EXECUTE FUNCTION record_order();

CREATE FUNCTION record_lost_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO recorded
  SELECT 9, o.end_reason, o.call_id, NEW.user_id, OLD.idle_since, NEW.state_since FROM telephony_offer o
  WHERE o.id = (SELECT id FROM telephony_offer WHERE agent_id = NEW.user_id AND state = 'closed'
                ORDER BY offered_at DESC, id DESC LIMIT 1)
    AND o.end_reason LIKE 'rescinded%';
  RETURN NULL;
END $$;
CREATE TRIGGER rescind_costs_no_place AFTER UPDATE ON crmcore_agentpresence FOR EACH ROW
  WHEN (OLD.system = 'reserved' AND NEW.system = 'idle' AND OLD.next_chosen = '' AND NEW.idle_since > OLD.idle_since)
  EXECUTE FUNCTION record_lost_place();

CREATE FUNCTION record_duty() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.chosen <> 'offline' OR NEW.system IN ('reserved', 'connecting', 'on_contact', 'wrapup') THEN
    INSERT INTO duty VALUES (NEW.user_id, NEW.state_since, NULL);
  ELSE
    UPDATE duty SET ended_at = NEW.state_since WHERE user_id = NEW.user_id AND ended_at IS NULL;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER duty_begins_or_ends AFTER UPDATE ON crmcore_agentpresence FOR EACH ROW
  WHEN ((OLD.chosen <> 'offline' OR OLD.system IN ('reserved', 'connecting', 'on_contact', 'wrapup'))
    <> (NEW.chosen <> 'offline' OR NEW.system IN ('reserved', 'connecting', 'on_contact', 'wrapup')))
  EXECUTE FUNCTION record_duty();
""".replace("PASSED_OVER", FITTING % {"now": "NEW.offered_at"})

RECORDED = [
    Invariant(5, "an ended call never changes its state again", "SELECT * FROM recorded WHERE number = 5"),
    Invariant(
        6,
        "the slices of an agent add up to the time on duty",
        """
        SELECT user_id, d.seconds, s.seconds FROM (
          SELECT user_id, sum(extract(epoch FROM coalesce(ended_at, %(now)s) - greatest(started_at, %(since)s))) seconds
          FROM duty WHERE ended_at IS NULL OR ended_at > %(since)s GROUP BY user_id) d
        FULL JOIN (
          SELECT user_id, sum(extract(epoch FROM coalesce(ended_at, %(now)s) - greatest(started_at, %(since)s))) seconds
          FROM crmcore_agentsegment WHERE ended_at IS NULL OR ended_at > %(since)s GROUP BY user_id) s USING (user_id)
        WHERE abs(coalesce(d.seconds, 0) - coalesce(s.seconds, 0)) > 0.001
        """,
    ),
    # A row that somebody else writes at that moment is skipped, so one idle agent may be overtaken, but not again and
    # again.
    Invariant(
        8,
        "the longest idle agent goes first",
        "SELECT agent_id, since, count(*), min(what), max(at), array_agg(call_id) FROM recorded WHERE number = 8"
        " GROUP BY agent_id, since HAVING count(*) > %(passed_over)s",
    ),
    Invariant(9, "a withdrawn offer costs no place", "SELECT * FROM recorded WHERE number = 9"),
]


NO_TRIGGERS = """
DROP TABLE recorded, duty;
DROP INDEX segment_end;
DROP FUNCTION record_revival, record_order, record_lost_place, record_duty CASCADE;
"""


def start_recording() -> None:
    """Put the triggers on the tables of this database (or of this transaction, which takes them with it)."""
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS)


@contextmanager
def recording() -> Iterator[None]:
    """Record inside the block, in a database that others use after it."""
    start_recording()
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(NO_TRIGGERS)
