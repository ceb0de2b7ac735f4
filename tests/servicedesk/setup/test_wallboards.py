"""Wallboards on their page: made, shown, given another address, removed."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from crmcore.actions import wallboards
from crmcore.models import AuditEntry, Wallboard
from servicedesk.live.topics import listener_again, listener_for
from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def ada(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.ada)
    return client


@pytest.fixture
def hall(cast: Cast) -> Wallboard:
    board = Wallboard(name="Hall", name_zh="大厅", language="en")
    wallboards.save_wallboard(board, [cast.support_queue], by=cast.ada)
    return board


def save(client: Client, board: Wallboard | None = None, **fields: Any) -> Any:
    address = reverse("setup:wallboard", args=[board.pk]) if board else reverse("setup:new_wallboard")
    return client.post(address, {"name": "Hall", "language": "en"} | fields)


def shown(board: Wallboard) -> Any:
    return Client().get(reverse("wallboard:page", args=[board.token]))


def test_supervisors_and_agents_are_refused(client: Client, cast: Cast, hall: Wallboard) -> None:
    for user in (cast.sun, cast.mei):
        client.force_login(user)
        assert client.get(reverse("setup:wallboards")).status_code == 403
        for act in ("renew_wallboard", "remove_wallboard"):
            assert client.post(reverse(f"setup:{act}", args=[hall.pk])).status_code == 403


def test_saving_leads_to_an_address_that_opens_for_strangers(ada: Client, cast: Cast) -> None:
    answer = save(ada, queues=[cast.support_queue.pk, cast.billing_queue.pk])
    board = Wallboard.objects.get()
    assert answer.headers["Location"] == reverse("setup:wallboard", args=[board.pk])
    assert f"http://testserver/wallboard/{board.token}/" in ada.get(answer.headers["Location"]).text
    assert shown(board).status_code == 200
    assert set(board.queues.all()) == {cast.support_queue, cast.billing_queue}


def test_screen_speaks_the_language_that_was_chosen_for_it(ada: Client, cast: Cast) -> None:
    save(ada, name_zh="大厅", language="zh-hans", queues=[cast.support_queue.pk])
    page = shown(Wallboard.objects.get()).text
    assert 'lang="zh-hans"' in page
    assert "大厅" in page


def test_wallboard_without_queues_is_not_saved(ada: Client) -> None:
    answer = save(ada)
    assert answer.status_code == 422
    assert "Choose at least one queue." in answer.text
    assert not Wallboard.objects.exists()


def test_changing_keeps_the_address_even_when_it_was_renewed_meanwhile(cast: Cast, hall: Wallboard) -> None:
    old = Wallboard.objects.get()
    wallboards.renew_key(hall, by=cast.ada)
    old.name = "Foyer"
    wallboards.save_wallboard(old, [cast.billing_queue], by=cast.ada)
    stored = Wallboard.objects.get()
    assert (stored.name, stored.token) == ("Foyer", hall.token)
    assert list(stored.queues.all()) == [cast.billing_queue]


def test_new_address_ends_the_old_one(ada: Client, hall: Wallboard) -> None:
    listening = listener_for(AnonymousUser(), hall.token)
    ada.post(reverse("setup:renew_wallboard", args=[hall.pk]))
    assert shown(hall).status_code == 404
    assert listener_again(listening).is_nobody
    assert shown(Wallboard.objects.get()).status_code == 200


def test_removing_twice_removes_once(ada: Client, hall: Wallboard) -> None:
    for _click in range(2):
        answer = ada.post(reverse("setup:remove_wallboard", args=[hall.pk]))
        assert answer.headers["Location"] == reverse("setup:wallboards")
    assert not Wallboard.objects.exists()
    assert AuditEntry.objects.filter(verb="wallboard.removed").count() == 1


def test_list_takes_the_same_number_of_queries_for_many(
    ada: Client, cast: Cast, hall: Wallboard, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        wallboards.save_wallboard(Wallboard(name=f"Wall {number}"), [cast.support_queue], by=cast.ada)
    with django_assert_max_num_queries(12):
        page = ada.get(reverse("setup:wallboards"))
    assert page.text.count("/wallboard/") == 6


def test_board_of_supervisors_leads_to_every_wallboard(client: Client, cast: Cast, hall: Wallboard) -> None:
    other = Wallboard(name="Foyer")
    wallboards.save_wallboard(other, [cast.billing_queue], by=cast.ada)
    client.force_login(cast.sun)
    page = client.get(reverse("supervisor:board")).text
    assert hall.token in page
    assert other.token in page
