"""Products of customers: the list and the form."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from crmcore import clock
from crmcore.actions.products import register_product, update_product
from crmcore.forms.products import InstalledProductForm, initial_of
from crmcore.models import Account, InstalledProduct
from crmcore.queries.products import page_of_products
from crmcore.queries.rights import require_reach
from crmcore.views.requests import StaffRequest, number_in, staff_page


@require_GET
@staff_page("account")
def product_list(request: StaffRequest) -> HttpResponse:
    """All products of customers that the reader may view, the newest first; `?q=` names what or whose."""
    words = request.GET.get("q", "").strip()
    page = page_of_products(request.user, words, before=number_in(request, "before"))
    now = clock.now()
    rows = [(installed, installed.warranty_at(now)) for installed in page.rows]
    older = urlencode({"before": page.older} | ({"q": words} if words else {})) if page.older else ""
    return render(request, "crmcore/product_list.html", {"rows": rows, "older": older, "words": words})


@require_http_methods(["GET", "POST"])
@staff_page("account", "edit")
def new_product(request: StaffRequest) -> HttpResponse:
    """`?account=` names whose it is."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=number_in(request, "account") or 0)
    require_reach(request.user, "edit", account)
    form = InstalledProductForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = register_product(by=request.user, account=account, **form.cleaned_data)
        except ValidationError as refused:
            form.show_refusal(refused)
        else:
            return redirect(made)
    return _form(request, form, account)


@require_http_methods(["GET", "POST"])
@staff_page("account", "edit")
def edit_product(request: StaffRequest, pk: int) -> HttpResponse:
    """Correct what was written down."""
    rows = InstalledProduct.objects.visible_to(request.user).select_related("product", "account")
    installed = get_object_or_404(rows, pk=pk)
    require_reach(request.user, "edit", installed)
    form = InstalledProductForm(request.POST or None, initial=initial_of(installed))
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(update_product(installed, by=request.user, **form.cleaned_data))
        except ValidationError as refused:
            form.show_refusal(refused)
    return _form(request, form, installed.account, installed)


def _form(
    request: StaffRequest, form: InstalledProductForm, account: Account, installed: InstalledProduct | None = None
) -> HttpResponse:
    context = {"form": form, "account": account, "installed": installed}
    return render(request, "crmcore/product_form.html", context, status=422 if form.errors else 200)
