"""The operators' admin of telephony."""

import pytest
from django.test import Client
from django.urls import reverse

from crmcore.models import User
from telephony.models import CtiToken
from tests.telephony.desk import Desk


@pytest.fixture
def operator(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create(username="root", name="Root", is_staff=True, is_superuser=True))
    return client


def test_new_token_shows_its_address_once(desk: Desk, operator: Client) -> None:
    add = reverse("admin:telephony_ctitoken_add")
    page = operator.post(add, {"name": "Office exchange", "queue": desk.queue.pk}, follow=True)
    assert b"/telephony/cti/" in page.content
    token = CtiToken.objects.get()
    assert (token.name, token.queue) == ("Office exchange", desk.queue)
    again = operator.get(reverse("admin:telephony_ctitoken_change", args=[token.pk]))
    assert b"/telephony/cti/" not in again.content


@pytest.mark.parametrize("noun", ["call", "offer", "callevent", "providercommand"])
def test_what_actions_write_can_only_be_read(desk: Desk, operator: Client, noun: str) -> None:
    desk.new_agent("mei")
    desk.accept(desk.call())
    assert operator.get(reverse(f"admin:telephony_{noun}_changelist")).status_code == 200
    assert operator.get(reverse(f"admin:telephony_{noun}_add")).status_code == 403
