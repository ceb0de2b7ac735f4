"""The question after a call: asked when the agent hangs up first, answered once, entered on the ticket as a survey."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from crmcore import clock
from crmcore.actions import audit
from crmcore.models import Queue, User
from telephony.after_call_words import BY_ONE_KEY
from telephony.flows.tree import SILENT, WRONG
from telephony.models import AfterCall, AfterCallRule, Call
from telephony.providers.registry import provider_of
from telephony.states import IN_CONVERSATION, CallState, EndReason, Party
from tickets.actions.call_surveys import CallAnswer, enter_call_answer
from tickets.models import Survey, SurveyTemplate

TRIES = 2
# Longer than both questions with their silences can take: then the caller has hung up.
LONGEST = timedelta(minutes=2)
# An answer whose call finds no ticket in this time stays on the call.
WAITS_FOR_TICKET = timedelta(days=7)
AT_ONCE = 100
MEANT = frozenset({EndReason.HANG_UP, EndReason.DESK})


@transaction.atomic
def set_after_call(queue: Queue, template: SurveyTemplate | None, *, by: User) -> None:
    """By which survey the queue asks its callers, None for not at all; a change is audited."""
    stored = AfterCallRule.objects.select_for_update().filter(queue=queue).first()
    before = stored.template_id if stored else None
    if before == (template.pk if template else None):
        return
    if template is None:
        AfterCallRule.objects.filter(queue=queue).delete()
    else:
        AfterCallRule.objects.update_or_create(queue=queue, defaults={"template": template})
    audit.record("queue.after_call", queue, by=by, detail={"template": [before, template.pk if template else None]})


def ask_after(call: Call, before: CallState, by: Party, reason: EndReason, *, now: datetime) -> bool:
    """Note that the caller of a locked call, which has just ended, is asked; False where nobody is.

    Only callers who are still on the line are: the agent ended the conversation, and the carrier can go on with them.
    """
    ended_here = before in IN_CONVERSATION and by == Party.AGENT and reason in MEANT
    if not ended_here or call.direction != Call.Direction.IN or call.queue_id is None:
        return False
    if not provider_of(call.provider).capabilities.asks_after_calls:
        return False
    rule = AfterCallRule.objects.select_related("template").filter(queue=call.queue_id).first()
    if rule is None or not rule.template.is_active or rule.template.measure not in BY_ONE_KEY:
        return False
    if _was_asked_lately(call, rule.template, now):
        return False
    AfterCall.objects.create(call=call, template=rule.template, agent=call.agent, asked_at=now, ends_at=now + LONGEST)
    return True


def _was_asked_lately(call: Call, template: SurveyTemplate, now: datetime) -> bool:
    """Within the template's days of rest, by whatever way; who is a stranger to us counts by the number."""
    if not template.rest_days:
        return False
    since = now - timedelta(days=template.rest_days)
    same = Q(call__contact=call.contact_id) if call.contact_id else Q(call__from_e164=call.from_e164)
    if (call.contact_id or call.from_e164) and AfterCall.objects.filter(same, asked_at__gt=since).exists():
        return True
    return bool(call.contact_id) and Survey.objects.filter(contact=call.contact_id, asked_at__gt=since).exists()


@transaction.atomic
def take_key(call: Call, turn: int, digits: str) -> None:
    """What was pressed at the question of `turn`; the same again, or for a turn that is over, changes nothing."""
    asked = AfterCall.objects.select_for_update(of=("self",)).filter(call=call, state=AfterCall.State.ASKED, turn=turn)
    row = asked.first()
    if row is None:
        return
    score = int(digits) if len(digits) == 1 and digits.isascii() and digits.isdigit() else None
    if score is not None and score in row.template_scale:
        row.state, row.score, row.answered_at = AfterCall.State.ANSWERED, score, clock.now()
    else:
        row.turn, row.remark = turn + 1, WRONG if digits else SILENT
        if row.turn >= TRIES:
            row.state = AfterCall.State.SILENT
    row.save()


def enter_answers(now: datetime) -> None:
    """End questions whose caller has gone, and put what was said on the tickets that the calls have by now."""
    AfterCall.objects.filter(state=AfterCall.State.ASKED, ends_at__lte=now).update(state=AfterCall.State.SILENT)
    ready = AfterCall.objects.filter(is_entered=False, asked_at__gt=now - WAITS_FOR_TICKET, call__ticket__isnull=False)
    ready = ready.exclude(state=AfterCall.State.ASKED).order_by("asked_at")
    for pk in list(ready.values_list("pk", flat=True)[:AT_ONCE]):
        _enter(pk)


@transaction.atomic
def _enter(pk: int) -> None:
    """One answer, once: whoever claims the row enters it."""
    if not AfterCall.objects.filter(pk=pk, is_entered=False).update(is_entered=True):
        return
    row = AfterCall.objects.select_related("call__ticket", "call__queue", "template", "agent").get(pk=pk)
    call = row.call
    assert call.ticket is not None and call.queue is not None
    answer = CallAnswer(
        reference=f"call:{call.public_id}",
        template=row.template,
        agent=row.agent,
        queue=call.queue,
        asked_at=row.asked_at,
        score=row.score,
        answered_at=row.answered_at,
    )
    AfterCall.objects.filter(pk=pk).update(survey=enter_call_answer(call.ticket, answer))
