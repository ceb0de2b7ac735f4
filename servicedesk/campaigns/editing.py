"""Writing and changing a campaign."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crmcore.views.requests import StaffRequest, staff_page
from servicedesk.campaigns.forms import CampaignForm, rule_rows
from servicedesk.campaigns.views import campaign_for
from telephony.actions.campaigns import save_campaign, usual_rules
from telephony.models import Campaign


@require_http_methods(["GET", "POST"])
@staff_page("campaign", "create")
def new(request: StaffRequest) -> HttpResponse:
    """A new campaign; it is filled and started afterwards."""
    return _edit(request, Campaign())


@require_http_methods(["GET", "POST"])
@staff_page("campaign", "edit")
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """What a campaign is set to; what is changed counts from the next call on."""
    return _edit(request, campaign_for(request.user, pk, "edit"))


def _edit(request: StaffRequest, campaign: Campaign) -> HttpResponse:
    data, stored = request.POST or None, campaign.pk
    name, queue = campaign.label, campaign.queue if stored else None
    rules = list(campaign.rules.select_related("outcome")) if stored else usual_rules()
    form = CampaignForm(data, instance=campaign, user=request.user)
    rows = rule_rows(rules, queue, data)
    if request.method == "POST" and all([form.is_valid(), *(row.is_valid() for row in rows)]):
        saved = save_campaign(form.instance, by=request.user, rules=[row.filled() for row in rows])
        messages.success(request, _("Saved"))
        return redirect("campaigns:page" if stored else "campaigns:fill", saved.pk)
    context = {"form": form, "rows": rows, "campaign": campaign if stored else None, "name": name}
    return render(request, "servicedesk/campaigns/edit.html", context, status=422 if request.method == "POST" else 200)
