"""A call's place in a queue, and the offers made of it to agents."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crmcore.models import Queue
from telephony.models.call import Call
from telephony.states import EntryEnd, OfferEnd, OfferState, OverflowTarget


class QueueEntry(models.Model):
    """One wait of one call. `rank` = entry time minus head start: the smallest is served first.

    The place survives failed offers: the entry closes only when the call is answered or gone. A call that is passed
    on waits anew; `initial_contact` marks its first wait, so that callers are counted once.

    `head_start` explains the seconds of `priority_s` by their reasons. `preferred`: the agent for whom the caller waits
    a while. `predicted_s`: the wait that was foretold at the entry. `flowed_to` says where a rule of the queue sent the
    caller.
    """

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="entries")
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="entries")
    entered_at = models.DateTimeField()
    priority_s = models.PositiveIntegerField(default=0)
    head_start = models.JSONField(default=dict, blank=True)
    rank = models.DateTimeField()
    initial_contact = models.BooleanField(default=True)
    preferred = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    predicted_s = models.PositiveIntegerField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    left_at = models.DateTimeField(null=True, blank=True)
    left_as = models.CharField(max_length=10, choices=EntryEnd, blank=True)
    flowed_to = models.CharField(max_length=10, choices=OverflowTarget, blank=True)
    flowed_to_queue = models.ForeignKey(Queue, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["rank"], condition=Q(left_at=None), name="entry_waiting"),
            models.Index(fields=["queue", "rank"], condition=Q(left_at=None), name="entry_waiting_in_queue"),
            models.Index(fields=["queue", "entered_at"], name="entry_of_queue"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["call"], condition=Q(left_at=None), name="one_open_entry_per_call"),
            models.CheckConstraint(
                condition=Q(left_at=None, left_as="") | Q(left_at__isnull=False) & ~Q(left_as=""),
                name="entry_left_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=F("entered_at")), name="entry_runs_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"call {self.call_id} in {self.queue}"


class Offer(models.Model):
    """A call that rings at an agent, until it is closed for one of the reasons in `OfferEnd`.

    `is_shared`: it rings at several agents at once, of whom one may take it. `consult`: a colleague who has the call in
    hand asks the agent in.
    """

    class Purpose(models.TextChoices):
        CALL = "call", _("Call")
        CONSULT = "consult", _("Consultation")

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="offers")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="offers")
    purpose = models.CharField(max_length=8, choices=Purpose, default=Purpose.CALL)
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.PENDING)
    end_reason = models.CharField(max_length=24, choices=OfferEnd, blank=True)
    is_shared = models.BooleanField(default=False)
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    connected_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-offered_at"]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(state=OfferState.PENDING), name="offer_due"),
            models.Index(fields=["call", "closed_at"], name="offer_exclusions"),
            models.Index(fields=["agent", "-offered_at"], name="offer_by_agent"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["agent"], condition=~Q(state=OfferState.CLOSED), name="one_open_offer_per_agent"
            ),
            models.UniqueConstraint(
                fields=["call"],
                condition=~Q(state=OfferState.CLOSED) & Q(purpose="call", is_shared=False),
                name="one_open_offer_per_call",
            ),
            models.UniqueConstraint(
                fields=["call"],
                condition=Q(state__in=[OfferState.ACCEPTED, OfferState.CONNECTED], purpose="call"),
                name="one_winner_per_call",
            ),
            models.CheckConstraint(condition=Q(state__in=OfferState.values), name="offer_state_known"),
            models.CheckConstraint(
                condition=Q(state=OfferState.CLOSED, closed_at__isnull=False, end_reason__in=OfferEnd.values)
                | ~Q(state=OfferState.CLOSED) & Q(closed_at=None, end_reason=""),
                name="offer_closed_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"call {self.call_id} to {self.agent}"
