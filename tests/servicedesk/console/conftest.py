"""A desk with one agent at the screen, a known customer, and the agent's browser."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client

from crmcore import models
from crmcore.actions.contact_points import NewPoint
from crmcore.actions.customers import create_account, create_contact, link_contact
from crmcore.models import Account, Contact, User
from crmcore.shipped_desk import install_desk
from tests.telephony.desk import Desk
from tickets.actions.defaults import ensure_ticket_defaults

DANA = "+12025550147"


@pytest.fixture
def desk(db: None, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[Any]]) -> Desk:
    install_desk(models)
    ensure_ticket_defaults()
    return Desk(django_capture_on_commit_callbacks)


@pytest.fixture
def mei(desk: Desk) -> User:
    return desk.new_agent("Mei")


@pytest.fixture
def ellery(desk: Desk) -> Account:
    return create_account(
        by=None, name="Port Ellery Logistics", kind="company", grade="A", time_zone="America/New_York"
    )


@pytest.fixture
def dana(ellery: Account) -> Contact:
    contact = create_contact(by=None, name="Dana Whitlock", points=[NewPoint("phone", DANA)])
    link_contact(ellery, contact, by=None, decision_role="decides", is_primary=True)
    return contact


@pytest.fixture
def browser(mei: User) -> Client:
    return signed_in(mei)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
