"""Quarter hours of the past, summed up from the raw rows so that a year can be read in a moment.

A quarter hour is the finest step of every time zone, so days and hours of any reader are sums of whole rows.
"""

from django.conf import settings
from django.db import models

from crmcore.models import Outcome, Queue
from telephony.models.campaigns import Campaign
from telephony.models.flows import CallFlow
from telephony.models.lines import PhoneLine
from telephony.states import CallOutcome


class QueueQuarter(models.Model):
    """What entered a queue in the quarter hour from `start`, under the definitions that the row names.

    `answer_within_s` and `short_abandon_s` are the queue's settings by which it was counted: a row that differs from
    its queue is counted anew. Handling belongs to the quarter hour in which the caller entered the queue, and so does
    the error of the wait that was `foretold` to so many: the sum of its shares of the waits, and of its seconds.
    """

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="+")
    start = models.DateTimeField()
    answer_within_s = models.PositiveIntegerField()
    short_abandon_s = models.PositiveIntegerField()
    answered = models.PositiveIntegerField()
    answered_in_time = models.PositiveIntegerField()
    abandoned = models.PositiveIntegerField()
    abandoned_in_time = models.PositiveIntegerField()
    short_abandons = models.PositiveIntegerField()
    flowed_out = models.PositiveIntegerField()
    flowed_out_in_time = models.PositiveIntegerField()
    answer_seconds = models.FloatField()
    abandon_seconds = models.FloatField()
    longest_wait_s = models.FloatField()
    handled = models.PositiveIntegerField()
    talk_seconds = models.PositiveIntegerField()
    hold_seconds = models.PositiveIntegerField()
    wrap_up_seconds = models.FloatField()
    foretold = models.PositiveIntegerField(default=0)
    foretold_off_share = models.FloatField(default=0)
    foretold_off_seconds = models.FloatField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["queue", "start"], name="one_row_per_queue_quarter")]
        indexes = [models.Index(fields=["start"], name="queue_quarter_start")]

    def __str__(self) -> str:
        return f"{self.queue} {self.start:%Y-%m-%d %H:%M}"


class CallQuarter(models.Model):
    """How far the calls got that came in in the quarter hour from `start`, by where they ended.

    `queue` is the last one that they were for. Where they reached none, `line` is the number that was called: they
    belong to the queue that it leads to today. `node` is the step at which their walk through `flow` ended, `outcome`
    is empty while they last.
    """

    start = models.DateTimeField()
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, null=True, related_name="+")
    line = models.ForeignKey(PhoneLine, on_delete=models.SET_NULL, null=True, related_name="+")
    flow = models.ForeignKey(CallFlow, on_delete=models.SET_NULL, null=True, related_name="+")
    node = models.TextField(blank=True)
    outcome = models.CharField(max_length=12, choices=CallOutcome, blank=True)
    calls = models.PositiveIntegerField()
    queued = models.PositiveIntegerField()
    answered = models.PositiveIntegerField()
    left_ringing = models.PositiveIntegerField()
    overflowed = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["start"], name="call_quarter_start")]

    def __str__(self) -> str:
        return f"{self.calls} calls {self.start:%Y-%m-%d %H:%M}"


class PlacedQuarter(models.Model):
    """Calls that the desk placed in the quarter hour from `start` and that are over, by queue, agent and campaign.

    Attempts: a customer's telephone was dialled. Connected: both sides spoke, for `talk_seconds`.
    """

    start = models.DateTimeField()
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="+")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, null=True, related_name="+")
    attempts = models.PositiveIntegerField()
    connected = models.PositiveIntegerField()
    talk_seconds = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["start"], name="placed_quarter_start")]

    def __str__(self) -> str:
        return f"{self.attempts} calls placed {self.start:%Y-%m-%d %H:%M}"


class PlacedOutcomeQuarter(models.Model):
    """Conversations in placed calls that began in the quarter hour from `start`, by outcome; None: none was chosen."""

    start = models.DateTimeField()
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="+")
    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, null=True, related_name="+")
    conversations = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["start"], name="placed_outcome_start")]

    def __str__(self) -> str:
        return f"{self.conversations} {self.outcome} {self.start:%Y-%m-%d %H:%M}"


class AgentQuarter(models.Model):
    """How an agent spent the quarter hour from `start`, in seconds, and the offers made in it."""

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    start = models.DateTimeField()
    ready_seconds = models.FloatField(default=0)
    ringing_seconds = models.FloatField(default=0)
    contact_seconds = models.FloatField(default=0)
    wrap_up_seconds = models.FloatField(default=0)
    away_seconds = models.FloatField(default=0)
    offers = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    missed = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    handled = models.PositiveIntegerField(default=0)
    talk_seconds = models.PositiveIntegerField(default=0)
    hold_seconds = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "start"], name="one_row_per_agent_quarter")]
        indexes = [models.Index(fields=["start"], name="agent_quarter_start")]

    def __str__(self) -> str:
        return f"{self.agent} {self.start:%Y-%m-%d %H:%M}"


class RollUp(models.Model):
    """Up to which moment the raw rows have been summed up; the one row is locked while somebody sums."""

    done_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"summed up until {self.done_until}"
