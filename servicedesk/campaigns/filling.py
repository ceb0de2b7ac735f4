"""Filling a campaign: from customers, counted before they are added, or from a file with its columns matched."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crmcore.spreadsheets import UnusableFile
from crmcore.views.requests import StaffRequest, staff_page
from servicedesk.campaigns.forms import ColumnsForm, SegmentForm, UploadForm
from servicedesk.campaigns.views import campaign_for
from servicedesk.csv_files import csv_file
from telephony.actions.campaign_filling import fill_from_segment, keep_file, take_file
from telephony.models import Campaign, CampaignFile
from telephony.queries.campaign_numbers import Unfit, count_segment

SAMPLE = 5
SHOWN = 100


@require_http_methods(["GET", "POST"])
@staff_page("campaign", "edit")
def fill(request: StaffRequest, pk: int) -> HttpResponse:
    """The two ways to fill it; posted, the people of the segment are added."""
    campaign = _open_campaign(request, pk)
    segment = SegmentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and segment.is_valid():
        added = fill_from_segment(campaign, segment.segment(), by=request.user)
        messages.success(request, _added(added))
        return redirect("campaigns:page", pk)
    return _fill_page(request, campaign, segment, UploadForm())


@require_GET
@staff_page("campaign", "edit")
def count(request: StaffRequest, pk: int) -> HttpResponse:
    """What adding this segment would do."""
    campaign, form = _open_campaign(request, pk), SegmentForm(request.GET)
    found = count_segment(request.user, campaign, form.segment()) if form.is_valid() else None
    return render(request, "servicedesk/campaigns/_count.html", {"found": found})


@require_POST
@staff_page("campaign", "edit")
def upload(request: StaffRequest, pk: int) -> HttpResponse:
    """Take in a file; its columns are matched on the next page."""
    campaign, form = _open_campaign(request, pk), UploadForm(request.POST, request.FILES)
    if form.is_valid():
        uploaded = form.cleaned_data["file"]
        try:
            kept = keep_file(campaign, uploaded.name, uploaded.read(), by=request.user)
        except UnusableFile as error:
            form.add_error("file", str(error.fault.label))
        else:
            return redirect("campaigns:file", pk, kept.pk)
    return _fill_page(request, campaign, SegmentForm(), form, status=422)


@require_http_methods(["GET", "POST"])
@staff_page("campaign", "edit")
def file(request: StaffRequest, pk: int, file_id: int) -> HttpResponse:
    """Which column is what; afterwards how many were added, and the rows that were not, each with its reason."""
    campaign = campaign_for(request.user, pk, "edit")
    uploaded = get_object_or_404(CampaignFile, pk=file_id, campaign=campaign)
    form = ColumnsForm(request.POST or None, header=uploaded.header, initial=uploaded.columns)
    if request.method == "POST" and form.is_valid():
        take_file(uploaded, form.columns(), by=request.user)
        return redirect("campaigns:file", pk, file_id)
    context = {
        "campaign": campaign,
        "file": uploaded,
        "form": form,
        "sample": [cells for _line, cells in uploaded.rows[:SAMPLE]],
        "rejected": [(line, cells, Unfit(reason).label) for line, cells, reason in uploaded.rejected[:SHOWN]],
        "shown": SHOWN,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "servicedesk/campaigns/file.html", context, status=status)


@require_GET
@staff_page("campaign", "edit")
def rejected(request: StaffRequest, pk: int, file_id: int) -> HttpResponse:
    """The rows that could not be added, as a file to mend and upload again."""
    campaign = campaign_for(request.user, pk, "edit")
    uploaded = get_object_or_404(CampaignFile, pk=file_id, campaign=campaign)
    head = [*uploaded.header, _("Row"), _("Why it was not added")]
    rows = ([*cells, line, str(Unfit(reason).label)] for line, cells, reason in uploaded.rejected)
    return csv_file(f"not-added-{uploaded.pk}", head, rows)


def _fill_page(
    request: StaffRequest, campaign: Campaign, segment: SegmentForm, upload_form: UploadForm, status: int = 200
) -> HttpResponse:
    files = campaign.files.order_by("-pk")[:10]
    context = {"campaign": campaign, "segment": segment, "upload": upload_form, "files": files}
    return render(request, "servicedesk/campaigns/fill.html", context, status=status)


def _open_campaign(request: StaffRequest, pk: int) -> Campaign:
    campaign = campaign_for(request.user, pk, "edit")
    if campaign.state == Campaign.State.FINISHED:
        raise Http404("finished")
    return campaign


def _added(number: int) -> str:
    if not number:
        return _("Nobody new: everyone who can be called is in the campaign already")
    return ngettext("%(n)d person added", "%(n)d people added", number) % {"n": number}
