"""What the portal's tests share: the cast, a desk that can open tickets, two customers of one account."""

import pytest
from django.test import Client

from crmcore import clock
from crmcore.actions import people
from crmcore.models import AccountContact, Contact, Queue, User
from tests.cast import Cast, make_cast
from tickets.actions.defaults import ensure_ticket_defaults
from tickets.actions.lifecycle import open_ticket
from tickets.models import Ticket
from tickets.queries.wording import type_called


@pytest.fixture
def cast(db: None) -> Cast:
    made = make_cast()
    ensure_ticket_defaults()
    Queue.objects.filter(is_default=True).update(is_default=False)
    Queue.objects.filter(pk=made.support_queue.pk).update(is_default=True)
    made.support_queue.refresh_from_db()
    return made


@pytest.fixture
def zhao(client: Client, cast: Cast) -> Client:
    """A browser in which the customer Zhao is signed in."""
    client.force_login(cast.zhao)
    return client


@pytest.fixture
def stranger(cast: Cast) -> User:
    """A customer who has nothing to do with Zhao."""
    contact = Contact.objects.create(name="Lena Brandt", created_at=clock.now())
    return people.create_user("lena", name="Lena Brandt", password="pw", roles=["customer"], contact=contact, by=None)


@pytest.fixture
def colleague(cast: Cast) -> User:
    """A second person of Zhao's account who may not see the whole of it."""
    contact = Contact.objects.create(name="孙丽", created_at=clock.now())
    AccountContact.objects.create(account=cast.account, contact=contact)
    return people.create_user("sunli", name="孙丽", password="pw", roles=["customer"], contact=contact, by=None)


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """Zhao's request, as Zhao sent it."""
    return request_of(cast, cast.zhao, "The kitchen light flickers")


def request_of(cast: Cast, user: User, subject: str) -> Ticket:
    """A request that this customer sent."""
    return open_ticket(
        by=user,
        subject=subject,
        type=type_called("request"),
        queue=cast.support_queue,
        account=cast.account,
        contact=user.contact,
        channel="portal",
        body=f"{subject}. Please help.",
    )
