"""Opportunities: the board, the list, moving, and their forms."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods

from crmcore import clock, permissions
from crmcore.actions import opportunities
from crmcore.forms.opportunities import ChangeForm, OpportunityForm, initial_of
from crmcore.models import Account, Opportunity, Stage
from crmcore.queries.opportunities import board, open_total, page_of_opportunities, targets
from crmcore.queries.rights import reaches, require_reach
from crmcore.views.requests import StaffRequest, number_in, staff_page, wants_fragment
from crmcore.views.search import options


@require_GET
@staff_page("opportunity")
def opportunity_board(request: StaffRequest) -> HttpResponse:
    """Columns of stages with their sums."""
    return render(request, "crmcore/opportunity_board.html", _board_context(request))


@require_GET
@staff_page("opportunity")
def opportunity_list(request: StaffRequest) -> HttpResponse:
    """The same opportunities as rows, the newest first."""
    rows, older = page_of_opportunities(request.user, mine=_mine(request), before=number_in(request, "before"))
    older_url = f"?before={older}{'&whose=mine' if _mine(request) else ''}" if older else ""
    context = {"rows": rows, "older_url": older_url, "mine": _mine(request), "may_create": _may_create(request)}
    context |= _doors(request)
    return render(request, "crmcore/opportunity_list.html", context)


@require_http_methods(["GET", "POST"])
@staff_page("opportunity", "create")
def new_opportunity(request: StaffRequest) -> HttpResponse:
    """Open an opportunity; ?account=, ?contact=, ?name= come filled from a customer, a ticket or a call.

    After saving the reader goes to ?next= with the new id as ?opportunity=, or to the board.
    """
    account = Account.objects.visible_to(request.user).filter(pk=number_in(request, "account") or 0).first()
    if account is None:
        return choose_customer(request)
    typed = {
        "name": request.GET.get("name", ""),
        "contact": number_in(request, "contact"),
        "currency": "CNY" if account.language.startswith("zh") else "USD",
        "source": request.GET.get("source", ""),
        "owner": request.user.pk,
    }
    form = OpportunityForm(request.POST or None, user=request.user, account=account, initial=typed)
    if request.method == "POST" and form.is_valid():
        made = opportunities.open_opportunity(by=request.user, account=account, **form.fields_for_action())
        return redirect(_after(request, made))
    return render(request, "crmcore/opportunity_form.html", {"form": form, "account": account})


def choose_customer(request: StaffRequest) -> HttpResponse:
    """An opportunity belongs to a customer: choose one first."""
    return render(request, "crmcore/opportunity_customer.html", options(request) | {"purpose": "opportunity"})


@require_http_methods(["GET", "POST"])
@staff_page("opportunity")
def edit_opportunity(request: StaffRequest, pk: int) -> HttpResponse:
    """Read an opportunity, and change it where one may."""
    opportunity = _visible(request, pk)
    may_edit = reaches(request.user, "edit", opportunity)
    form = ChangeForm(
        request.POST or None, user=request.user, account=opportunity.account, initial=initial_of(opportunity)
    )
    if request.method == "POST":
        require_reach(request.user, "edit", opportunity)
        if form.is_valid():
            opportunities.update_opportunity(opportunity, by=request.user, **form.fields_for_action())
            return redirect(_after(request, opportunity))
    context = {"form": form, "opportunity": opportunity, "account": opportunity.account, "may_edit": may_edit}
    return render(request, "crmcore/opportunity_form.html", context)


@require_http_methods(["GET", "POST"])
@staff_page("opportunity")
def move_opportunity(request: StaffRequest, pk: int) -> HttpResponse:
    """The menu of stages with the sums as they would be; posting a stage moves there."""
    opportunity = _visible(request, pk)
    error = ""
    if request.method == "POST":
        stage = get_object_or_404(Stage, code=request.POST.get("stage", ""))
        reason = request.POST.get("lost_reason", "")
        try:
            opportunities.move_opportunity(opportunity, to=stage, by=request.user, lost_reason=reason)
        except ValidationError as refused:
            error = " ".join(refused.messages)
        else:
            return _moved(request)
    require_reach(request.user, "edit", opportunity)
    context = {"opportunity": opportunity, "targets": targets(opportunity, request.user), "error": error}
    if not wants_fragment(request):
        return render(request, "crmcore/opportunity_move.html", context)
    headers = {"HX-Retarget": "#move-menu"} if error else {}
    return HttpResponse(render_to_string("crmcore/_move_menu.html", context, request), headers=headers)


def _moved(request: StaffRequest) -> HttpResponse:
    if wants_fragment(request):
        return render(request, "crmcore/_board.html", _board_context(request))
    return redirect("crm:opportunities")


def _board_context(request: StaffRequest) -> dict[str, object]:
    columns = board(request.user, mine=_mine(request))
    return {
        "columns": columns,
        "total": open_total(columns),
        "mine": _mine(request),
        "now": clock.now(),
        "may_create": _may_create(request),
    } | _doors(request)


def _visible(request: StaffRequest, pk: int) -> Opportunity:
    rows = Opportunity.objects.visible_to(request.user).select_related("account", "stage", "owner", "contact")
    found: Opportunity = get_object_or_404(rows, pk=pk)
    return found


def _after(request: StaffRequest, opportunity: Opportunity) -> str:
    """Where to go after saving; only addresses of this desk count."""
    wanted = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return f"{wanted}{'&' if '?' in wanted else '?'}opportunity={opportunity.pk}"
    return reverse("crm:opportunities")


def _mine(request: StaffRequest) -> bool:
    return request.GET.get("whose") == "mine"


def _may_create(request: StaffRequest) -> bool:
    return permissions.may(request.user, "opportunity", "create")


def _doors(request: StaffRequest) -> dict[str, object]:
    """What else of selling opens for the reader."""
    return {f"may_{noun}": permissions.may(request.user, noun, "view") for noun in ("quote", "contract")}
