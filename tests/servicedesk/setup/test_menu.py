"""The frame of the settings: who finds which pages."""

import pytest
from django.test import Client

from servicedesk.setup.menu import PAGES, pages_of
from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def test_every_page_of_the_menu_opens_for_an_administrator(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    assert pages_of(cast.ada) == list(PAGES)
    for page in PAGES:
        assert client.get(page.url).status_code == 200, page.url_name


def test_no_page_of_the_menu_opens_without_its_right(client: Client, cast: Cast) -> None:
    client.force_login(cast.mei)
    closed = [page for page in PAGES if page not in pages_of(cast.mei)]
    assert {client.get(page.url).status_code for page in closed} <= {403}


def test_no_page_of_the_menu_opens_for_strangers(client: Client, cast: Cast) -> None:
    for page in PAGES:
        assert client.get(page.url).status_code == 302, page.url_name


def test_whoever_has_one_page_is_led_straight_to_it(client: Client, cast: Cast) -> None:
    client.force_login(cast.mei)
    if len(pages_of(cast.mei)) == 1:
        assert client.get("/settings/").headers["Location"] == "/settings/you/"
