"""Calls that somebody should make, for the list and for a page of their own."""

from dataclasses import dataclass
from datetime import datetime

from crmcore import phone_numbers
from crmcore.models import User
from telephony.models import Callback, MissedCall
from telephony.queries.owed_calls import open_callbacks, open_missed
from tickets.queries.keyset import Order, Page, page_of

SHOWN = 5


@dataclass(frozen=True)
class Owed:
    """Somebody to be called: a missed caller, or a promise."""

    row: MissedCall | Callback

    @property
    def name(self) -> str:
        holder = self.row.contact or self.row.account
        return holder.name if holder else self.pretty

    @property
    def is_known(self) -> bool:
        return self.row.contact_id is not None or self.row.account_id is not None

    @property
    def company(self) -> str:
        account = self.row.account
        return account.name if account and self.row.contact and account.name != self.row.contact.name else ""

    @property
    def pretty(self) -> str:
        return phone_numbers.pretty(self.row.number)


def missed_calls(user: User, limit: int = SHOWN) -> list[Owed]:
    """The first missed callers."""
    return [Owed(row) for row in open_missed(user)[:limit]]


def promised_calls(user: User, limit: int = SHOWN) -> list[Owed]:
    """The next promises."""
    return [Owed(row) for row in open_callbacks(user)[:limit]]


def missed_page(user: User, at: str) -> Page[MissedCall]:
    """A page of all missed callers, the first to be lost first."""
    return page_of(open_missed(user), Order("first_at", ascending=True), at)


def is_late(callback: Callback, now: datetime) -> bool:
    """Whether the promised moment has passed."""
    return callback.due_at <= now
