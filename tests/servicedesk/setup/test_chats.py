"""The rules of chats as administrators set them."""

import pytest
from django.test import Client

from tests.cast import Cast, make_cast
from tickets.models import ChatRules

GOOD = {
    "is_on": "on",
    "greeting": "Hello",
    "at_once": "4",
    "at_once_on_call": "1",
    "wait_limit": "3",
    "silence_limit": "20",
    "back_within": "0",
}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def ada(client: Client, cast: Cast) -> Client:
    client.force_login(cast.ada)
    return client


def test_the_rules_are_saved_in_seconds(ada: Client, cast: Cast) -> None:
    assert ada.post("/settings/chats/", {**GOOD, "queue": str(cast.billing_queue.pk)}).status_code == 302
    rules = ChatRules.current()
    assert (rules.at_once, rules.wait_limit_s, rules.queue, rules.takes_guests) == (4, 180, cast.billing_queue, False)


def test_more_beside_a_call_than_without_is_refused(ada: Client) -> None:
    answer = ada.post("/settings/chats/", {**GOOD, "at_once_on_call": "5"})
    assert answer.status_code == 422
    assert "Not more than without a call" in answer.content.decode()
    assert not ChatRules.objects.exists()


def test_agents_do_not_set_them(client: Client, cast: Cast) -> None:
    client.force_login(cast.mei)
    assert client.post("/settings/chats/", GOOD).status_code == 403
