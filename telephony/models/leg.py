"""Legs: who takes part in a call, when, and the work that follows it."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from crmcore import phone_numbers
from crmcore.models import Outcome, User
from telephony.models.call import Call
from telephony.models.queueing import Offer
from telephony.states import LegKind, LegState, OutsideEnd, Supervision
from tickets.models import Interaction

# In a fixed order, as a constraint is compared by its text.
STRANGERS = [LegKind.CUSTOMER, LegKind.EXTERNAL]


class CallLeg(models.Model):
    """One party of a call. `lost_at` marks a broken connection that may come back within the grace time.

    `evidence_at` is the carrier's time of the newest signal about the leg; an older one only fills gaps.
    `ticket_nonce` is the one-time part of its join ticket, `ticket_bearer` who used it. `is_unclassified`: the
    wrap-up ran out of time without an outcome and waits in the agent's finish-later list. `is_held`: this party
    hears music and nobody else; `supervision` is how a supervisor's leg takes part.

    An outside party has a `number` (E.164) and the `name` under which we know it; `passes_on`: the agent leaves the
    call to it when it answers; `ended_as` is why it is not there (any more).
    """

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="legs")
    kind = models.CharField(max_length=10, choices=LegKind)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="call_legs"
    )
    offer = models.OneToOneField(Offer, on_delete=models.CASCADE, null=True, blank=True, related_name="leg")
    state = models.CharField(max_length=8, choices=LegState, default=LegState.INVITED)
    is_held = models.BooleanField(default=False)
    supervision = models.CharField(max_length=7, choices=Supervision, blank=True)
    number = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=120, blank=True)
    passes_on = models.BooleanField(default=False)
    ended_as = models.CharField(max_length=10, choices=OutsideEnd, blank=True)
    invited_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    lost_at = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    evidence_at = models.DateTimeField(null=True, blank=True)
    external_id = models.CharField(max_length=100, blank=True)
    ticket_nonce = models.CharField(max_length=32, blank=True)
    ticket_bearer = models.CharField(max_length=100, blank=True)

    talk_seconds = models.PositiveIntegerField(default=0)
    hold_seconds = models.PositiveIntegerField(default=0)
    wrap_up_started_at = models.DateTimeField(null=True, blank=True)
    wrap_up_deadline = models.DateTimeField(null=True, blank=True)
    wrap_up_extensions = models.PositiveSmallIntegerField(default=0)
    wrap_up_ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_unclassified = models.BooleanField(default=False)
    interaction = models.ForeignKey(Interaction, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["agent", "-joined_at"], name="leg_by_agent"),
            models.Index(fields=["lost_at"], condition=Q(lost_at__isnull=False), name="leg_lost"),
            models.Index(fields=["last_seen_at"], condition=~Q(state=LegState.LEFT), name="leg_heartbeat"),
            models.Index(fields=["agent"], condition=Q(is_unclassified=True), name="leg_unclassified"),
            models.Index(fields=["wrap_up_deadline"], condition=Q(wrap_up_ended_at=None), name="leg_wrap_up_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["call"], condition=Q(kind=LegKind.CUSTOMER), name="one_customer_leg_per_call"
            ),
            models.UniqueConstraint(
                fields=["call"],
                condition=Q(kind=LegKind.AGENT) & ~Q(state=LegState.LEFT),
                name="one_open_agent_leg_per_call",
            ),
            models.CheckConstraint(condition=Q(state__in=LegState.values), name="leg_state_known"),
            models.CheckConstraint(
                condition=Q(state=LegState.LEFT, left_at__isnull=False) | ~Q(state=LegState.LEFT) & Q(left_at=None),
                name="leg_left_has_time",
            ),
            models.CheckConstraint(
                condition=Q(kind=LegKind.SUPERVISOR) & ~Q(supervision="") | ~Q(kind=LegKind.SUPERVISOR),
                name="leg_supervisor_has_mode",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=STRANGERS, agent=None) | ~Q(kind__in=STRANGERS) & Q(agent__isnull=False),
                name="leg_agent_by_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind=LegKind.EXTERNAL) & ~Q(number="") | ~Q(kind=LegKind.EXTERNAL) & Q(number=""),
                name="leg_outside_has_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} leg of call {self.call_id}"

    @property
    def staff(self) -> User:
        """Who of the desk this leg belongs to. Raises ValueError for the leg of customer or outside party."""
        if self.agent is None:
            raise ValueError(f"{self} has no agent")
        return self.agent

    @property
    def who(self) -> str:
        """The name of whoever takes part beside the customer."""
        return self.agent.name if self.agent else self.name or phone_numbers.pretty(self.number)

    @property
    def is_present(self) -> bool:
        """Whether the party's audio is in the room right now."""
        return self.state == LegState.JOINED and self.lost_at is None

    def wrap_up_open(self, now: datetime) -> bool:
        """Whether the agent still has time for the wrap-up at `now`."""
        return (
            self.wrap_up_started_at is not None
            and self.wrap_up_ended_at is None
            and (self.wrap_up_deadline is None or self.wrap_up_deadline > now)
        )


class CallHold(models.Model):
    """A stretch of time in which the customer was on hold."""

    leg = models.ForeignKey(CallLeg, on_delete=models.CASCADE, related_name="holds")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["leg"], condition=Q(ended_at=None), name="one_open_hold_per_leg"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="hold_runs_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"hold in {self.leg}"


class NoteMark(models.Model):
    """A moment of the conversation at which its note was being written."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="note_marks")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["call", "at"], name="note_mark_of_call")]

    def __str__(self) -> str:
        return f"note in call {self.call_id}"
