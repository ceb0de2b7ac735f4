"""The two ends of a written message, as each sort of channel knows them."""

from dataclasses import dataclass
from typing import Protocol

from django.db.models import QuerySet

from crmcore.models import Account, Contact, ContactPoint, Queue
from telephony.queries.caller_match import among
from telephony.queries.number_owners import holders_of
from telephony.text_states import TextChannel
from tickets.models import Ticket


@dataclass(frozen=True)
class OurEnd:
    """A number or account of ours: `address` is what the channel calls it. An empty language is the queue's."""

    address: str
    name: str
    queue: Queue
    language: str
    region: str = ""
    is_demo: bool = False


class Ends(Protocol):
    """Who can be reached by a sort of channel, and from where."""

    def called(self, address: str) -> OurEnd | None:
        """What customers write to under this address."""
        ...

    def read(self, raw: str, region: str) -> str:
        """A customer's address as it is stored; `region` reads numbers without a country code."""
        ...

    def chosen(self, channel: TextChannel, *, is_demo: bool | None, queue: Queue | None, ours: str) -> OurEnd | None:
        """From where to write: `ours` where that is still in use, else, where that can be, one of `queue` or any."""
        ...

    def address_of(self, ticket: Ticket) -> str:
        """Where the requester of a ticket can be written to; empty where that is not known."""
        ...

    def is_made_up(self, theirs: str, ours: str) -> bool:
        """Whether nobody is there, as in the demo."""
        ...

    def is_unwanted(self, theirs: str) -> bool:
        """Whether somebody noted that the customer wants nothing there."""
        ...

    def writer(self, theirs: str) -> tuple[Contact | None, Account | None]:
        """Who writes from there; nobody where several could."""
        ...

    def shown(self, theirs: str) -> str:
        """The address as people read it."""
        ...


def only_holder(points: QuerySet[ContactPoint]) -> tuple[Contact | None, Account | None]:
    """Whose points these are, with the company they write for; nobody where several could be meant."""
    decision = among(holders_of(points))
    if decision is None:
        return None, None
    contact = Contact.objects.filter(pk=decision.contact_id).first() if decision.contact_id else None
    account = Account.objects.filter(pk=decision.account_id).first() if decision.account_id else None
    return contact, account
