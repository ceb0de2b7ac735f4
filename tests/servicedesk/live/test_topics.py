"""Who may listen to what."""

import pytest
from django.contrib.auth.models import AnonymousUser

from crmcore.models import User
from servicedesk.live.topics import Listener, listener_for, may_listen
from tests.cast import Cast, make_cast
from tickets.actions.defaults import ensure_ticket_defaults
from tickets.actions.lifecycle import open_ticket
from tickets.models import Ticket, TicketType


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    ensure_ticket_defaults()
    return open_ticket(
        by=None,
        subject="No signal",
        type=TicketType.objects.get(code="repair"),
        queue=cast.support_queue,
        account=cast.account,
        contact=cast.account.contacts.get(),
        channel="portal",
    )


def hears(user: User | AnonymousUser, topic: str) -> bool:
    return may_listen(Listener(user), topic)


def test_everybody_hears_themselves_and_agents_nobody_else(cast: Cast) -> None:
    assert hears(cast.mei, f"agent:{cast.mei.pk}")
    assert not hears(cast.mei, f"agent:{cast.omar.pk}")


def test_a_supervisor_hears_the_agents_of_their_teams(cast: Cast) -> None:
    assert hears(cast.sun, f"agent:{cast.mei.pk}")
    assert not hears(cast.sun, f"agent:{cast.omar.pk}")


def test_a_ticket_is_heard_by_those_who_may_see_it(cast: Cast, ticket: Ticket) -> None:
    topic = f"ticket:{ticket.pk}"
    assert [hears(user, topic) for user in (cast.mei, cast.omar, cast.sun, cast.ada)] == [True, False, True, True]


def test_a_customer_hears_only_their_own_contact(cast: Cast, ticket: Ticket) -> None:
    assert hears(cast.zhao, f"contact:{cast.zhao.contact_id}")
    others = (f"contact:{cast.zhao.contact_id + 1}", f"ticket:{ticket.pk}", f"queue:{cast.support_queue.pk}", "board")  # type: ignore[operator]
    assert not any(hears(cast.zhao, topic) for topic in others)


@pytest.mark.parametrize(
    "topic", ["", "ticket", "ticket:", "ticket:x", "ticket:１", "session:1", "board:1", "agent:-1"]
)
def test_malformed_topics_are_denied(cast: Cast, topic: str) -> None:
    assert not hears(cast.ada, topic)


def test_a_wrong_wallboard_token_is_nobody(cast: Cast) -> None:
    assert listener_for(AnonymousUser(), "wrong").is_nobody
