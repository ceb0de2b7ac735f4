"""The list of campaigns, and the page of one: figures, people, start, pause, finish, results as a file."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crmcore import clock
from crmcore.actions import audit
from crmcore.models import User
from crmcore.permissions import may, require
from crmcore.queries.rights import reaches
from crmcore.views.requests import StaffRequest, number_in, staff_page
from servicedesk.campaigns.rows import TargetRow, page_of_targets, targets_of
from servicedesk.csv_files import csv_file
from telephony.actions.campaigns import CannotRun, dial_by_itself_again, move_campaign
from telephony.models import Campaign, CampaignTarget
from telephony.queries.campaign_figures import agents_of, conversions_of, figures_of, pace_of
from telephony.queries.campaign_share import abandon_share
from telephony.queries.dialling import route_to

LISTED = 100
State = Campaign.State


@require_GET
@staff_page("campaign")
def campaign_list(request: StaffRequest) -> HttpResponse:
    """The campaigns in reach, the newest first."""
    rows = Campaign.objects.visible_to(request.user).select_related("queue").order_by("-created_at", "-pk")
    context = {"rows": figures_of(rows[:LISTED]), "may_create": may(request.user, "campaign", "create")}
    return render(request, "servicedesk/campaigns/list.html", context)


@require_GET
@staff_page("campaign")
def page(request: StaffRequest, pk: int) -> HttpResponse:
    """`?state=&after=`: one campaign, with its people in a state."""
    campaign, state = campaign_for(request.user, pk), request.GET.get("state", "")
    people, after = page_of_targets(campaign, state, number_in(request, "after"))
    context = {
        **_figures_of(campaign),
        "people": people,
        "after": after,
        "state": state,
        "states": CampaignTarget.State.choices,
        "may_edit": reaches(request.user, "edit", campaign),
        "may_export": reaches(request.user, "export", campaign),
        "can_dial": route_to(is_demo=campaign.is_demo, queue=campaign.queue, line=campaign.line) is not None,
        "rules": campaign.rules.select_related("outcome"),
    }
    return render(request, "servicedesk/campaigns/page.html", context)


@require_GET
@staff_page("campaign")
def figures(request: StaffRequest, pk: int) -> HttpResponse:
    """The figures alone, as they stand now."""
    return render(request, "servicedesk/campaigns/_figures.html", _figures_of(campaign_for(request.user, pk)))


@require_POST
@staff_page("campaign", "edit")
def move(request: StaffRequest, pk: int) -> HttpResponse:
    """Start, pause, resume or finish (`to`)."""
    campaign, to = campaign_for(request.user, pk, "edit"), request.POST.get("to", "")
    try:
        if to in State.values:
            move_campaign(campaign, State(to), by=request.user)
    except CannotRun as error:
        messages.error(request, _why_not(error))
    return redirect("campaigns:page", pk)


@require_POST
@staff_page("campaign", "edit")
def progressive_again(request: StaffRequest, pk: int) -> HttpResponse:
    """Let the desk dial by itself again after it had fallen back."""
    try:
        dial_by_itself_again(campaign_for(request.user, pk, "edit"), by=request.user)
    except CannotRun as error:
        messages.error(request, _why_not(error))
    return redirect("campaigns:page", pk)


@require_GET
@staff_page("campaign", "export")
def results(request: StaffRequest, pk: int) -> HttpResponse:
    """Everybody of the campaign with what came of it, as a file."""
    campaign = campaign_for(request.user, pk, "export")
    require(request.user, "campaign", "export")
    audit.record("campaign.exported", campaign, by=request.user)
    head = [
        _("Name"),
        _("Phone number"),
        _("State"),
        _("Attempts"),
        _("Result"),
        _("Next call"),
        _("Closed"),
        _("Note"),
    ]
    rows = (_cells(TargetRow(target)) for target in targets_of(campaign).iterator(chunk_size=2000))
    return csv_file(f"campaign-{campaign.pk}", head, rows)


def campaign_for(user: User, pk: int, action: str = "view") -> Campaign:
    """The campaign, if the reader may do `action` on it; 404 else."""
    return get_object_or_404(Campaign.objects.visible_to(user, action).select_related("queue", "line"), pk=pk)


def _figures_of(campaign: Campaign) -> dict[str, Any]:
    now = clock.now()
    return {
        "campaign": campaign,
        "figures": figures_of([campaign])[0],
        "pace": pace_of(campaign, now),
        "conversions": conversions_of(campaign),
        "share": abandon_share(campaign, now),
        "agents": agents_of(campaign),
    }


def _cells(row: TargetRow) -> list[object]:
    target = row.target
    return [
        *(row.name, row.pretty, target.get_state_display(), target.attempts, str(row.reason)),
        *(_moment(row.due_at), _moment(target.closed_at), target.words),
    ]


def _moment(at: Any) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""


def _why_not(error: CannotRun) -> str:
    return {
        "empty": _("There is nobody to call yet: fill the campaign first."),
        "no_line": _("No line is set up that could place calls, so the campaign cannot run."),
        "over_cap": _("Still too many answered and found nobody. Go on in preview until the share is below the cap."),
    }[error.reason]
