"""The one notion of a queue: calls and tickets wait in it, people serve it."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crmcore.models.calendars import Calendar
from crmcore.models.naming import Named
from crmcore.models.numbers import NumberSequence
from crmcore.models.staff import Skill, Team
from crmcore.service_levels import Formula
from crmcore.strategies import Preference, Strategy


class Queue(Named):
    """Where work waits. Names ending in `_s` are seconds; `service_level_target`: per cent within `answer_within_s`.

    Head starts: `priority_s` for all, `grade_boosts` by the customer's grade, `transfer_boost_s` for who was passed on,
    `callback_boost_s` for who is called back. `exclusion_s`: a call does not return so soon to an agent who did not
    take it; `decline_pause_s`: no call at all for an agent who declined one. The `counts_` switches belong to the
    formula WITHOUT_SHORT_ABANDONS. Boards warn above `waiting_target` callers and `abandon_target` per cent lost.
    Callbacks: `callback_attempts` calls at most, `callback_gap_s` after one that was not answered, within
    `callback_window_h` hours.
    """

    class WrapUpMode(models.TextChoices):
        NONE = "none", _("None")
        OPTIONAL = "optional", _("Optional")
        MANDATORY = "mandatory", _("Until an outcome is chosen")
        TIMED = "timed", _("With a time limit")
        FIXED = "fixed", _("With a time limit, no early end")

    code = models.SlugField(unique=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="queues")
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, null=True, blank=True, related_name="queues")
    language = models.CharField(max_length=10, blank=True)
    strategy = models.CharField(max_length=16, choices=Strategy, default=Strategy.LONGEST_IDLE)
    priority_s = models.PositiveIntegerField(default=0)
    grade_boosts = models.JSONField(default=dict, blank=True)
    transfer_boost_s = models.PositiveIntegerField(default=600)
    callback_boost_s = models.PositiveIntegerField(default=0)
    callback_attempts = models.PositiveSmallIntegerField(default=3)
    callback_gap_s = models.PositiveIntegerField(default=600)
    callback_window_h = models.PositiveSmallIntegerField(default=4)
    preferred_agent = models.CharField(max_length=14, choices=Preference, default=Preference.NOBODY)
    preferred_wait_s = models.PositiveIntegerField(default=30)
    exclusion_s = models.PositiveIntegerField(default=30)
    decline_pause_s = models.PositiveIntegerField(default=0)
    offer_timeout_s = models.PositiveIntegerField(default=20)
    wrap_up_s = models.PositiveIntegerField(default=60)
    wrap_up_mode = models.CharField(max_length=10, choices=WrapUpMode, default=WrapUpMode.TIMED)
    wrap_up_extensions = models.PositiveSmallIntegerField(default=4)
    outcome_required = models.BooleanField(default=True)
    answer_within_s = models.PositiveIntegerField(default=20)
    service_level_target = models.PositiveSmallIntegerField(default=80)
    short_abandon_s = models.PositiveIntegerField(default=5)
    service_level_formula = models.CharField(max_length=3, choices=Formula, default=Formula.WITHOUT_SHORT_ABANDONS)
    counts_abandons = models.BooleanField(default=True)
    counts_short_abandons = models.BooleanField(default=False)
    counts_flow_outs = models.BooleanField(default=False)
    waiting_target = models.PositiveSmallIntegerField(default=5)
    abandon_target = models.PositiveSmallIntegerField(default=5)
    max_wait_s = models.PositiveIntegerField(null=True, blank=True)
    ticket_numbers = models.ForeignKey(NumberSequence, on_delete=models.PROTECT, null=True, blank=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through="QueueMembership", related_name="queues")
    position = models.PositiveSmallIntegerField(default=0)
    is_default = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="one_default_queue",
            ),
            models.CheckConstraint(
                condition=models.Q(service_level_target__lte=100),
                name="queue_target_pct",
            ),
            models.CheckConstraint(
                condition=models.Q(service_level_formula__in=Formula.values),
                name="queue_formula_known",
            ),
            models.CheckConstraint(
                condition=models.Q(callback_attempts__gte=1, callback_window_h__gte=1), name="queue_calls_back"
            ),
        ]

    @property
    def callback_window(self) -> timedelta:
        """For how long a promised call is owed."""
        return timedelta(hours=self.callback_window_h)

    @property
    def needs_outcome(self) -> bool:
        """Whether a conversation of this queue counts as unfinished until an outcome is chosen."""
        if self.wrap_up_mode in (self.WrapUpMode.NONE, self.WrapUpMode.OPTIONAL):
            return False
        return self.outcome_required or self.wrap_up_mode == self.WrapUpMode.MANDATORY


class QueueMembership(models.Model):
    """A person serves a queue; a higher penalty is asked later. `position` is the place in a fixed order."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="queue_memberships",
    )
    penalty = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["queue", "user"], name="one_queue_membership")]

    def __str__(self) -> str:
        return f"{self.user} in {self.queue}"


class QueueSkill(models.Model):
    """What a queue asks of its agents: one level less after every `relax_every_s` of waiting, down to `lowest_level`.

    Level 0 is none at all. Without `relax_every_s` the need stays.
    """

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    min_level = models.PositiveSmallIntegerField(default=1)
    relax_every_s = models.PositiveIntegerField(null=True, blank=True)
    lowest_level = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["queue", "skill"], name="one_queue_skill")]

    def __str__(self) -> str:
        return f"{self.queue} needs {self.skill} {self.min_level}"


class Wallboard(Named):
    """A kiosk page opened by its token alone; it shows counts, never people's data."""

    token = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=10, default="en")
    queues = models.ManyToManyField(Queue, related_name="+")
    is_demo = models.BooleanField(default=False)
