"""Recordings of conversations: their segments, the parts they arrive in, their pauses, and the rules of each queue."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.models import Queue
from crmcore.scoping import ScopedManager, ScopePaths
from telephony.models.call import Call
from telephony.models.kept_sound import HELD_IS_KEPT, TO_DELETE, KeptSound
from telephony.models.leg import CallLeg


class RecordingPolicy(models.Model):
    """What a queue does about recording; without a row nothing is recorded.

    `announcement` is said to callers before they are connected, `announcement_zh` to those who speak Chinese. Without
    `retention_days` the desk's own rule holds (`RetentionPolicy`).
    """

    class Mode(models.TextChoices):
        OFF = "off", pgettext_lazy("recording", "Off")
        ALWAYS = "always", _("Every conversation")
        ON_DEMAND = "on_demand", _("When the agent starts it")

    class Consent(models.TextChoices):
        NOT_ASKED = "not_asked", _("Not asked")
        MAY_REFUSE = "may_refuse", _("Asked, and recorded unless refused")
        MUST_AGREE = "must_agree", _("Asked, and recorded only if agreed")

    queue = models.OneToOneField(Queue, on_delete=models.CASCADE, related_name="recording_policy")
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.OFF)
    announces = models.BooleanField(default=True)
    announcement = models.CharField(max_length=300, blank=True)
    announcement_zh = models.CharField(max_length=300, blank=True)
    consent = models.CharField(max_length=10, choices=Consent, default=Consent.NOT_ASKED)
    agents_may_pause = models.BooleanField(default=True)
    retention_days = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(retention_days=0), name="recording_is_kept_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.queue}: {self.mode}"


class RecordingNotice(models.Model):
    """What the caller was told about recording, and what the caller said to it."""

    class Answer(models.TextChoices):
        NONE = "", pgettext_lazy("recording consent", "No answer")
        AGREED = "agreed", pgettext_lazy("recording consent", "Agreed")
        REFUSED = "refused", pgettext_lazy("recording consent", "Refused")

    call = models.OneToOneField(Call, on_delete=models.CASCADE, related_name="recording_notice")
    told_at = models.DateTimeField()
    is_asked = models.BooleanField(default=False)
    answer = models.CharField(max_length=7, choices=Answer, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"notice of call {self.call_id}: {self.answer or 'no answer'}"


class Recording(KeptSound):
    """One segment of a call's recording: what one agent's page, or the carrier, recorded in one go.

    `segment` counts from 1 within the call; a reloaded page and every further agent begin a new one. Channel 1 is the
    agent, channel 2 everybody else. `reference` names it at its source: a page, a recording at the carrier, an address
    at an exchange. `file` is empty until `stored_at`; until then the sound waits in `parts`, or `fetch_due_at` is when
    to ask the carrier (again). `next_part` numbers the first part that has not come, `heard_at` is when something was
    last heard of it, `follow_due_at` when to tell the carrier (again) what is wanted. A lost one never had a sound.
    """

    SCOPE: ClassVar[ScopePaths] = {
        "noun": "recording",
        "owner": "agent",
        "team": "call__queue__team",
    }

    class Source(models.TextChoices):
        BROWSER = "browser", _("Agent's browser")
        TWILIO = "twilio", "Twilio"
        EXCHANGE = "exchange", _("Exchange")

    class State(models.TextChoices):
        RECORDING = "recording", pgettext_lazy("recording", "Running")
        PAUSED = "paused", pgettext_lazy("recording", "Paused")
        FINISHED = "finished", pgettext_lazy("recording", "Finished")
        LOST = "lost", pgettext_lazy("recording", "Lost")

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="recordings")
    leg = models.ForeignKey(CallLeg, on_delete=models.SET_NULL, null=True, blank=True, related_name="recordings")
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    segment = models.PositiveSmallIntegerField(default=1)
    source = models.CharField(max_length=10, choices=Source)
    reference = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.RECORDING)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    duration_ms = models.PositiveIntegerField(default=0)
    channels = models.PositiveSmallIntegerField(default=2)
    size = models.PositiveBigIntegerField(default=0)
    stored_at = models.DateTimeField(null=True, blank=True)
    next_part = models.PositiveIntegerField(default=0)
    heard_at = models.DateTimeField()
    fetch_due_at = models.DateTimeField(null=True, blank=True)
    follow_due_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["call", "segment"]
        indexes = [
            models.Index(
                fields=["heard_at"], condition=Q(state__in=("recording", "paused")), name="recording_unfinished"
            ),
            models.Index(
                fields=["follow_due_at"], condition=Q(follow_due_at__isnull=False), name="recording_to_follow"
            ),
            models.Index(fields=["fetch_due_at"], condition=Q(fetch_due_at__isnull=False), name="recording_to_fetch"),
            models.Index(fields=["delete_after"], condition=TO_DELETE, name="recording_to_delete"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["call", "segment"], name="one_recording_per_segment"),
            models.UniqueConstraint(
                fields=["reference"],
                condition=Q(source="twilio") & ~Q(reference=""),
                name="one_recording_per_reference",
            ),
            models.UniqueConstraint(
                fields=["call"], condition=Q(state__in=("recording", "paused")), name="one_open_recording_per_call"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("recording", "paused"), ended_at=None)
                | Q(state__in=("finished", "lost"), ended_at__isnull=False),
                name="recording_ended_has_time",
            ),
            models.CheckConstraint(condition=HELD_IS_KEPT, name="recording_on_hold_is_kept"),
        ]

    def __str__(self) -> str:
        return f"recording {self.segment} of call {self.call_id}"

    @property
    def is_open(self) -> bool:
        """Whether it is still being recorded, or paused."""
        return self.state in (self.State.RECORDING, self.State.PAUSED)

    @property
    def length_s(self) -> float:
        return self.duration_ms / 1000


class RecordingPart(models.Model):
    """One slice of sound as it was sent, kept until the recording is stored as a whole."""

    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    data = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["recording", "number"]
        constraints = [models.UniqueConstraint(fields=["recording", "number"], name="one_recording_part")]

    def __str__(self) -> str:
        return f"part {self.number} of {self.recording_id}"


class RecordingPause(models.Model):
    """A stretch in which nothing is recorded. It ends by itself at `until` unless the agent ends it before."""

    class Reason(models.TextChoices):
        PAYMENT = "payment", _("Payment data")

    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="pauses")
    reason = models.CharField(max_length=10, choices=Reason, default=Reason.PAYMENT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by_itself = models.BooleanField(default=False)

    class Meta:
        ordering = ["started_at"]
        indexes = [models.Index(fields=["until"], condition=Q(ended_at=None), name="recording_pause_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["recording"], condition=Q(ended_at=None), name="one_open_pause_per_recording"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="recording_pause_runs_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"pause in {self.recording}"

    def seconds(self, now: datetime) -> int:
        """How long it has lasted, or lasted."""
        return round(((self.ended_at or now) - self.started_at).total_seconds())
