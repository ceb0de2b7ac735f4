"""SLA clocks and their ledger: segments and events are written once, a clock's row caches what they say."""

from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crmcore.models import CalendarVersion
from tickets.models.interaction import Interaction
from tickets.models.policy import SlaPolicyVersion, SlaTarget
from tickets.models.ticket import Ticket
from tickets.models.wording import Category


class SlaClock(models.Model):
    """One instance of one metric. Pinned: its terms, down to `own_target_s`. Cached from the ledger: all the rest.

    `period` counts the terms it ran under; warnings, breaches and steps are written once in each. A `pinned_due_at`
    was promised or set by hand and stands above any target. `own_target_s` is the limit of a stage, which no policy
    gives. `about` is what it is called apart from its metric, in both languages.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        BREACHED = "breached", _("Overdue")
        PAUSED = "paused", _("Paused")
        ERROR = "error", _("Calendar without open hours")
        MET = "met", _("Met")
        MISSED = "missed", pgettext_lazy("clock", "Missed")
        UNANSWERED = "unanswered", _("Closed without a reply")
        CANCELLED = "cancelled", _("Cancelled")

    LIVE = (State.RUNNING, State.BREACHED, State.PAUSED, State.ERROR)

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="clocks")
    metric = models.CharField(max_length=20, choices=SlaTarget.Metric)
    instance = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=State)
    policy_version = models.ForeignKey(SlaPolicyVersion, on_delete=models.PROTECT, null=True, related_name="+")
    calendar_version = models.ForeignKey(CalendarVersion, on_delete=models.PROTECT, null=True, related_name="+")
    target_s = models.PositiveIntegerField(null=True)
    own_target_s = models.PositiveIntegerField(null=True)
    pinned_due_at = models.DateTimeField(null=True)
    about = models.JSONField(default=list)
    period = models.PositiveIntegerField(default=0)
    consumed_s = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    running_since = models.DateTimeField(null=True)
    warn_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    next_event_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "metric", "instance"], name="one_clock_instance"),
            models.UniqueConstraint(
                fields=["ticket", "metric"],
                condition=models.Q(state__in=["running", "breached", "paused", "error"]) & ~models.Q(metric="promise"),
                name="one_live_clock_per_metric",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_event_at"],
                condition=models.Q(state__in=["running", "breached"], next_event_at__isnull=False),
                name="clock_next_event",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket}: {self.metric} {self.instance}"

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE

    @property
    def is_promised(self) -> bool:
        """Whether it is due at all, now or when it counts again; others are only measured."""
        return self.target_s is not None or self.pinned_due_at is not None

    @property
    def label(self) -> str:
        """What it measures, by its own name where it has one, in the active language."""
        chinese = (get_language() or "").startswith("zh")
        own = self.about[1 if chinese else 0] if len(self.about) > 1 else ""
        return own or str(self.get_metric_display())


class SlaSegment(models.Model):
    """A stretch of a clock's life in one status category; it ends when the next begins or the clock stops."""

    class Cause(models.TextChoices):
        CONTACT = "contact", _("The customer wrote or called")
        OPENED = "opened", _("The ticket was opened")
        STATUS = "status", _("The status changed")
        REOPENED = "reopened", _("The ticket was reopened")
        REPLIED = "replied", _("We replied")
        ASSIGNED = "assigned", _("The queue took it over")
        STAGE = "stage", _("The stage began")
        PROMISED = "promised", _("It was promised")

    clock = models.ForeignKey(SlaClock, on_delete=models.CASCADE, related_name="segments")
    category = models.CharField(max_length=20, choices=Category)
    cause = models.CharField(max_length=12, choices=Cause)
    interaction = models.ForeignKey(Interaction, on_delete=models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["started_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["clock"], condition=models.Q(ended_at=None), name="one_open_sla_segment"),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("started_at")),
                name="sla_segment_runs_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clock}: {self.category} from {self.started_at:%F %T}"


class SlaEvent(models.Model):
    """What was promised, missed or ended; `occurred_at` is the moment itself, not when it was noticed.

    `ordinal` is the period for what is written once in each, else a count; `step` is the place in the ladder.
    """

    class Kind(models.TextChoices):
        TARGET = "target", _("Target set")
        WARN = "warn", _("Due soon")
        BREACH = "breach", _("Overdue")
        MET = "met", _("Met")
        MISSED = "missed", _("Met too late")
        UNANSWERED = "unanswered", _("Closed without a reply")
        CANCELLED = "cancelled", _("Cancelled")
        REOPENED = "reopened", _("Reopened")
        STEP = "step", pgettext_lazy("ladder", "Step taken")
        BACKDATED = "backdated", _("Counted from an earlier contact")

    clock = models.ForeignKey(SlaClock, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind)
    ordinal = models.PositiveIntegerField()
    step = models.PositiveSmallIntegerField(default=0)
    occurred_at = models.DateTimeField()
    processed_at = models.DateTimeField()
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["occurred_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["clock", "kind", "ordinal", "step"], name="one_sla_event"),
        ]

    def __str__(self) -> str:
        return f"{self.clock}: {self.kind} {self.ordinal}"
