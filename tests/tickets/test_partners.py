"""People of outside firms: their firm's visits and nothing else, whatever they try."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from crmcore import clock
from crmcore.actions.firms import add_firm_person, lock_firm_person
from crmcore.actions.people import issue_token
from crmcore.models import Account, Firm, Role, User
from crmcore.permissions import ACTIONS, NOUNS, may
from servicedesk.live.topics import Listener, may_listen
from servicedesk.middleware import PARTNER_DOORS
from tests.cast import Cast
from tests.tickets.conftest import at
from tests.tickets.field import NOW, PNG, window
from tests.tickets.field import order as order
from tickets.actions.dispatching import SlotTaken, cancel_order, give_order, write_order
from tickets.actions.field_work import decline, finish, go_on
from tickets.actions.visit_records import add_photo
from tickets.models import DispatchOrder, Ticket


@pytest.fixture
def firm(cast: Cast) -> Firm:
    return Firm.objects.create(code="roofers", name="Roofers", crews=1)


@pytest.fixture
def rita(cast: Cast, firm: Firm) -> User:
    add_firm_person(firm, by=cast.ada, username="rita", name="Rita")
    return User.objects.get(username="rita")


@pytest.fixture
def stranger(cast: Cast) -> User:
    other = Firm.objects.create(code="others", name="Others")
    add_firm_person(other, by=cast.ada, username="stranger", name="Stranger")
    return User.objects.get(username="stranger")


@pytest.fixture
def theirs(order: DispatchOrder, cast: Cast, firm: Firm) -> DispatchOrder:
    with clock.at(at(NOW)):
        return give_order(order, by=cast.mei, firm=firm, window=window("2026-01-05T10:00"))


def addresses(patterns: list[Any], before: str = "/") -> Iterator[str]:
    """Every address of the desk, numbers and names filled in."""
    for one in patterns:
        address = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, address)
        elif isinstance(one, URLPattern):
            yield "".join("1" if place % 2 else part for place, part in enumerate(_parts(address))).replace("^", "")


def _parts(address: str) -> list[str]:
    return address.replace(">", "<").split("<")


def test_every_address_but_their_own_is_closed(rita: User, client: Client) -> None:
    client.force_login(rita)
    tried = [one for one in addresses(get_resolver().url_patterns) if not one.startswith(PARTNER_DOORS) and one != "/"]
    assert len(tried) > 200
    assert {one: client.get(one).status_code for one in tried if client.get(one).status_code != 403} == {}
    assert client.get("/")["Location"] == "/partner/"


def test_no_role_opens_more_than_the_firm_has(rita: User) -> None:
    rita.roles.set(Role.objects.all())
    rita.is_superuser = True
    rita.save()
    rita = User.objects.get(pk=rita.pk)
    assert {noun for noun in NOUNS for action in ACTIONS if may(rita, noun, action)} == {"dispatch"}
    assert not Ticket.objects.visible_to(rita).exists()
    assert not Account.objects.visible_to(rita).exists()


def test_no_token_opens_the_api(rita: User, cast: Cast, client: Client) -> None:
    headers = {"Authorization": f"Bearer {issue_token(rita, 'x', by=cast.ada)}"}
    for noun in ("tickets", "accounts", "contacts", "interactions", "calls"):
        assert client.get(f"/api/v1/{noun}/", headers=headers).status_code in (401, 403)


def test_they_listen_to_themselves_and_their_firm(rita: User, firm: Firm, theirs: DispatchOrder, cast: Cast) -> None:
    heard = Listener(rita)
    assert may_listen(heard, f"firm:{firm.pk}")
    assert may_listen(heard, f"agent:{rita.pk}")
    closed = [f"ticket:{theirs.ticket_id}", "field", "board", f"firm:{firm.pk + 1}", f"agent:{cast.mei.pk}"]
    closed += [f"queue:{cast.support_queue.pk}", f"account:{cast.account.pk}", f"contact:{cast.zhao.contact_id}"]
    assert [topic for topic in closed if may_listen(heard, topic)] == []


def test_a_firm_sees_its_own_visits_only(theirs: DispatchOrder, rita: User, stranger: User, client: Client) -> None:
    assert list(DispatchOrder.objects.visible_to(rita)) == [theirs]
    assert not DispatchOrder.objects.visible_to(stranger).exists()
    client.force_login(stranger)
    for part in ("", "head/"):
        assert client.get(f"/field/{theirs.number}/{part}").status_code == 404
    for part in ("step", "photos", "costs", "done", "decline", "check", "failed", "signature"):
        assert client.post(f"/field/{theirs.number}/{part}/", {"to": "accepted"}).status_code == 404


def test_the_page_of_a_visit_tells_nothing_more_of_the_customer(
    theirs: DispatchOrder, rita: User, client: Client
) -> None:
    client.force_login(rita)
    page = client.get(f"/field/{theirs.number}/").content.decode()
    assert "Change the pump" in page
    assert theirs.ticket.number not in page
    assert "Washing machine shows E3" not in page


def test_they_plan_and_write_nothing(theirs: DispatchOrder, rita: User, firm: Firm, client: Client) -> None:
    with pytest.raises(PermissionDenied):
        write_order(theirs.ticket, by=rita, task="More")
    with pytest.raises(PermissionDenied):
        give_order(theirs, by=rita, firm=firm, window=window("2026-01-05T14:00"))
    with pytest.raises(PermissionDenied):
        cancel_order(theirs, by=rita, reason="No")
    client.force_login(rita)
    for part in ("plan/", "give/", "book/", "cancel/"):
        assert client.post(f"/field/{theirs.number}/{part}").status_code in (403, 404, 405)
    assert client.get("/field/board/").status_code == 403
    assert client.get("/field/new/?ticket=1").status_code == 403


@pytest.mark.usefixtures("files")
def test_the_whole_visit_by_a_firm(theirs: DispatchOrder, rita: User) -> None:
    order = theirs
    for state in ("accepted", "on_way", "on_site"):
        order = go_on(order, state, by=rita)
    assert order.technician == rita
    add_photo(order, by=rita, name="roof.png", data=PNG)
    assert finish(order, by=rita, result="Tiles replaced").state == "done"
    assert order.ticket.interactions.filter(body="Tiles replaced", by=rita).exists()


def test_a_declined_visit_leaves_no_time_taken(theirs: DispatchOrder, rita: User, cast: Cast, firm: Firm) -> None:
    decline(theirs, by=rita, reason="Too far")
    other = write_order(theirs.ticket, by=cast.mei, task="Another")
    assert give_order(other, by=cast.mei, firm=firm, window=window("2026-01-05T10:00")).firm == firm


def test_a_firm_makes_no_more_visits_at_once_than_it_has_crews(theirs: DispatchOrder, cast: Cast, firm: Firm) -> None:
    other = write_order(theirs.ticket, by=cast.mei, task="Another")
    with pytest.raises(SlotTaken):
        give_order(other, by=cast.mei, firm=firm, window=window("2026-01-05T11:00"))
    Firm.objects.update(crews=2)
    assert give_order(other, by=cast.mei, firm=firm, window=window("2026-01-05T11:00")).firm == firm


def test_a_visit_taken_away_or_a_retired_firm_shows_nothing(
    theirs: DispatchOrder, rita: User, cast: Cast, firm: Firm
) -> None:
    Firm.objects.update(is_active=False)
    assert not DispatchOrder.objects.visible_to(rita).exists()
    Firm.objects.update(is_active=True)
    give_order(theirs, by=cast.mei)
    assert not DispatchOrder.objects.visible_to(rita).exists()
    with pytest.raises(PermissionDenied):
        go_on(theirs, "accepted", by=rita)


def test_locked_out_people_see_nothing(theirs: DispatchOrder, rita: User, cast: Cast, client: Client) -> None:
    client.force_login(rita)
    lock_firm_person(rita, locked=True, by=cast.ada)
    assert client.get("/field/").status_code == 302
    with pytest.raises(PermissionDenied):
        lock_firm_person(rita, locked=False, by=cast.mei)


def test_nobody_of_a_firm_is_staff_or_a_customer(rita: User, cast: Cast) -> None:
    for kind, contact in (("staff", None), ("portal", cast.zhao.contact), ("partner", cast.zhao.contact)):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(pk=rita.pk).update(kind=kind, contact=contact)
