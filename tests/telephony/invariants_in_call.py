"""The invariants of calls with several parties, on hold, parked and recorded, as SQL like the others."""

from tests.telephony.invariant import Invariant

IN_CALL = [
    Invariant(
        1,
        "who waits or is parked is nobody's",
        """
        SELECT c.id, c.state, c.agent_id, l.kind FROM telephony_call c
        LEFT JOIN telephony_callleg l ON l.call_id = c.id AND l.state <> 'left' AND l.kind <> 'customer'
        WHERE c.state IN ('new', 'ivr', 'queued', 'offering', 'parked') AND (c.agent_id IS NOT NULL OR l.id IS NOT NULL)
        """,
    ),
    Invariant(
        1,
        "a conversation has five parties at most",
        "SELECT call_id, count(*) FROM telephony_callleg WHERE state <> 'left' AND kind <> 'supervisor'"
        " GROUP BY call_id HAVING count(*) > 5",
    ),
    Invariant(
        1,
        "the customer hears music exactly when the call is on hold, and colleagues only beside a consultation",
        """
        SELECT c.id, c.state, h.customer, h.others FROM telephony_call c
        JOIN LATERAL (
          SELECT bool_or(is_held AND kind = 'customer') customer, bool_or(is_held AND kind <> 'customer') others
          FROM telephony_callleg WHERE call_id = c.id AND state <> 'left') h ON true
        WHERE c.state <> 'ended' AND CASE c.state WHEN 'consulting' THEN false WHEN 'held' THEN NOT h.customer
                                                  ELSE h.customer OR h.others END
        """,
    ),
    Invariant(
        1,
        "a conversation is a consultation exactly while somebody is asked, or spoken to apart from the customer",
        """
        SELECT c.id, c.state, a.offers, a.apart FROM telephony_call c
        JOIN telephony_callleg l ON l.call_id = c.id AND l.kind = 'customer'
        JOIN LATERAL (SELECT
          EXISTS (SELECT 1 FROM telephony_offer o WHERE o.call_id = c.id AND o.purpose = 'consult'
                  AND o.state IN ('pending', 'accepted')) offers,
          EXISTS (SELECT 1 FROM telephony_callleg s WHERE s.call_id = c.id AND s.state <> 'left'
                  AND s.kind IN ('consult', 'external') AND s.is_held <> l.is_held) apart) a ON true
        WHERE c.state IN ('talking', 'held', 'consulting') AND CASE WHEN c.state = 'consulting'
          THEN NOT a.offers AND NOT a.apart ELSE a.offers END
        """,
    ),
    Invariant(
        1,
        "the hold that is counted lasts as long as the customer hears music",
        """
        SELECT c.id, c.state, l.is_held FROM telephony_call c
        JOIN telephony_callleg l ON l.call_id = c.id AND l.kind = 'customer'
        WHERE c.state <> 'ended' AND l.is_held <> EXISTS (
          SELECT 1 FROM telephony_callhold h JOIN telephony_callleg a ON a.id = h.leg_id
          WHERE a.call_id = c.id AND h.ended_at IS NULL)
        """,
    ),
    Invariant(
        1,
        "what is recorded is the conversation of its agent",
        """
        SELECT r.id, r.call_id, c.state, l.kind, l.state FROM telephony_recording r
        JOIN telephony_call c ON c.id = r.call_id LEFT JOIN telephony_callleg l ON l.id = r.leg_id
        WHERE r.state IN ('recording', 'paused') AND (c.state NOT IN ('talking', 'held', 'consulting')
          OR l.kind IS DISTINCT FROM 'agent' OR l.state = 'left')
        """,
    ),
    Invariant(
        1,
        "who wraps up has a conversation to wrap up",
        """
        SELECT p.user_id, l.id, l.wrap_up_started_at, l.wrap_up_ended_at FROM crmcore_agentpresence p
        LEFT JOIN LATERAL (SELECT * FROM telephony_callleg WHERE agent_id = p.user_id AND kind = 'agent'
                           AND joined_at IS NOT NULL ORDER BY joined_at DESC, id DESC LIMIT 1) l ON true
        WHERE p.system = 'wrapup' AND (l.wrap_up_started_at IS NULL OR l.wrap_up_ended_at IS NOT NULL)
        """,
    ),
    Invariant(
        4,
        "a parked call comes back in time",
        "SELECT c.id, p.returns_at FROM telephony_parkedcall p JOIN telephony_call c ON c.id = p.call_id"
        " WHERE p.left_at IS NULL AND c.state = 'parked' AND p.returns_at < %(now)s - %(overdue)s",
    ),
    Invariant(
        4,
        "no pause of a recording outlasts its time",
        "SELECT recording_id, until FROM telephony_recordingpause"
        " WHERE ended_at IS NULL AND until < %(now)s - %(overdue)s",
    ),
    Invariant(
        5,
        "after the end no recording runs and no hold is counted",
        """
        SELECT c.id, 'recording' FROM telephony_recording r JOIN telephony_call c ON c.id = r.call_id
        WHERE r.state IN ('recording', 'paused') AND c.state = 'ended'
        UNION ALL SELECT c.id, 'hold' FROM telephony_callhold h JOIN telephony_callleg l ON l.id = h.leg_id
        JOIN telephony_call c ON c.id = l.call_id WHERE h.ended_at IS NULL AND c.state = 'ended'
        """,
    ),
    Invariant(
        7,
        "nobody has left before they came, in whatever order it is told",
        "SELECT id, call_id, joined_at, left_at FROM telephony_callleg WHERE left_at < joined_at",
    ),
]
