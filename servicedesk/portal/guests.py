"""People without an account who track one request: which address belongs to it, and the session that a code opened."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

from crmcore import clock
from crmcore.actions.contact_points import stored_value
from crmcore.models import ContactPoint, User
from tickets.models import Category, Ticket, TicketMerge

LASTS = timedelta(hours=2)
_KEY = "portal_guest"


@dataclass(frozen=True)
class Claim:
    """What somebody says of themselves: the number of a request and an address, as they are compared."""

    number: str
    kind: str
    address: str

    @property
    def is_phone(self) -> bool:
        return self.kind == ContactPoint.Kind.PHONE


def read_claim(number: str, address: str) -> Claim:
    """Raises ValidationError for what is neither an e-mail address nor a telephone number."""
    kind = ContactPoint.Kind.EMAIL if "@" in address else ContactPoint.Kind.PHONE
    value = stored_value(kind, address, region=settings.DEFAULT_PHONE_REGION)
    return Claim("".join(number.split()).upper(), kind, value)


def ticket_of(claim: Claim) -> Ticket | None:
    """The request of this number if the address is its requester's own, shared with nobody."""
    rows = Ticket.objects.select_related("status", "contact", "queue", "type", "assignee", "account")
    ticket = rows.defer("search").filter(number=claim.number).first()
    if ticket is None or ticket.contact_id is None or not _is_shown(ticket):
        return None
    points = ContactPoint.objects.filter(kind=claim.kind, value=claim.address, is_shared=False)
    if points.filter(contact=ticket.contact_id).exists():
        return ticket
    users = User.objects.filter(contact=ticket.contact_id, email__iexact=claim.address, is_active=True)
    return ticket if not claim.is_phone and users.exists() else None


def open_session(request: HttpRequest, claim: Claim) -> None:
    """Let this browser see the one request, for two hours."""
    request.session.cycle_key()
    until = clock.now() + LASTS
    request.session[_KEY] = {
        "number": claim.number,
        "kind": claim.kind,
        "address": claim.address,
        "until": until.isoformat(),
    }


def go_on_with(request: HttpRequest, ticket: Ticket) -> None:
    """The guest's words began a request that follows: the session goes along."""
    request.session[_KEY] = {**request.session[_KEY], "number": ticket.number}


def close_session(request: HttpRequest) -> None:
    """Forget the request in this browser."""
    request.session.pop(_KEY, None)


def guest_ticket(request: HttpRequest, number: str) -> Ticket | None:
    """The request that this browser may see, if it is the one asked for and the address still belongs to it."""
    kept = request.session.get(_KEY)
    if not kept or kept["number"] != number:
        return None
    until = parse_datetime(kept["until"])
    if until is None or until <= clock.now():
        close_session(request)
        return None
    return ticket_of(Claim(kept["number"], kept["kind"], kept["address"]))


def _is_shown(ticket: Ticket) -> bool:
    """Void requests are gone; those that went into another one keep their number."""
    if ticket.status.category != Category.VOID:
        return True
    return TicketMerge.objects.filter(source=ticket, undone_at=None).exists()
