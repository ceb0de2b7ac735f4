"""Telling screens about customers."""

from crmcore import live
from crmcore.events import AccountChanged, ContactChanged
from crmcore.models import Account, Contact


def announce(customer: Account | Contact) -> None:
    """Let the screens of a customer, and those of a contact's accounts, look again."""
    if isinstance(customer, Account):
        announce_account(customer.pk)
        return
    live.publish(f"contact:{customer.pk}", ContactChanged(contact_id=customer.pk))
    for account_id in customer.memberships.values_list("account_id", flat=True):
        announce_account(account_id)


def announce_account(account_id: int) -> None:
    """Let the screens of one account look again."""
    live.publish(f"account:{account_id}", AccountChanged(account_id=account_id))
