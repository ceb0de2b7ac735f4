"""Taking the demo away."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from crmcore import clock
from crmcore.models import (
    Account,
    AuditEntry,
    Calendar,
    Contact,
    ContactPoint,
    NumberSequence,
    Opportunity,
    Queue,
    Region,
    Skill,
    Team,
    User,
    Wallboard,
)
from knowledgebase.models import Article, Category
from servicedesk.demo.active import is_active
from servicedesk.demo.clear import clear
from telephony.models import Call, CallFlow, PhoneLine
from tests.servicedesk.demo.conftest import Loaded
from tickets.models import Interaction, SlaClock, SlaPolicy, Ticket

pytestmark = pytest.mark.django_db

GONE = (
    Account, Contact, ContactPoint, Opportunity, User, Wallboard, Skill, Region, Article, Category,
    Call, CallFlow, PhoneLine, Ticket, Interaction, SlaClock, AuditEntry,
)  # fmt: skip


@pytest.fixture
def cleared(demo: Loaded) -> Iterator[dict[str, int]]:
    """Clear, and take the clearing back for the other tests."""
    with transaction.atomic():
        yield clear()
        transaction.set_rollback(True)


@pytest.fixture
def own_account(demo: Loaded) -> Iterator[Account]:
    """A customer who is no part of the demo."""
    with transaction.atomic():
        yield Account.objects.create(code="OWN-1", name="Our first customer", created_at=clock.now())
        transaction.set_rollback(True)


def test_all_that_was_loaded_goes(demo: Loaded, cleared: dict[str, int]) -> None:
    assert {noun: cleared[noun] for noun in demo.counts if noun != "call"} == {
        noun: number for noun, number in demo.counts.items() if noun != "call"
    }


def test_nothing_is_left(cleared: dict[str, int]) -> None:
    assert {model.__name__: model._default_manager.count() for model in GONE} == {model.__name__: 0 for model in GONE}


def test_the_shipped_desk_stands_as_before(cleared: dict[str, int]) -> None:
    assert Queue.objects.get().is_default
    assert Queue.objects.get().is_active
    assert not Team.objects.filter(is_demo=True).exists()
    assert not Calendar.objects.filter(code__startswith="demo-").exists()
    assert not NumberSequence.objects.filter(key__startswith="demo-").exists()
    assert SlaPolicy.objects.get().position == 0


def test_clearing_twice_finds_nothing(cleared: dict[str, int]) -> None:
    assert not any(clear().values())
    assert not is_active()


def test_what_is_your_own_stays(own_account: Account) -> None:
    clear()
    assert list(Account.objects.all()) == [own_account]
