"""Group messages: the list, writing one, its preview, and how far it has come."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crmcore.permissions import may
from crmcore.queries.rights import reaches
from crmcore.views.requests import StaffRequest, staff_page
from servicedesk.campaigns.group_forms import GroupTextForm, segment_form, take_segment
from telephony.actions.group_texts import NobodyToWriteTo, move_group_text, save_group_text, start_group_text
from telephony.models import GroupText
from telephony.queries.group_texts import preview_of, progress_of

LISTED = 100
State = GroupText.State
START = "start"


@require_GET
@staff_page("campaign")
def group_texts(request: StaffRequest) -> HttpResponse:
    """The group messages in reach, the newest first."""
    rows = GroupText.objects.visible_to(request.user).select_related("queue", "created_by").order_by("-pk")[:LISTED]
    shown = [(group, progress_of(group) if group.state != State.DRAFT else None) for group in rows]
    context = {"rows": shown, "may_create": may(request.user, "campaign", "create")}
    return render(request, "servicedesk/campaigns/group_texts.html", context)


@require_http_methods(["GET", "POST"])
@staff_page("campaign", "create")
def new(request: StaffRequest) -> HttpResponse:
    """Write one; it goes out only from its own page."""
    way_out = "回复TD退订" if (get_language() or "").startswith("zh") else "Reply STOP to end"
    return _edit(request, GroupText(way_out=way_out))


@require_http_methods(["GET", "POST"])
@staff_page("campaign", "edit")
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    group = _group_for(request, pk, "edit")
    return _edit(request, group) if group.state == State.DRAFT else redirect("campaigns:group_text", pk)


@require_GET
@staff_page("campaign")
def page(request: StaffRequest, pk: int) -> HttpResponse:
    """What would happen, or what did."""
    group = _group_for(request, pk)
    context = {
        **_figures(group),
        "preview": preview_of(group, request.user) if group.state == State.DRAFT else None,
        "may_edit": reaches(request.user, "edit", group),
    }
    return render(request, "servicedesk/campaigns/group_text.html", context)


@require_GET
@staff_page("campaign")
def figures(request: StaffRequest, pk: int) -> HttpResponse:
    """The figures and buttons alone, as they stand now."""
    group = _group_for(request, pk)
    context = {**_figures(group), "may_edit": reaches(request.user, "edit", group)}
    return render(request, "servicedesk/campaigns/_group_figures.html", context)


@require_POST
@staff_page("campaign", "edit")
def move(request: StaffRequest, pk: int) -> HttpResponse:
    """Start, pause, resume or cancel (`to`)."""
    group, to = _group_for(request, pk, "edit"), request.POST.get("to", "")
    try:
        if to == START:
            start_group_text(group, by=request.user)
        elif to in (State.PAUSED, State.SENDING, State.CANCELLED):
            move_group_text(group, to, by=request.user)
    except NobodyToWriteTo:
        messages.error(request, _("Nobody in this segment could get it."))
    return redirect("campaigns:group_text", pk)


def _edit(request: StaffRequest, group: GroupText) -> HttpResponse:
    data = request.POST or None
    form, segment = GroupTextForm(data, instance=group, user=request.user), segment_form(group, data)
    if request.method == "POST" and all([form.is_valid(), segment.is_valid()]):
        take_segment(form.instance, segment)
        saved = save_group_text(form.instance, by=request.user)
        return redirect("campaigns:group_text", saved.pk)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "segment": segment, "group": group if group.pk else None}
    return render(request, "servicedesk/campaigns/group_edit.html", context, status=status)


def _group_for(request: StaffRequest, pk: int, action: str = "view") -> GroupText:
    rows = GroupText.objects.visible_to(request.user, action)
    found: GroupText = get_object_or_404(rows.select_related("queue", "line", "region", "owner", "created_by"), pk=pk)
    return found


def _figures(group: GroupText) -> dict[str, Any]:
    return {"group": group, "progress": progress_of(group) if group.state != State.DRAFT else None}
