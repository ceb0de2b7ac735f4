"""Companies that customers administer on the portal, and the people in them."""

from dataclasses import dataclass

from django.db.models import QuerySet

from crmcore import clock
from crmcore.models import Account, AccountContact, Invitation, User


@dataclass(frozen=True)
class Colleague:
    """Somebody of the company; `user` is None for who has no sign-in."""

    name: str
    title: str
    user: User | None
    is_admin: bool


def administered(user: User) -> QuerySet[Account]:
    """The companies that a customer administers; none once they are switched off."""
    if not user.is_portal or not user.is_active:
        return Account.objects.none()
    memberships = AccountContact.objects.filter(contact=user.contact_id, is_portal_admin=True)
    return Account.objects.filter(pk__in=memberships.values("account_id"), is_active=True).order_by("name", "pk")


def administers(user: User, account: Account) -> bool:
    """Whether a customer administers this company."""
    return administered(user).filter(pk=account.pk).exists()


def colleagues(account: Account) -> list[Colleague]:
    """The people of a company, by name."""
    rows = AccountContact.objects.filter(account=account, contact__is_active=True, contact__merged_into=None)
    rows = rows.select_related("contact").prefetch_related("contact__users").order_by("contact__name", "pk")
    return [
        Colleague(row.contact.name, row.contact.title, next(iter(row.contact.users.all()), None), row.is_portal_admin)
        for row in rows
    ]


def open_invitations(account: Account) -> QuerySet[Invitation]:
    """Those that wait for an answer."""
    rows = Invitation.objects.filter(account=account, accepted_at=None, withdrawn_at=None)
    return rows.filter(expires_at__gt=clock.now()).order_by("-created_at")
