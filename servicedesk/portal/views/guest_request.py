"""A request by somebody without an account: the usual text, and an address to which the answer goes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from crmcore.actions.contact_points import NewPoint
from crmcore.actions.customers import create_contact
from crmcore.actions.letters import desk_url, write_letter
from crmcore.models import Contact, ContactPoint
from servicedesk.portal import intake, once
from servicedesk.portal.forms import GuestRequestForm
from servicedesk.portal.frame import customer_or_none, language_of, page
from servicedesk.portal.throttle import GUEST_REQUESTS, GUEST_REQUESTS_OF_ADDRESS
from tickets.actions.lifecycle import open_ticket
from tickets.models import Ticket
from tickets.queries.mail_outlets import answers_to
from tickets.queries.mail_people import writer_of

_NOBODY = 0


def write_to_us(request: HttpRequest) -> HttpResponse:
    """`/portal/write/`; who is signed in has a better form."""
    if customer_or_none(request) is not None:
        return redirect("portal:new-request")
    if request.method != "POST":
        return _show(request, GuestRequestForm(initial={"once": once.fresh()}))
    form = GuestRequestForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=422)
    email, token = form.cleaned_data["email"], form.cleaned_data["once"]
    if form.is_by_robot:
        return redirect("portal:track")
    if GUEST_REQUESTS.is_used_up(request) or GUEST_REQUESTS_OF_ADDRESS.is_used_up_by(email.casefold()):
        form.add_error(None, _("That is a lot of requests in one hour. Please wait a little, or call us"))
        return _show(request, form, status=429)
    if not once.claim(_NOBODY, token):
        return _to_tracking(once.made_before(_NOBODY, token))
    try:
        ticket = _open(request, form)
    except Exception:
        once.release(_NOBODY, token)
        raise
    once.settle(_NOBODY, token, ticket.number)
    _confirm(ticket, email)
    messages.success(request, _("We have your request. Its reference is %(number)s") % {"number": ticket.number})
    return _to_tracking(ticket.number)


def _open(request: HttpRequest, form: GuestRequestForm) -> Ticket:
    wanted, language = form.cleaned_data, language_of(request)
    queue = intake.queue_for(wanted["type"], language)
    if queue is None:
        raise RuntimeError("a desk without an active queue cannot take requests")
    writer = writer_of(wanted["email"])
    contact = writer.contact or _new_contact(wanted["name"], wanted["email"], language, is_demo=queue.is_demo)
    return open_ticket(
        by=None,
        subject=intake.subject_of(wanted["text"]),
        type=wanted["type"],
        queue=queue,
        account=writer.account,
        contact=contact,
        channel=Ticket.Channel.PORTAL,
        body=wanted["text"],
    )


def _new_contact(name: str, email: str, language: str, *, is_demo: bool) -> Contact:
    point = NewPoint(ContactPoint.Kind.EMAIL, email, source="portal")
    return create_contact(by=None, name=name, points=[point], language=language, is_demo=is_demo)


def _confirm(ticket: Ticket, email: str) -> None:
    """Tell the writer the number. What they wrote is not repeated: anybody could have typed in this address."""
    where = desk_url(f"{reverse('portal:track')}?number={ticket.number}")
    words = _(
        "We have your request. Its number is %(number)s.\n\n"
        "To see how it stands, or to add something, open this page. We send you a code then:\n%(where)s"
    )
    facts = {"number": ticket.number, "where": where}
    reply_to, mark = answers_to(ticket)
    subject = f"{_('We have your request %(number)s') % facts} {mark}"
    write_letter(email, subject, words % facts, reply_to=reply_to, key=f"opened:{ticket.number}")


def _to_tracking(number: str) -> HttpResponse:
    return redirect(f"{reverse('portal:track')}?number={number}" if number else reverse("portal:track"))


def _show(request: HttpRequest, form: GuestRequestForm, *, status: int = 200) -> HttpResponse:
    return page(request, "guest_new.html", {"section": "requests", "form": form}, status=status)
