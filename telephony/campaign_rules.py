"""What can come of an attempt of a campaign, and what follows it unless the campaign says otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AttemptResult(TextChoices):
    ANSWERED = "answered", _("Spoken to")
    BUSY = "busy", pgettext_lazy("called party", "Busy")
    NO_ANSWER = "no_answer", _("No answer")
    FAILED = "failed", _("Number not reached")
    LOST = "lost", _("Answered, but no agent was there")
    CANCELED = "canceled", pgettext_lazy("call", "Given up")
    NOT_DIALLED = "not_dialled", _("Never dialled: the agent's phone did not answer")


class Action(TextChoices):
    AGAIN = "again", _("Call again")
    DONE = "done", _("Done")
    DO_NOT_CALL = "do_not_call", _("Never call again")


class SkipReason(TextChoices):
    """Why an agent does not call somebody."""

    LATER = "later", _("Not now: try again in an hour")
    WRONG = "wrong", _("Wrong person or number")
    SPOKEN = "spoken", _("Already spoken to")
    OPTED_OUT = "opted_out", _("Wants no calls")


@dataclass(frozen=True)
class Rule:
    """Again after `gap_minutes` while fewer than `attempts` attempts ended so, or an end to it."""

    action: Action
    attempts: int = 3
    gap_minutes: int = 60


USUAL: Mapping[AttemptResult, Rule] = {
    AttemptResult.BUSY: Rule(Action.AGAIN, 3, 15),
    AttemptResult.NO_ANSWER: Rule(Action.AGAIN, 3, 180),
    AttemptResult.FAILED: Rule(Action.AGAIN, 2, 60),
    AttemptResult.LOST: Rule(Action.AGAIN, 2, 60),
    AttemptResult.CANCELED: Rule(Action.AGAIN, 3, 30),
}
# Our own fault: the customer heard nothing of it, so it counts for nothing.
AFTER_OUR_FAULT = Rule(Action.AGAIN, 20, 2)
COUNTED = frozenset(AttemptResult.values) - {AttemptResult.CANCELED, AttemptResult.NOT_DIALLED}
