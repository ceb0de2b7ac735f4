"""Letters of the desk: real servers get nothing for made-up people."""

import pytest
from django.core import mail
from pytest_django import Settings

from crmcore import clock
from crmcore.actions.letters import is_held, send_due_letters, write_letter
from crmcore.models import Account, Contact, ContactPoint, Letter, User

pytestmark = pytest.mark.django_db
REAL = "tests.practice_server.EmailBackend"


@pytest.fixture
def made_up(db: None) -> list[str]:
    """Addresses of the demo: of a person, of a company, of a sign-in, and of a domain that nobody reads."""
    contact = Contact.objects.create(name="Ann", created_at=clock.now(), is_demo=True)
    account = Account.objects.create(code="C-9", name="Linden", created_at=clock.now(), is_demo=True)
    ContactPoint.objects.create(contact=contact, kind="email", raw="Ann@kelwick.net", value="ann@kelwick.net")
    ContactPoint.objects.create(account=account, kind="email", raw="desk@linden.net", value="desk@linden.net")
    User.objects.create(username="bob", name="Bob", email="Bob@kelwick.net", is_demo=True)
    return ["Ann@kelwick.net", "desk@linden.net", "bob@kelwick.net", "eve@example.com"]


def test_a_real_server_gets_no_letter_for_made_up_people(made_up: list[str], settings: Settings) -> None:
    settings.EMAIL_BACKEND = REAL
    for address in [*made_up, "li@hotels.net"]:
        write_letter(address, "Hello", "Words")
    send_due_letters()
    assert [letter.to for letter in mail.outbox] == [["li@hotels.net"]]
    assert set(Letter.objects.filter(is_practice=True).values_list("to", flat=True)) == set(made_up)
    assert not Letter.objects.exclude(due_at=None).exists()
    assert send_due_letters() == 0


def test_what_stays_on_this_computer_is_written_for_everybody(made_up: list[str]) -> None:
    for address in made_up:
        write_letter(address, "Hello", "Words")
    send_due_letters()
    assert len(mail.outbox) == len(made_up)
    assert not Letter.objects.filter(is_practice=True).exists()


def test_codes_for_signing_in_are_held_too(made_up: list[str], settings: Settings) -> None:
    settings.EMAIL_BACKEND = REAL
    assert all(is_held(address) for address in made_up)
    assert not is_held("li@hotels.net")
