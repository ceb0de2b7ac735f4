"""A prospect becomes a customer: account, contact and opportunity in one step, re-using those that are there."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from crmcore import clock
from crmcore.actions import audit
from crmcore.actions.contact_points import Kind, NewPoint, add_point
from crmcore.actions.customers import create_account, create_contact, link_contact
from crmcore.actions.leads import announce
from crmcore.actions.opportunities import open_opportunity
from crmcore.models import Account, Contact, Lead, LeadState, User
from crmcore.queries.rights import reaches, require_reach


@dataclass(frozen=True)
class Conversion:
    """What becomes of a lead: the customer and the person that are re-used, None for new ones."""

    account: Account | None = None
    contact: Contact | None = None
    kind: str = Account.Kind.PERSON
    account_name: str = ""
    opportunity_name: str = ""
    amount_minor: int = 0
    currency: str = "CNY"
    close_on: Any = None


@transaction.atomic
def convert_lead(lead: Lead, wanted: Conversion, *, by: User | None) -> Lead:
    """Make a customer of the lead; again is no change, and answers what the first time made.

    Raises ValidationError for a lost or invalid one, PermissionDenied where the parts may not be written.
    """
    require_reach(by, "edit", lead)
    stored = Lead.objects.select_for_update(of=("self",)).get(pk=lead.pk)
    if stored.state == LeadState.CONVERTED:
        return stored
    if not stored.is_open:
        raise ValidationError(_("This lead has ended."))
    for used in filter(None, (wanted.account, wanted.contact)):
        require_reach(by, "view", used)
    account = wanted.account or _new_account(stored, wanted, by)
    contact = wanted.contact or _new_contact(stored, account, by)
    if contact is not None:
        _belong(account, contact, by)
        _add_points(stored, contact, by)
    opportunity = open_opportunity(
        by=by,
        name=wanted.opportunity_name or stored.label,
        account=account,
        contact=contact,
        amount_minor=wanted.amount_minor,
        currency=wanted.currency,
        close_on=wanted.close_on,
        source=stored.source.name[:40],
        is_demo=stored.is_demo,
    )
    stored.account, stored.contact, stored.opportunity = account, contact, opportunity
    stored.state, stored.closed_at = LeadState.CONVERTED, clock.now()
    stored.save(update_fields=["account", "contact", "opportunity", "state", "closed_at"])
    _note(stored, wanted, by)
    announce(stored)
    return stored


def _note(lead: Lead, wanted: Conversion, by: User | None) -> None:
    detail = {
        "account": lead.account_id,
        "contact": lead.contact_id,
        "opportunity": lead.opportunity_id,
        "account_was_new": wanted.account is None,
        "contact_was_new": wanted.contact is None,
    }
    audit.record("lead.converted", lead, by=by, detail=detail)


def _new_account(lead: Lead, wanted: Conversion, by: User | None) -> Account:
    name = wanted.account_name.strip() or lead.employer or lead.label
    return create_account(
        by=by,
        name=name,
        kind=wanted.kind,
        address=lead.address,
        language=lead.language,
        source=lead.source,
        is_demo=lead.is_demo,
        owner=by,
    )


def _new_contact(lead: Lead, account: Account, by: User | None) -> Contact | None:
    """A person of the new customer; nobody where the card names nobody, or the customer may not be changed."""
    if not lead.name or (by is not None and not reaches(by, "edit", account)):
        return None
    return create_contact(
        by=by,
        name=lead.name,
        account=account,
        title=lead.occupation,
        language=lead.language,
        points=_points(lead),
        is_demo=lead.is_demo,
    )


def _belong(account: Account, contact: Contact, by: User | None) -> None:
    if not account.memberships.filter(contact=contact).exists() and (by is None or reaches(by, "edit", account)):
        link_contact(account, contact, by=by)


def _add_points(lead: Lead, contact: Contact, by: User | None) -> None:
    """The lead's number and address find the person from now on; those that are there stay as they are."""
    if by is None or reaches(by, "edit", contact):
        for point in _points(lead):
            add_point(contact, point, by=by)


def _points(lead: Lead) -> list[NewPoint]:
    points = [(Kind.PHONE, lead.phone if lead.phone_value else ""), (Kind.EMAIL, lead.email_value)]
    return [NewPoint(kind, raw, source="lead") for kind, raw in points if raw]
