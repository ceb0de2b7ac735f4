"""Raising a request: one text, with answers that may fit beside it while it is written."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from crmcore import clock
from knowledgebase.models import Article
from knowledgebase.queries.search import Hit
from knowledgebase.queries.suggestions import suggest
from servicedesk.portal import intake, once
from servicedesk.portal.forms import NewRequestForm
from servicedesk.portal.frame import contact_of, customer, customer_page, language_of, page
from servicedesk.portal.own_products import own_products
from servicedesk.portal.requests import Request, same_matter
from servicedesk.portal.throttle import NEW_REQUESTS, SUGGESTIONS
from tickets.actions.fields import BadFields
from tickets.actions.lifecycle import open_ticket
from tickets.actions.products import set_product
from tickets.field_forms import FieldsForm
from tickets.models import Ticket, TicketField, TicketType
from tickets.queries.fields import fields_of


@customer_page
def new_request(request: HttpRequest) -> HttpResponse:
    """`/portal/requests/new/`: `?article=` starts with the article that did not help, `?text=` with words."""
    if request.method != "POST":
        form = NewRequestForm(initial=_initial(request), products=own_products(customer(request)))
        return _show(request, form, _asked(request, form))
    form = NewRequestForm(request.POST, products=own_products(customer(request)))
    asked = _asked(request, form, request.POST)
    if not all([form.is_valid(), asked.is_valid()]):
        return _show(request, form, asked, status=422)
    if NEW_REQUESTS.is_used_up(request):
        form.add_error(None, _("That is a lot of requests in one hour. Please wait a little, or call us"))
        return _show(request, form, asked, status=429)
    user, token = customer(request), form.cleaned_data["once"]
    if not once.claim(user.pk, token):
        made = once.made_before(user.pk, token)
        return redirect("portal:request", made) if made else redirect("portal:requests")
    try:
        ticket = _open(request, form, asked)
    except BadFields as refused:
        once.release(user.pk, token)
        asked.show_problems(refused)
        return _show(request, form, asked, status=422)
    except Exception:
        once.release(user.pk, token)
        raise
    once.settle(user.pk, token, ticket.number)
    messages.success(request, _("We have your request. Its reference is %(number)s") % {"number": ticket.number})
    return redirect("portal:request", ticket.number)


@customer_page
def tips(request: HttpRequest) -> HttpResponse:
    """What may answer the text so far: articles, and the customer's own open request about the same."""
    text = request.POST.get("text", "")
    if SUGGESTIONS.is_used_up(request):
        return HttpResponse(status=204)
    return page(request, "_tips.html", _tips(request, text))


@customer_page
def asked_fields(request: HttpRequest) -> HttpResponse:
    """What a request of the chosen kind asks for."""
    return page(
        request,
        "_asked_fields.html",
        {"fields_form": _asked(request, NewRequestForm())},
    )


def _tips(request: HttpRequest, text: str) -> dict[str, object]:
    user = customer(request)
    hits: list[Hit] = suggest(text, None, user, language_of(request)) if text.strip() else []
    same: Request | None = same_matter(user, text, clock.now()) if text.strip() else None
    return {"hits": hits, "same": same, "text": text}


@transaction.atomic
def _open(request: HttpRequest, form: NewRequestForm, asked: FieldsForm) -> Ticket:
    user, wanted = customer(request), form.cleaned_data
    product = wanted["product"]
    queue = intake.queue_for(wanted["type"], user.language)
    if queue is None:
        raise RuntimeError("a desk without an active queue cannot take requests")
    ticket = open_ticket(
        by=user,
        subject=intake.subject_of(wanted["text"]),
        type=wanted["type"],
        queue=queue,
        account=product.account if product else intake.account_of(user),
        contact=contact_of(user),
        channel=Ticket.Channel.PORTAL,
        priority=wanted["urgency"],
        body=wanted["text"],
        fields=asked.values(),
    )
    return set_product(ticket, product, by=user) if product else ticket


def _initial(request: HttpRequest) -> dict[str, object]:
    text = request.GET.get("text", "")
    number = request.GET.get("article", "")
    article = Article.objects.visible_to(request.user).public().with_texts().filter(number=number).first()
    if article:
        text = _("I read “%(title)s” and it did not help.") % {"title": article.title} + "\n\n"
    return {"text": text, "once": once.fresh(), "product": request.GET.get("product", "")}


def _asked(request: HttpRequest, form: NewRequestForm, given: QueryDict | None = None) -> FieldsForm:
    """The fields that customers fill in for the kind of request that is chosen."""
    chosen = str(form["type"].value() or request.GET.get("type", ""))
    offered = TicketType.objects.filter(is_offered=True, is_active=True)
    kind = (offered.filter(pk=chosen) if chosen.isdecimal() else offered).first()
    fields = fields_of(kind, audience=[TicketField.Audience.WRITE]) if kind else []
    return FieldsForm(fields, given, user=customer(request))


def _show(request: HttpRequest, form: NewRequestForm, asked: FieldsForm, *, status: int = 200) -> HttpResponse:
    user = customer(request)
    text = str(form["text"].value() or "")
    kinds = list(form.fields["type"].queryset[:1])  # type: ignore[attr-defined]
    context = {
        "section": "requests",
        "form": form,
        "fields_form": asked,
        "first_answer_by": intake.first_answer_by(user, kinds[0], "normal", clock.now()) if kinds else None,
        **_tips(request, text),
    }
    return page(request, "request_new.html", context, status=status)
