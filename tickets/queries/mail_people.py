"""Who writes and who is written to by e-mail."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from django.db.models import Q

from crmcore.models import Account, Contact, ContactPoint, User
from crmcore.text_search import fold
from tickets.mail.addresses import Address, folded, without_tag
from tickets.models import Mail, Mailbox, MailRecipient, Participant, Ticket
from tickets.queries.merged import parts_of


@dataclass(frozen=True)
class Writer:
    """Whom an address belongs to; both empty for somebody unknown."""

    contact: Contact | None = None
    account: Account | None = None

    @property
    def is_known(self) -> bool:
        return self.contact is not None or self.account is not None


def writer_of(email: str) -> Writer:
    """The contact with this address, active and not merged away, or the account whose address it is."""
    rows = ContactPoint.objects.filter(kind=ContactPoint.Kind.EMAIL, value=fold(email))
    found = rows.select_related("contact__merged_into", "account__merged_into").order_by("is_shared", "pk")
    writers = [writer for point in found if (writer := _holder(point)).is_known]
    return next((one for one in writers if one.contact), writers[0] if writers else Writer())


def own_addresses() -> frozenset[str]:
    """The addresses that the desk reads itself, retired ones too."""
    return frozenset(Mailbox.objects.values_list("address", flat=True))


def is_own(email: str, own: frozenset[str]) -> bool:
    """Whether mail to this address comes back to us, whatever follows its plus sign."""
    return email in own or without_tag(email) in own


def is_staff(email: str) -> bool:
    return User.objects.filter(email__iexact=email, kind=User.Kind.STAFF, is_active=True).exists()


def requester_address(ticket: Ticket) -> Address | None:
    """Where the requester is written to: whence they wrote last on this ticket, else their own address."""
    return requester_beside(ticket, ticket.participants.all())


def requester_beside(ticket: Ticket, participants: Iterable[Participant]) -> Address | None:
    """The same where everybody who is or was on Cc is known."""
    name = ticket.requester
    written = Mail.objects.filter(ticket=ticket, direction=Mail.Direction.IN, side=None, is_outsider=False)
    if ticket.contact_id:
        written = written.filter(interaction__contact=ticket.contact_id)
    latest = written.exclude(interaction=None).order_by("-pk").values_list("sender", flat=True)
    cc = {one.email for one in participants}
    email = next((one for one in latest[:20] if one not in cc), "")
    point = None if email else _own_point(ticket)
    email = email or (folded(point.raw) if point else "")
    return Address(email, name) if email else None


def belongs(ticket: Ticket, email: str, writer: Writer) -> bool:
    """Whether somebody is part of a ticket's conversation: a requester, somebody on Cc, or written to by us."""
    parts = Ticket.objects.filter(pk__in=parts_of(ticket))
    people = set(parts.values_list("contact_id", flat=True)) - {None}
    if writer.contact and writer.contact.pk in people:
        return True
    if not people and writer.account and parts.filter(account=writer.account).exists():
        return True
    rows = Participant.objects.filter(ticket__in=parts, email=email)
    if rows.exists():
        return rows.filter(is_active=True).exists()
    mails = Mail.objects.filter(ticket__in=parts, side=None)
    began = mails.filter(direction=Mail.Direction.IN, is_outsider=False).order_by("pk").first()
    if began is not None and began.sender == email and not people:
        return True
    to = MailRecipient.Role.TO
    return MailRecipient.objects.filter(
        mail__in=mails, mail__direction=Mail.Direction.OUT, role=to, email=email
    ).exists()


def _own_point(ticket: Ticket) -> ContactPoint | None:
    if ticket.contact_id is None and ticket.account_id is None:
        return None
    holder = Q(contact=ticket.contact_id) if ticket.contact_id else Q(account=ticket.account_id)
    points = ContactPoint.objects.filter(holder, kind=ContactPoint.Kind.EMAIL, opted_out=False)
    return points.order_by("-is_preferred", "pk").first()


def _holder(point: ContactPoint) -> Writer:
    if point.contact is not None:
        contact = cast(Contact, point.contact.merged_into or point.contact)
        return Writer(contact, account_of(contact)) if contact.is_active else Writer()
    account = cast(Account, point.account.merged_into or point.account) if point.account else None
    return Writer(None, account) if account is not None and account.is_active else Writer()


def account_of(contact: Contact) -> Account | None:
    """In whose name a person writes: where they are the main contact, else any."""
    rows = contact.memberships.filter(account__is_active=True, account__merged_into=None)
    membership = rows.select_related("account").order_by("-is_primary", "pk").first()
    return membership.account if membership else None
