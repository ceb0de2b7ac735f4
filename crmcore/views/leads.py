"""Leads: the list, the card, and its form."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crmcore import clock, permissions
from crmcore.actions import leads
from crmcore.actions.lead_contacts import may_sign
from crmcore.forms.lead_contacts import ContactedForm
from crmcore.forms.leads import LeadForm, initial_of
from crmcore.models import Account, CodeEntry, CodeList, Contact, IntentionGrade, Lead, LeadOrigin
from crmcore.queries.lead_matches import matches_of
from crmcore.queries.leads import VIEWS, page_of_leads
from crmcore.queries.rights import require_reach, rights_on
from crmcore.views.requests import StaffRequest, number_in, staff_page, wants_fragment

# What an address may bring along to a new card.
PREFILLED = ("name", "employer", "phone", "email", "wanted", "address", "currency")


@require_GET
@staff_page("lead")
def lead_list(request: StaffRequest) -> HttpResponse:
    """`?view=` as in VIEWS, `?grade=`, `?q=`; what is owed first."""
    view = request.GET.get("view", "")
    view = view if view in VIEWS else "mine"
    now, grade, words = clock.now(), number_in(request, "grade"), request.GET.get("q", "").strip()[:120]
    page = page_of_leads(request.user, view, now, grade=grade, words=words, after=number_in(request, "after"))
    asked = {"view": view} | ({"grade": grade} if grade else {}) | ({"q": words} if words else {})
    context = {
        "page": page,
        "rows": [(lead, lead.is_overdue_at(now)) for lead in page.rows],
        "view": view,
        "title": VIEWS[view][0],
        "views": [(code, label, icon) for code, (label, icon) in VIEWS.items()],
        "grades": IntentionGrade.objects.filter(is_active=True),
        "grade": grade,
        "words": words,
        "asked": urlencode(asked),
        "may_create": permissions.may(request.user, "lead", "create"),
    }
    template = "crmcore/_lead_rows.html" if wants_fragment(request) else "crmcore/lead_list.html"
    return render(request, template, context)


@require_GET
@staff_page("lead")
def lead_page(request: StaffRequest, pk: int) -> HttpResponse:
    """The card: who, what is wanted, what was said, what comes next."""
    return show_lead(request, visible_lead(request, pk))


@require_http_methods(["GET", "POST"])
@staff_page("lead", "create")
def new_lead(request: StaffRequest) -> HttpResponse:
    """Type a card in; PREFILLED, ?contact=, ?source= (a code), ?origin=, ?number= come from a call or ticket."""
    origin = request.GET.get("origin", "")
    initial = (
        _known_of(request)
        | {name: request.GET[name] for name in PREFILLED if name in request.GET}
        | {
            "source": CodeEntry.objects.filter(list=CodeList.SOURCE, code=request.GET.get("source", "")).first(),
            "grade": leads.usual_grade(),
            "owner": request.user.pk,
            "currency": "CNY" if request.user.language.startswith("zh") else "USD",
        }
    )
    form = LeadForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = leads.open_lead(
            by=request.user,
            origin=origin if origin in LeadOrigin.values else LeadOrigin.TYPED,
            origin_number=request.GET.get("number", "")[:60],
            **form.fields_for_action(),
        )
        return redirect(made)
    return render(request, "crmcore/lead_form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@staff_page("lead", "edit")
def edit_lead(request: StaffRequest, pk: int) -> HttpResponse:
    """Change a card."""
    lead = visible_lead(request, pk)
    require_reach(request.user, "edit", lead)
    form = LeadForm(request.POST or None, user=request.user, initial=initial_of(lead))
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(leads.update_lead(lead, by=request.user, **form.fields_for_action()))
        except ValidationError as refused:
            form.add_error(None, refused)
    context = {"form": form, "lead": lead}
    return render(request, "crmcore/lead_form.html", context, status=422 if form.errors else 200)


@require_POST
@staff_page("lead")
def lead_duplicates(request: StaffRequest) -> HttpResponse:
    """Who looks like the prospect being typed in: customers, people and other leads."""
    typed = Lead(
        number="",
        name=request.POST.get("name", "").strip(),
        employer=request.POST.get("employer", "").strip(),
        phone=request.POST.get("phone", "").strip(),
        email=request.POST.get("email", "").strip(),
    )
    leads.keep_keys(typed, request.user)
    matches = matches_of(typed, request.user, besides=number_in(request, "besides"))
    return render(request, "crmcore/_lead_matches.html", {"matches": matches})


def _known_of(request: StaffRequest) -> dict[str, str]:
    """What is written down about the person from whose page the reader comes."""
    contact = Contact.objects.visible_to(request.user).filter(pk=number_in(request, "contact") or 0).first()
    if contact is None:
        return {}
    points = {point.kind: point.raw for point in contact.points.order_by("is_preferred", "-pk")}
    homes = Account.objects.visible_to(request.user).filter(memberships__contact=contact, kind=Account.Kind.COMPANY)
    home = homes.first()
    known = {"name": contact.name, "phone": points.get("phone", ""), "email": points.get("email", "")}
    return known | {"occupation": contact.title, "employer": home.name if home else ""}


def visible_lead(request: StaffRequest, pk: int) -> Lead:
    """The lead, where the reader may see it."""
    joined = ("owner", "grade", "source", "product", "signed_by", "account", "contact", "opportunity", "opened_by")
    rows = Lead.objects.visible_to(request.user).select_related(*joined)
    found: Lead = get_object_or_404(rows, pk=pk)
    return found


def show_lead(request: StaffRequest, lead: Lead, form: ContactedForm | None = None) -> HttpResponse:
    """The card's page, with the form of a contact as it was typed."""
    rights = rights_on(request.user, lead, "edit", "assign")
    fresh = ContactedForm(initial={"grade": lead.grade_id, "once": f"{clock.now():%H%M%S%f}"})
    context = {
        "lead": lead,
        "is_overdue": lead.is_overdue_at(clock.now()),
        "contacts": lead.contacts.select_related("by", "grade"),
        "changes": lead.grade_changes.select_related("by", "before", "after"),
        "may_edit": "edit" in rights,
        "may_sign": "assign" in rights and may_sign(lead, request.user),
        "form": form or fresh,
        "reception": getattr(lead, "reception", None),
    }
    return render(request, "crmcore/lead.html", context, status=422 if form else 200)
