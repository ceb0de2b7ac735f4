"""What an attempt of a campaign came to, and what follows: done, again later, never again."""

from datetime import datetime, timedelta

from crmcore import clock, live
from crmcore.models import Outcome, User
from telephony.actions.do_not_call import forbid
from telephony.campaign_rules import AFTER_OUR_FAULT, COUNTED, USUAL, Action, AttemptResult, Rule
from telephony.events import CampaignChanged
from telephony.models import Call, CallLeg, CampaignAttempt, CampaignRule, CampaignSeat, CampaignTarget
from telephony.states import CallOutcome, LegKind

State = CampaignTarget.State
PAUSE_AFTER_OUR_FAULT = timedelta(minutes=1)
RESULTS = {
    CallOutcome.BUSY: AttemptResult.BUSY,
    CallOutcome.NO_ANSWER: AttemptResult.NO_ANSWER,
    CallOutcome.CANCELED: AttemptResult.CANCELED,
    CallOutcome.COMPLETED: AttemptResult.ANSWERED,
}


def attempt_failed(call: Call, *, now: datetime) -> None:
    """A call has ended without a conversation (locked): if a campaign made it, its rules say what follows."""
    attempt = _attempt_of(call)
    if attempt is None or attempt.result:
        return
    result = _result_of(call)
    _note(attempt, result, None)
    if result == AttemptResult.NOT_DIALLED:
        CampaignSeat.objects.filter(agent=attempt.agent_id).update(paused_until=now + PAUSE_AFTER_OUR_FAULT)
    _follow(attempt, _rule_for(attempt), now=now, by=None)


def conversation_settled(call: Call, outcome: Outcome | None, *, now: datetime, by: User | None = None) -> None:
    """The wrap-up of a call has ended (locked), or an outcome came later: it settles what follows, once."""
    attempt = _attempt_of(call)
    if attempt is None or attempt.outcome_id is not None or (attempt.result == AttemptResult.ANSWERED and not outcome):
        return
    _note(attempt, AttemptResult.ANSWERED, outcome)
    _follow(attempt, _rule_for(attempt), now=now, by=by)


def close_target(target: CampaignTarget, state: State, *, reason: str = "", now: datetime) -> None:
    """Nothing more is done about a locked target."""
    target.state, target.reason, target.closed_at = state, reason, now
    target.next_at = target.claimed_until = None
    _let_go(target)


def put_off(target: CampaignTarget, until: datetime, *, reason: str = "") -> None:
    """A locked target waits again."""
    target.state, target.reason, target.next_at = State.WAITING, reason, until
    target.claimed_until = target.closed_at = None
    _let_go(target)


def tell(target: CampaignTarget, agent_id: int | None = None) -> None:
    """Let the screens of the campaign, and of the agent, look again."""
    event = CampaignChanged(campaign_id=target.campaign_id)
    live.publish(f"campaign:{target.campaign_id}", event)
    if agent_id is not None:
        live.publish(f"agent:{agent_id}", event)


def _let_go(target: CampaignTarget) -> None:
    agent_id, target.claimed_by = target.claimed_by_id, None
    target.save()
    tell(target, agent_id)


def _attempt_of(call: Call) -> CampaignAttempt | None:
    """The attempt behind the call, with its target locked."""
    attempt = CampaignAttempt.objects.filter(call=call).first()
    if attempt is not None:
        attempt.target = CampaignTarget.objects.select_for_update().get(pk=attempt.target_id)
    return attempt


def _result_of(call: Call) -> AttemptResult:
    """Who was in the room tells most: an answer without an agent is lost, an agent who never came dialled nobody."""
    legs = CallLeg.objects.filter(call=call, joined_at__isnull=False)
    kinds = set(legs.values_list("kind", flat=True))
    if LegKind.CUSTOMER in kinds:
        return AttemptResult.LOST
    if LegKind.AGENT not in kinds:
        return AttemptResult.NOT_DIALLED
    return RESULTS.get(CallOutcome(call.outcome), AttemptResult.FAILED)


def _note(attempt: CampaignAttempt, result: AttemptResult, outcome: Outcome | None) -> None:
    counts = result in COUNTED and attempt.result not in COUNTED
    attempt.result, attempt.outcome = result, outcome
    attempt.save(update_fields=["result", "outcome"])
    attempt.target.attempts += counts


def _rule_for(attempt: CampaignAttempt) -> Rule:
    """The campaign's own rule, else the usual one."""
    if attempt.result == AttemptResult.NOT_DIALLED:
        return AFTER_OUR_FAULT
    rules = CampaignRule.objects.filter(campaign=attempt.target.campaign_id)
    if attempt.result == AttemptResult.ANSWERED:
        own = rules.filter(outcome=attempt.outcome_id).first() if attempt.outcome_id else None
    else:
        own = rules.filter(result=attempt.result).first()
    if own is not None:
        return Rule(Action(own.action), own.attempts, own.gap_minutes)
    return USUAL.get(AttemptResult(attempt.result), Rule(Action.DONE))


def _follow(attempt: CampaignAttempt, rule: Rule, *, now: datetime, by: User | None) -> None:
    target = attempt.target
    if target.call_id != attempt.call_id:  # another attempt has begun since
        target.save(update_fields=["attempts"])
        return
    target.outcome = attempt.outcome
    match rule.action:
        case Action.DO_NOT_CALL:
            forbid(target.number, by=by, is_demo=target.campaign.is_demo)
            close_target(target, State.DONE, reason=attempt.result, now=now)
        case Action.AGAIN if _has_attempts_left(attempt, rule):
            put_off(target, max(now, clock.now()) + timedelta(minutes=rule.gap_minutes), reason=attempt.result)
        case Action.AGAIN:
            close_target(target, State.EXHAUSTED, reason=attempt.result, now=now)
        case Action.DONE:
            is_reached = attempt.result == AttemptResult.ANSWERED
            close_target(target, State.DONE if is_reached else State.EXHAUSTED, reason=attempt.result, now=now)


def _has_attempts_left(attempt: CampaignAttempt, rule: Rule) -> bool:
    ended_so = CampaignAttempt.objects.filter(target=attempt.target, result=attempt.result)
    if attempt.outcome_id:
        ended_so = ended_so.filter(outcome=attempt.outcome_id)
    return ended_so.count() < rule.attempts and attempt.target.attempts < attempt.target.campaign.max_attempts
