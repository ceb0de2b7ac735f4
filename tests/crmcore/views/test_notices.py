"""The page of notices and the bell that leads to it."""

import pytest
from django.test import Client

from crmcore.actions.notices import notify
from crmcore.models import Notice, NoticeKind
from crmcore.queries.notices import unread_count
from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def test_a_person_reads_their_own_notices_only(cast: Cast, client: Client) -> None:
    notify(cast.mei, NoticeKind.MENTION, "Sun asks for you", url="/tickets/")
    client.force_login(cast.sun)
    assert "Sun asks for you" not in client.get("/notifications/").text
    client.force_login(cast.mei)
    assert "Sun asks for you" in client.get("/notifications/").text


def test_following_a_notice_reads_it(cast: Cast, client: Client) -> None:
    notify(cast.mei, NoticeKind.MENTION, "Look", url="/tickets/?view=mine")
    client.force_login(cast.mei)
    answer = client.get(f"/notifications/{Notice.objects.get().pk}/")
    assert answer["Location"] == "/tickets/?view=mine"
    assert unread_count(cast.mei) == 0


def test_the_notice_of_another_does_not_exist(cast: Cast, client: Client) -> None:
    notify(cast.mei, NoticeKind.MENTION, "Look", url="/tickets/")
    client.force_login(cast.sun)
    assert client.get(f"/notifications/{Notice.objects.get().pk}/").status_code == 404


def test_customers_have_no_notices(cast: Cast, client: Client) -> None:
    client.force_login(cast.zhao)
    assert client.get("/notifications/").status_code == 403


def test_the_bell_counts_what_is_unread(cast: Cast, client: Client) -> None:
    notify(cast.mei, NoticeKind.MENTION, "Look", url="/tickets/")
    client.force_login(cast.mei)
    assert "1 unread notification" in client.get("/console/bar/").text
    client.post("/notifications/read/")
    assert "unread notification" not in client.get("/console/bar/").text


def test_older_notices_stand_on_the_next_page(cast: Cast, client: Client) -> None:
    for number in range(52):
        notify(cast.mei, NoticeKind.MENTION, f"Number {number}.", url="/tickets/")
    client.force_login(cast.mei)
    first = client.get("/notifications/").text
    assert "Number 2." in first
    assert "Number 1." not in first
    oldest = Notice.objects.get(text="Number 2.")
    assert "Number 1." in client.get(f"/notifications/?before={oldest.pk}").text
