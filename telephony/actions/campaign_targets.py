"""One customer of a campaign at a time: claimed by an agent, dialled or skipped, given back when nothing happens."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q

from crmcore import clock
from crmcore.actions import audit
from crmcore.actions.presence import AT_WORK
from crmcore.models import ConsentKind, User
from crmcore.queries.consents import refusing_numbers
from telephony.actions.campaign_results import attempt_failed, close_target, conversation_settled, put_off, tell
from telephony.actions.do_not_call import forbid
from telephony.actions.outgoing import Target, place_call
from telephony.actions.transitions import MovedOn
from telephony.campaign_rules import SkipReason
from telephony.dial_rules import DialRefused, Refusal
from telephony.models import Call, CallLeg, Campaign, CampaignAttempt, CampaignSeat, CampaignTarget
from telephony.queries.campaign_targets import due, zones_of
from telephony.queries.dialling import is_opted_out
from telephony.states import CallState

State = CampaignTarget.State
LEASE = timedelta(minutes=10)
OCCUPIED_FOR = timedelta(minutes=5)
LOOKED_AT = 50
AT_ONCE = 100
# What is the customer's or the number's matter ends or moves the target; anything else is ours and leaves it in hand.
ENDS = frozenset({Refusal.DO_NOT_CALL, Refusal.UNREADABLE, Refusal.OWN_NUMBER})


@transaction.atomic
def claim_next(agent: User, campaign: Campaign) -> CampaignTarget | None:
    """The next customer who may be called now, for this agent alone; the one in hand where there is one.

    None when nobody is due. Those who may not be called now are put off to their next hour, or closed, on the way.
    """
    now = clock.now()
    mine = CampaignTarget.objects.filter(claimed_by=agent, state__in=CampaignTarget.IN_HAND).first()
    if mine is not None or campaign.state != Campaign.State.RUNNING:
        return mine
    for _ in range(LOOKED_AT):
        target = due(campaign, now).select_for_update(of=("self",), skip_locked=True).first()
        if target is None:
            return None
        if _may_be_called(target, now):
            return _give(target, agent, now)
    return None


def _give(target: CampaignTarget, agent: User, now: datetime) -> CampaignTarget | None:
    target.state, target.claimed_by, target.claimed_until, target.reason = State.CLAIMED, agent, now + LEASE, ""
    try:
        with transaction.atomic():
            target.save()
    except IntegrityError:  # his other tab was quicker
        return CampaignTarget.objects.filter(claimed_by=agent, state__in=CampaignTarget.IN_HAND).first()
    tell(target, agent.pk)
    return target


def dial_target(target_id: int, *, by: User, once: bool = False) -> tuple[Call, str]:
    """Call the customer whom this agent has before him; as `place_call`. Whether it is allowed is asked anew, now.

    Asked again it is the same call, but MovedOn with `once`. Raises DialRefused, and MovedOn when the target is not
    the agent's any more.
    """
    with transaction.atomic():
        target = _lock_own(target_id, by)
        if once and target.state != State.CLAIMED:
            raise MovedOn(target.state, "campaign")
        campaign = Campaign.objects.select_related("queue", "line").get(pk=target.campaign_id)
        try:
            with transaction.atomic():
                return _place(target, campaign, by)
        except DialRefused as error:
            refused = error
            _after_refusal(target, campaign, error.refusal)
    raise refused


def _place(target: CampaignTarget, campaign: Campaign, by: User) -> tuple[Call, str]:
    now = clock.now()
    if target.state == State.CLAIMED and campaign.state != Campaign.State.RUNNING:
        raise DialRefused(Refusal.STOPPED)
    if target.state == State.CLAIMED and not campaign.window.is_open(zones_of(target), now):
        raise DialRefused(Refusal.CLOSED_HOURS)
    if target.state == State.CLAIMED and refusing_numbers([target.number], ConsentKind.PHONE):
        raise DialRefused(Refusal.DO_NOT_CALL)
    whom = Target(contact=target.contact, account=target.account, is_imaginary=campaign.is_demo)
    call, ticket = place_call(target.number, by=by, target=whom, queue=campaign.queue, line=campaign.line)
    if target.call_id == call.pk:
        return call, ticket
    mode = Campaign.Mode.PROGRESSIVE if campaign.dials_by_itself else Campaign.Mode.PREVIEW
    CampaignAttempt.objects.create(target=target, call=call, agent=by, mode=mode, started_at=now)
    target.state, target.call, target.claimed_until, target.next_at = State.DIALLING, call, None, None
    target.save()
    tell(target, by.pk)
    return call, ticket


def _after_refusal(target: CampaignTarget, campaign: Campaign, refusal: Refusal) -> None:
    now = clock.now()
    if refusal in ENDS:
        close_target(target, State.REFUSED, reason=refusal, now=now)
    elif refusal == Refusal.BEING_CALLED:
        put_off(target, now + OCCUPIED_FOR, reason=refusal)
    elif refusal == Refusal.CLOSED_HOURS:
        _wait_for_opening(target, campaign, now)


@transaction.atomic
def skip_target(target_id: int, reason: SkipReason, *, by: User) -> None:
    """The agent does not call this customer. Skipped twice, it was skipped once."""
    target = CampaignTarget.objects.select_for_update().get(pk=target_id)
    if target.claimed_by_id != by.pk or target.state != State.CLAIMED:
        return
    now = clock.now()
    audit.record("campaign.skipped", target, by=by, detail={"reason": reason.value})
    if reason == SkipReason.LATER:
        put_off(target, now + timedelta(hours=1), reason=reason)
    elif reason == SkipReason.OPTED_OUT:
        forbid(target.number, by=by, is_demo=target.campaign.is_demo)
        close_target(target, State.REFUSED, reason=reason, now=now)
    else:
        close_target(target, State.DONE, reason=reason, now=now)
    if CampaignSeat.objects.filter(agent=by, campaign=target.campaign_id).exists():
        claim_next(by, target.campaign)


@transaction.atomic
def give_back(target: CampaignTarget, now: datetime) -> None:
    """Somebody else may call this customer."""
    locked = CampaignTarget.objects.select_for_update().get(pk=target.pk)
    if locked.state == State.CLAIMED:
        put_off(locked, now)


def release_left_behind(now: datetime) -> None:
    """Claims that nobody acted upon, and calls whose end was not settled: a process died between the two."""
    late = CampaignTarget.objects.filter(state=State.CLAIMED, claimed_until__lte=now)
    for target in late.exclude(claimed_by__presence__system__in=AT_WORK)[:AT_ONCE]:
        CampaignSeat.objects.filter(agent=target.claimed_by_id).delete()
        give_back(target, now)
    wrapping = CallLeg.objects.filter(call=OuterRef("call"), wrap_up_started_at__isnull=False, wrap_up_ended_at=None)
    ended = CampaignTarget.objects.filter(state=State.DIALLING, call__state=CallState.ENDED)
    for target in ended.exclude(Exists(wrapping)).select_related("call")[:AT_ONCE]:
        _settle(target, now)


@transaction.atomic
def _settle(target: CampaignTarget, now: datetime) -> None:
    assert target.call is not None
    if target.call.answered_at is None:
        attempt_failed(target.call, now=now)
        return
    leg = CallLeg.objects.filter(call=target.call, agent=target.claimed_by_id).order_by("-pk").first()
    conversation_settled(target.call, leg.outcome if leg else None, now=now)


def _may_be_called(target: CampaignTarget, now: datetime) -> bool:
    """Whether now is the time; if not, the locked target moves to where it belongs."""
    if is_opted_out(target.number) or refusing_numbers([target.number], ConsentKind.PHONE):
        close_target(target, State.REFUSED, reason=Refusal.DO_NOT_CALL, now=now)
        return False
    on_the_line = Q(direction=Call.Direction.OUT, to_e164=target.number)
    on_the_line |= Q(direction=Call.Direction.IN, from_e164=target.number)
    if Call.objects.filter(on_the_line).exclude(state=CallState.ENDED).exists():
        put_off(target, now + OCCUPIED_FOR, reason=Refusal.BEING_CALLED)
        return False
    if not target.campaign.window.is_open(zones_of(target), now):
        _wait_for_opening(target, target.campaign, now)
        return False
    return True


def _wait_for_opening(target: CampaignTarget, campaign: Campaign, now: datetime) -> None:
    opening = campaign.window.next_opening(zones_of(target), now)
    if opening is None:
        close_target(target, State.REFUSED, reason=Refusal.CLOSED_HOURS, now=now)
    else:
        put_off(target, opening, reason=Refusal.CLOSED_HOURS)


def _lock_own(target_id: int, by: User) -> CampaignTarget:
    target = CampaignTarget.objects.select_for_update(of=("self",)).get(pk=target_id)
    if not Campaign.objects.visible_to(by).filter(pk=target.campaign_id).exists():
        raise PermissionDenied(f"target {target_id}")
    if target.claimed_by_id != by.pk or target.state not in CampaignTarget.IN_HAND:
        raise MovedOn(target.state, "campaign")
    return target
