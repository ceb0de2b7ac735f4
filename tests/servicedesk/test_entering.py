"""The people of the demo come in only while the desk runs as a demo, and every page says that the data are made up."""

import pytest
from django.test import Client
from pytest_django import Settings

from crmcore.models import Queue, User
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db

LOGIN = "/account/login/"


@pytest.fixture
def cast() -> Cast:
    """Mei is a person of the demo, the others are not."""
    cast = make_cast()
    cast.mei.is_demo = True
    User.objects.filter(pk=cast.mei.pk).update(is_demo=True)
    return cast


@pytest.fixture
def demo_queue(cast: Cast) -> None:
    Queue.objects.filter(pk=cast.billing_queue.pk).update(is_demo=True)


def closed(settings: Settings) -> None:
    settings.DEMO = settings.DEBUG = False


def test_a_demo_person_is_refused_with_the_reason(client: Client, cast: Cast, settings: Settings) -> None:
    closed(settings)
    answer = client.post(LOGIN, {"login": "mei", "password": "pw"}, follow=True)
    assert (answer.status_code, "_auth_user_id" in client.session) == (403, False)
    assert "DEMO=1" in answer.content.decode()


def test_a_wrong_password_learns_nothing_of_the_demo(client: Client, cast: Cast, settings: Settings) -> None:
    closed(settings)
    assert "DEMO=1" not in client.post(LOGIN, {"login": "mei", "password": "no"}, follow=True).content.decode()


def test_a_session_ends_with_the_demo(client: Client, cast: Cast, settings: Settings) -> None:
    client.force_login(cast.mei)
    assert client.get("/console/").status_code == 200
    closed(settings)
    assert client.get("/console/").status_code == 302


@pytest.mark.parametrize("setting", ["DEMO", "DEBUG"])
def test_a_demo_person_enters_a_demo(client: Client, cast: Cast, settings: Settings, setting: str) -> None:
    closed(settings)
    setattr(settings, setting, True)
    client.post(LOGIN, {"login": "mei", "password": "pw"})
    assert "_auth_user_id" in client.session


def test_people_of_your_own_always_enter(client: Client, cast: Cast, settings: Settings) -> None:
    closed(settings)
    client.post(LOGIN, {"login": "omar", "password": "pw"})
    assert "_auth_user_id" in client.session


@pytest.mark.parametrize("path", ["/console/", "/console/bar/", "/portal/"])
def test_pages_say_that_the_data_are_made_up(client: Client, cast: Cast, demo_queue: None, path: str) -> None:
    client.force_login(cast.omar)
    assert "Demo data" in client.get(path).content.decode()


@pytest.mark.parametrize("path", ["/console/", "/portal/"])
def test_pages_say_nothing_where_the_data_are_your_own(client: Client, cast: Cast, path: str) -> None:
    client.force_login(cast.omar)
    assert "Demo data" not in client.get(path).content.decode()


def test_the_sign_in_page_offers_demo_people_only_where_they_may_enter(
    client: Client, demo_queue: None, settings: Settings
) -> None:
    assert "demo-desk" in client.get(LOGIN).content.decode()
    closed(settings)
    assert "demo-desk" not in client.get(LOGIN).content.decode()
