"""What the tests of the ground floor share."""

import pytest
from django.test import Client

from crmcore.actions import customers
from crmcore.models import Account, User
from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    """Mei, Omar, Sun, Zhao and Ada."""
    return make_cast()


@pytest.fixture
def ellery(cast: Cast) -> Account:
    """A company that Mei looks after."""
    return customers.create_account(
        by=cast.mei, name="Port Ellery Logistics", owner=cast.mei, time_zone="America/New_York"
    )


def signed_in(user: User) -> Client:
    """A browser in which `user` has signed in."""
    client = Client()
    client.force_login(user)
    return client
