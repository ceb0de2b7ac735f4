"""Outbound campaigns: whom the desk calls of its own accord, by which rules, and what came of every attempt."""

from datetime import time
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crmcore.calling_window import Window
from crmcore.models import Account, Contact, Outcome, Queue
from crmcore.models.naming import Named
from crmcore.scoping import ScopedManager, ScopePaths
from telephony.campaign_rules import Action, AttemptResult
from telephony.models.call import Call
from telephony.models.lines import PhoneLine

WORKING_DAYS = (0, 1, 2, 3, 4)


def working_days() -> list[int]:
    """Monday to Friday."""
    return list(WORKING_DAYS)


class Campaign(Named):
    """Calls to a list of people, reported under `queue`, whose members may join.

    `days`, `opens` and `closes` are read where the callee is. When more than `abandon_cap` per cent of the people who
    answered within the last `abandon_hours` found nobody on the line, a progressive campaign is dialled in preview
    from `fell_back_at` on.
    """

    class Mode(models.TextChoices):
        PREVIEW = "preview", _("Preview: the agent looks first, then calls")
        PROGRESSIVE = "progressive", _("Progressive: the next customer is called as soon as the agent is ready")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("campaign", "Draft")
        RUNNING = "running", pgettext_lazy("campaign", "Running")
        PAUSED = "paused", pgettext_lazy("campaign", "Paused")
        FINISHED = "finished", pgettext_lazy("campaign", "Finished")

    SCOPE: ClassVar[ScopePaths] = {
        "noun": "campaign",
        "owner": "queue__memberships__user",
        "team": "queue__team",
    }

    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="campaigns")
    line = models.ForeignKey(PhoneLine, on_delete=models.SET_NULL, null=True, blank=True, related_name="campaigns")
    mode = models.CharField(max_length=12, choices=Mode, default=Mode.PREVIEW)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    script = models.TextField(blank=True)
    script_zh = models.TextField(blank=True)
    max_attempts = models.PositiveSmallIntegerField(default=5)
    days = ArrayField(models.PositiveSmallIntegerField(), default=working_days)
    opens = models.TimeField(default=time(9))
    closes = models.TimeField(default=time(18))
    abandon_cap = models.PositiveSmallIntegerField(default=3)
    abandon_hours = models.PositiveSmallIntegerField(default=24)
    fell_back_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    is_demo = models.BooleanField(default=False)

    objects = ScopedManager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(opens__lt=F("closes")), name="campaign_opens_before_it_closes"),
            models.CheckConstraint(
                condition=Q(days__len__gt=0, days__contained_by=[0, 1, 2, 3, 4, 5, 6]), name="campaign_has_days"
            ),
            models.CheckConstraint(condition=Q(abandon_cap__lte=100), name="campaign_cap_is_per_cent"),
            models.CheckConstraint(condition=Q(max_attempts__range=(1, 20)), name="campaign_attempts_1_to_20"),
            models.CheckConstraint(
                condition=Q(state="draft", started_at=None) | ~Q(state="draft") & Q(started_at__isnull=False),
                name="campaign_started_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state="finished", finished_at__isnull=False) | ~Q(state="finished") & Q(finished_at=None),
                name="campaign_finished_has_time",
            ),
        ]

    @property
    def window(self) -> Window:
        return Window(frozenset(self.days), self.opens, self.closes)

    @property
    def dials_by_itself(self) -> bool:
        """Whether the desk calls the next customer unasked."""
        return self.mode == self.Mode.PROGRESSIVE and self.fell_back_at is None

    @property
    def script_text(self) -> str:
        """What the agent says, in the reader's language where it was written."""
        chinese = (get_language() or "").startswith("zh")
        return (self.script_zh or self.script) if chinese else (self.script or self.script_zh)


class CampaignRule(models.Model):
    """What follows an attempt that ended with `result`, or a conversation with `outcome`: one of the two.

    Again after `gap_minutes`, while there were fewer than `attempts` attempts with this end.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="rules")
    result = models.CharField(max_length=11, choices=AttemptResult, blank=True)
    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    action = models.CharField(max_length=11, choices=Action)
    attempts = models.PositiveSmallIntegerField(default=3)
    gap_minutes = models.PositiveIntegerField(default=60)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "result"], condition=~Q(result=""), name="one_campaign_rule_per_result"
            ),
            models.UniqueConstraint(
                fields=["campaign", "outcome"], condition=Q(outcome__isnull=False), name="one_campaign_rule_per_outcome"
            ),
            models.CheckConstraint(
                condition=Q(result="", outcome__isnull=False) | ~Q(result="") & Q(outcome=None),
                name="campaign_rule_has_one_cause",
            ),
            models.CheckConstraint(condition=Q(attempts__gte=1, gap_minutes__gte=1), name="campaign_rule_waits"),
        ]

    def __str__(self) -> str:
        return f"{self.result or self.outcome}: {self.action}"


class CampaignTarget(models.Model):
    """Somebody to be called. Claimed, it is the agent's until `claimed_until`; dialled, until the call is settled.

    `call` is its last one. `words` are what a file said beside the number.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("campaign target", "To be called")
        CLAIMED = "claimed", pgettext_lazy("campaign target", "With an agent")
        DIALLING = "dialling", pgettext_lazy("campaign target", "In a call")
        DONE = "done", pgettext_lazy("campaign target", "Done")
        EXHAUSTED = "exhausted", pgettext_lazy("campaign target", "Not reached")
        REFUSED = "refused", pgettext_lazy("campaign target", "May not be called")

    OPEN = (State.WAITING, State.CLAIMED, State.DIALLING)
    IN_HAND = (State.CLAIMED, State.DIALLING)

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="targets")
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=160, blank=True)
    number = models.CharField(max_length=20)
    words = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="campaign_targets"
    )
    claimed_until = models.DateTimeField(null=True, blank=True)
    call = models.ForeignKey(Call, on_delete=models.SET_NULL, null=True, blank=True, related_name="campaign_targets")
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=20, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["campaign", "next_at", "id"], condition=Q(state="waiting"), name="target_due"),
            models.Index(fields=["campaign", "state", "id"], name="target_of_state"),
            models.Index(fields=["claimed_until"], condition=Q(state="claimed"), name="target_lease"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="number_once_per_campaign"),
            models.UniqueConstraint(
                fields=["claimed_by"], condition=Q(state__in=["claimed", "dialling"]), name="one_target_per_agent"
            ),
            models.CheckConstraint(condition=Q(number__startswith="+"), name="target_number_is_e164"),
            models.CheckConstraint(
                condition=Q(state="waiting", next_at__isnull=False) | ~Q(state="waiting"), name="target_waits_for_time"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["claimed", "dialling"], claimed_by__isnull=False)
                | ~Q(state__in=["claimed", "dialling"]) & Q(claimed_by=None),
                name="target_in_hand_has_agent",
            ),
            models.CheckConstraint(
                condition=Q(state="claimed", claimed_until__isnull=False) | ~Q(state="claimed") & Q(claimed_until=None),
                name="target_claim_ends",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "claimed", "dialling"], closed_at=None)
                | Q(state__in=["done", "exhausted", "refused"], closed_at__isnull=False),
                name="target_closed_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.state})"


class CampaignAttempt(models.Model):
    """One call of a campaign; `result` stays empty until it is settled, `mode` is how it was dialled."""

    target = models.ForeignKey(CampaignTarget, on_delete=models.CASCADE, related_name="tries")
    call = models.OneToOneField(Call, on_delete=models.CASCADE, related_name="campaign_attempt")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="campaign_attempts")
    mode = models.CharField(max_length=12, choices=Campaign.Mode)
    started_at = models.DateTimeField()
    result = models.CharField(max_length=11, choices=AttemptResult, blank=True)
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["started_at"], name="attempt_by_age")]

    def __str__(self) -> str:
        return f"attempt at {self.target}"


class CampaignSeat(models.Model):
    """An agent who works for a campaign, one at a time. Until `paused_until` nothing is dialled for him."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="seats")
    agent = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="campaign_seat")
    joined_at = models.DateTimeField()
    paused_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.agent} in {self.campaign}"
