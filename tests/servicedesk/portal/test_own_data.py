"""Password, own data and its deletion: only for who has just proved who they are."""

from datetime import timedelta

import orjson
import pytest
from django.test import Client

from crmcore import clock
from crmcore.actions.one_time_codes import digits_of
from crmcore.models import AuditEntry, OneTimeCode, User
from tests.cast import Cast
from tests.servicedesk.portal.conftest import request_of
from tickets.actions.replies import add_note, reply
from tickets.models import Ticket

SECRET = "a-long-Secret-77"
DATA = "/portal/profile/data/"


def prove(client: Client) -> int:
    """Ask for a code and type it in."""
    client.post("/portal/profile/prove/")
    code = OneTimeCode.objects.latest("pk")
    return client.post("/portal/profile/prove/", {"code": digits_of(code)}).status_code


@pytest.mark.parametrize("path", ["", "download/", "delete/"])
def test_without_a_proof_nothing_is_shown_or_done(zhao: Client, cast: Cast, path: str) -> None:
    for answer in (zhao.get(DATA + path), zhao.post(DATA + path, {"new_password1": SECRET, "new_password2": SECRET})):
        assert answer.status_code in (302, 405)
    cast.zhao.refresh_from_db()
    assert cast.zhao.check_password("pw")
    assert not Ticket.objects.exists()


def test_the_proof_holds_for_ten_minutes(zhao: Client) -> None:
    assert prove(zhao) == 302
    assert zhao.get(DATA).status_code == 200
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert zhao.get(DATA)["Location"] == "/portal/profile/prove/"


def test_the_code_of_another_proves_nothing(zhao: Client, cast: Cast, stranger: User) -> None:
    User.objects.filter(pk=stranger.pk).update(email="lena@example.org")
    other = Client()
    other.force_login(stranger)
    other.post("/portal/profile/prove/")
    theirs = OneTimeCode.objects.get()
    session = zhao.session
    session["portal_proof"] = theirs.pk
    session.save()
    assert zhao.post("/portal/profile/prove/", {"code": digits_of(theirs)}).status_code == 422


def test_the_password_is_changed_and_this_browser_stays(zhao: Client, cast: Cast) -> None:
    elsewhere = Client()
    elsewhere.force_login(cast.zhao)
    prove(zhao)
    assert zhao.post(DATA, {"new_password1": SECRET, "new_password2": SECRET}).status_code == 302
    cast.zhao.refresh_from_db()
    assert cast.zhao.check_password(SECRET)
    assert zhao.get("/portal/requests/").status_code == 200
    assert elsewhere.get("/portal/requests/").status_code == 302


def test_a_weak_password_is_refused(zhao: Client, cast: Cast) -> None:
    prove(zhao)
    assert zhao.post(DATA, {"new_password1": "123", "new_password2": "123"}).status_code == 422


def test_the_file_holds_what_is_theirs_and_nothing_of_the_desks(
    zhao: Client, cast: Cast, colleague: User, ticket: Ticket
) -> None:
    reply(ticket, by=cast.mei, body="We come on Monday")
    add_note(ticket, by=cast.mei, body="Sounds angry")
    request_of(cast, colleague, "Of a colleague")
    prove(zhao)
    answer = zhao.post(f"{DATA}download/")
    found = orjson.loads(answer.content)
    assert found["person"]["email"] == "zhao@example.com"
    assert [one["number"] for one in found["requests"]] == [ticket.number]
    text = answer.content.decode()
    assert "We come on Monday" in text
    assert "Sounds angry" not in text
    assert AuditEntry.objects.filter(verb="user.data_exported").count() == 1


def test_the_wish_to_be_forgotten_is_one_request(zhao: Client, cast: Cast) -> None:
    prove(zhao)
    first, second = (zhao.post(f"{DATA}delete/")["Location"] for _ in range(2))
    ticket = Ticket.objects.get()
    assert first == second == f"/portal/requests/{ticket.number}/"
    assert [tag.name for tag in ticket.tags.all()] == ["data-deletion"]
