"""Customers and people that may be the prospect of a lead, with what speaks for it."""

from dataclasses import dataclass

from crmcore.models import Account, Contact, ContactPoint, Lead, User
from crmcore.queries.duplicates import Suspect, profile, suspects
from crmcore.queries.leads import Twin, twins_of


@dataclass(frozen=True)
class Matches:
    """The likeliest of each, the likeliest first."""

    accounts: list[Suspect]
    contacts: list[Suspect]
    leads: list[Twin]

    def __bool__(self) -> bool:
        return bool(self.accounts or self.contacts or self.leads)


def matches_of(lead: Lead, user: User, *, besides: int | None = None) -> Matches:
    """Whom a stored or merely typed lead may be, as far as `user` may see them. A person's account comes along."""
    points = _points(lead)
    contacts = suspects(Contact, profile(lead.name, points), name=lead.name, user=user)
    firm = lead.employer or lead.name
    typed = profile(firm, points, is_company=bool(lead.employer))
    accounts = suspects(Account, typed, name=firm, user=user)
    known = {found.customer.pk for found in accounts}
    for person in contacts:
        homes = Account.objects.visible_to(user).filter(memberships__contact=person.customer.pk, merged_into=None)
        accounts += [Suspect(home, person.likeness) for home in homes.exclude(pk__in=known)[:2]]
        known |= {found.customer.pk for found in accounts}
    other = twins_of(
        user,
        name=lead.name,
        employer=lead.employer,
        phone=lead.phone_value,
        email=lead.email_value,
        besides=besides or lead.pk,
    )
    return Matches(accounts, contacts, other)


def _points(lead: Lead) -> list[ContactPoint]:
    kinds = ((ContactPoint.Kind.PHONE, lead.phone_value), (ContactPoint.Kind.EMAIL, lead.email_value))
    return [ContactPoint(kind=kind, value=value) for kind, value in kinds if value]
