"""Campaigns as supervisors run them: written, started, paused, finished."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction

from crmcore import clock, live
from crmcore.actions import audit
from crmcore.models import Queue, User
from crmcore.permissions import require, within
from telephony.actions.campaign_seats import empty_seats
from telephony.campaign_rules import USUAL
from telephony.events import CampaignChanged
from telephony.models import Campaign, CampaignRule, CampaignTarget
from telephony.queries.campaign_share import abandon_share
from telephony.queries.dialling import route_to

State = Campaign.State
MOVES = {
    State.RUNNING: frozenset({State.DRAFT, State.PAUSED}),
    State.PAUSED: frozenset({State.RUNNING}),
    State.FINISHED: frozenset({State.RUNNING, State.PAUSED}),
}


class CannotRun(Exception):
    """The campaign cannot be moved there: `reason` is empty, no_line, or over_cap."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def save_campaign(campaign: Campaign, *, by: User, rules: Iterable[CampaignRule] | None = None) -> Campaign:
    """Store a new or changed campaign of a queue in reach; with `rules`, exactly these. Raises PermissionDenied."""
    action = "edit" if campaign.pk else "create"
    require(by, "campaign", action)
    reach = within(by, "campaign", action, owner="memberships__user", team="team")
    if not Queue.objects.filter(reach, pk=campaign.queue_id).exists():
        raise PermissionDenied(f"{action} campaign of queue {campaign.queue_id}")
    if campaign.pk:
        _lock(campaign, by)
    else:
        campaign.created_at = clock.now()
    if campaign.mode == Campaign.Mode.PREVIEW:
        campaign.fell_back_at = None
    campaign.save()
    if rules is not None:
        CampaignRule.objects.filter(campaign=campaign).delete()
        for rule in rules:
            rule.campaign = campaign
        CampaignRule.objects.bulk_create(rules)
    audit.record(f"campaign.{action}d" if action == "create" else "campaign.edited", campaign, by=by)
    announce(campaign)
    return campaign


def usual_rules() -> list[CampaignRule]:
    """What a new campaign begins with."""
    return [
        CampaignRule(result=result, action=rule.action, attempts=rule.attempts, gap_minutes=rule.gap_minutes)
        for result, rule in USUAL.items()
    ]


@transaction.atomic
def move_campaign(campaign: Campaign, to: State, *, by: User) -> bool:
    """Start, pause, resume or finish; False when it stands there already or cannot go there. Raises CannotRun."""
    locked = _lock(campaign, by)
    if locked.state not in MOVES.get(to, frozenset()):
        return False
    now = clock.now()
    if to == State.RUNNING:
        _check_can_run(locked)
        locked.started_at = locked.started_at or now
    if to == State.FINISHED:
        locked.finished_at = now
    locked.state = to
    locked.save(update_fields=["state", "started_at", "finished_at"])
    if to != State.RUNNING:
        empty_seats(locked)
    audit.record(f"campaign.{to}", locked, by=by)
    announce(locked)
    return True


@transaction.atomic
def dial_by_itself_again(campaign: Campaign, *, by: User) -> None:
    """After a fall back: progressive once more, when the share of the abandoned is back under the cap.

    Raises CannotRun while it is not.
    """
    locked = _lock(campaign, by)
    if abandon_share(locked, clock.now()).is_over:
        raise CannotRun("over_cap")
    locked.fell_back_at = None
    locked.save(update_fields=["fell_back_at"])
    audit.record("campaign.progressive_again", locked, by=by)
    announce(locked)


def announce(campaign: Campaign) -> None:
    """Let the screens of the campaign and of those who work for it look again."""
    event = CampaignChanged(campaign_id=campaign.pk)
    live.publish(f"campaign:{campaign.pk}", event)
    live.publish(f"queue:{campaign.queue_id}", event)
    for agent_id in campaign.seats.values_list("agent_id", flat=True):
        live.publish(f"agent:{agent_id}", event)


def _check_can_run(campaign: Campaign) -> None:
    if not CampaignTarget.objects.filter(campaign=campaign, state__in=CampaignTarget.OPEN).exists():
        raise CannotRun("empty")
    if route_to(is_demo=campaign.is_demo, queue=campaign.queue, line=campaign.line) is None:
        raise CannotRun("no_line")


def _lock(campaign: Campaign, by: User) -> Campaign:
    """The campaign as it stands, locked, if `by` may edit it. Raises PermissionDenied."""
    if not Campaign.objects.visible_to(by, "edit").filter(pk=campaign.pk).exists():
        raise PermissionDenied(f"campaign {campaign.pk}")
    return Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
