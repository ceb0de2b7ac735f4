"""The states of calls, legs and offers, and the moves that are legal between them."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CallState(TextChoices):
    NEW = "new", _("New")
    IVR = "ivr", _("In the menu")
    QUEUED = "queued", _("Waiting")
    OFFERING = "offering", _("Ringing")
    CONNECTING = "connecting", _("Connecting")
    DIALING = "dialing", _("Dialling")
    RINGING = "ringing", pgettext_lazy("called party", "Ringing")
    TALKING = "talking", _("Talking")
    HELD = "held", _("On hold")
    CONSULTING = "consulting", _("Consulting")
    FORWARDED = "forwarded", _("With an outside number")
    PARKED = "parked", pgettext_lazy("call", "Parked")
    ENDED = "ended", _("Ended")


class CallOutcome(TextChoices):
    COMPLETED = "completed", _("Completed")
    ABANDONED = "abandoned", _("Abandoned")
    OVERFLOWED = "overflowed", _("Waited too long")
    FAILED = "failed", pgettext_lazy("call", "Failed")
    IVR_ABANDON = "ivr_abandon", _("Left in the menu")
    SELF_SERVED = "self_served", _("Served by the menu")
    FORWARDED = "forwarded", _("Sent to another number")
    VOICEMAIL = "voicemail", _("Left a message")
    BUSY = "busy", pgettext_lazy("called party", "Busy")
    NO_ANSWER = "no_answer", _("No answer")
    CANCELED = "canceled", pgettext_lazy("call", "Given up")
    CALLBACK = "callback", _("To be called back")


class EndReason(TextChoices):
    HANG_UP = "hang_up", _("Hung up")
    DESK = "desk", _("Ended at the desk")
    LOST = "lost", _("Connection lost")
    MAX_WAIT = "max_wait", _("Longest wait reached")
    OVERFLOW = "overflow", _("Sent away by a rule of the queue")
    TIME_LIMIT = "time_limit", _("Time limit reached")
    NO_PROGRESS = "no_progress", _("Nothing happened in time")
    CARRIER_ERROR = "carrier_error", _("Carrier error")
    CALLBACK = "callback", _("Asked to be called back")
    RECONCILED = "reconciled", _("Found ended at the carrier")


class Party(TextChoices):
    """Who ended a call."""

    CUSTOMER = "customer", _("Customer")
    AGENT = "agent", _("Agent")
    SUPERVISOR = "supervisor", _("Supervisor")
    SYSTEM = "system", _("System")
    CARRIER = "carrier", _("Carrier")
    OUTSIDE = "outside", _("Outside number")


class LegKind(TextChoices):
    CUSTOMER = "customer", _("Customer")
    AGENT = "agent", _("Agent")
    SUPERVISOR = "supervisor", _("Supervisor")
    CONSULT = "consult", _("Colleague")
    EXTERNAL = "external", _("Outside number")


class Supervision(TextChoices):
    """How a supervisor takes part: unheard, heard by the agent alone, heard by everybody."""

    LISTEN = "listen", _("Listening")
    WHISPER = "whisper", _("Whispering")
    BARGE = "barge", _("In the conversation")


class LegState(TextChoices):
    INVITED = "invited", _("Invited")
    JOINED = "joined", _("Joined")
    LEFT = "left", _("Left")


class OutsideEnd(TextChoices):
    """Why an outside number is not in the call (any more), unless we let it go ourselves."""

    BUSY = "busy", pgettext_lazy("called party", "Busy")
    NO_ANSWER = "no_answer", _("No answer")
    FAILED = "failed", _("Could not be reached")
    HUNG_UP = "hung_up", _("Hung up")


class OfferState(TextChoices):
    PENDING = "pending", _("Ringing")
    ACCEPTED = "accepted", _("Accepted")
    CONNECTED = "connected", _("Connected")
    CLOSED = "closed", pgettext_lazy("offer", "Closed")


class OfferEnd(TextChoices):
    COMPLETED = "completed", _("Completed")
    TRANSFERRED = "transferred", _("Passed on")
    PARKED = "parked", pgettext_lazy("call", "Parked")
    REJECTED = "rejected", _("Declined")
    TIMEOUT = "timeout", _("Not answered")
    CALLER_LEFT = "rescinded_caller_left", _("Caller left")
    OTHER_AGENT = "rescinded_other_agent", _("Answered by someone else")
    SUPERVISOR = "rescinded_supervisor", _("Withdrawn by a supervisor")
    CANCELED = "canceled", _("Canceled")
    MEDIA_FAILED = "media_failed", _("No audio connection")
    AGENT_OFFLINE = "agent_offline", _("Agent offline")


class EntryEnd(TextChoices):
    ANSWERED = "answered", _("Answered")
    ABANDONED = "abandoned", _("Abandoned")
    OVERFLOWED = "overflowed", _("Overflowed")
    CALLBACK = "callback", _("To be called back")
    CANCELED = "canceled", _("Canceled")


class OverflowTarget(TextChoices):
    """Where a queue lets a caller go."""

    QUEUE = "queue", _("To another queue")
    FLOW = "flow", _("To a call flow")
    CALLBACK = "callback", _("Call back instead")
    NUMBER = "number", _("To an outside number")
    HANG_UP = "hang_up", _("Message and hang up")


BEING_DIALLED = frozenset({CallState.DIALING, CallState.RINGING})
IN_CONVERSATION = frozenset({CallState.TALKING, CallState.HELD, CallState.CONSULTING})
# The customer speaks to somebody, of the desk or outside.
IN_ROOM = IN_CONVERSATION | {CallState.FORWARDED}
LIVE_WITH_AGENT = IN_CONVERSATION | BEING_DIALLED | {CallState.CONNECTING}
# Legs beside the customer's and the agent's own.
SIDE_LEGS = frozenset({LegKind.CONSULT, LegKind.SUPERVISOR, LegKind.EXTERNAL})
# Whoever was asked into the conversation.
ASKED = frozenset({LegKind.CONSULT, LegKind.EXTERNAL})
WAITING = frozenset({CallState.NEW, CallState.IVR, CallState.QUEUED, CallState.OFFERING, CallState.CONNECTING})

# A call that we place is dialled once its agent is in the room.
# Calls that a foreign exchange distributes rest in NEW instead of QUEUED and are answered without our asking; it may
# take them back into a queue of its own.
CALL_MOVES: Mapping[CallState, frozenset[CallState]] = {
    CallState.NEW: frozenset({CallState.IVR, CallState.QUEUED, CallState.OFFERING, CallState.TALKING, CallState.ENDED}),
    CallState.IVR: frozenset({CallState.IVR, CallState.QUEUED, CallState.ENDED}),
    CallState.QUEUED: frozenset(
        {CallState.IVR, CallState.QUEUED, CallState.OFFERING, CallState.FORWARDED, CallState.ENDED}
    ),
    CallState.OFFERING: frozenset(
        {CallState.NEW, CallState.QUEUED, CallState.CONNECTING, CallState.TALKING, CallState.ENDED}
    ),
    CallState.CONNECTING: frozenset(
        {CallState.QUEUED, CallState.PARKED, CallState.DIALING, CallState.TALKING, CallState.ENDED}
    ),
    CallState.DIALING: frozenset({CallState.RINGING, CallState.TALKING, CallState.ENDED}),
    CallState.RINGING: frozenset({CallState.TALKING, CallState.ENDED}),
    CallState.TALKING: frozenset(
        {
            CallState.HELD,
            CallState.CONSULTING,
            CallState.NEW,
            CallState.QUEUED,
            CallState.FORWARDED,
            CallState.PARKED,
            CallState.ENDED,
        }
    ),
    CallState.HELD: frozenset(
        {
            CallState.TALKING,
            CallState.CONSULTING,
            CallState.NEW,
            CallState.QUEUED,
            CallState.PARKED,
            CallState.ENDED,
        }
    ),
    CallState.CONSULTING: frozenset(
        {CallState.TALKING, CallState.HELD, CallState.QUEUED, CallState.FORWARDED, CallState.ENDED}
    ),
    CallState.FORWARDED: frozenset({CallState.QUEUED, CallState.ENDED}),
    CallState.PARKED: frozenset({CallState.CONNECTING, CallState.QUEUED, CallState.ENDED}),
    CallState.ENDED: frozenset(),
}


def sources_of(state: CallState) -> frozenset[CallState]:
    """The states from which a call may move to `state`."""
    return frozenset(source for source, targets in CALL_MOVES.items() if state in targets)
