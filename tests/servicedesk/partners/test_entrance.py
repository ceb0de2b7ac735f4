"""The entrance of outside firms: each operation works where it was given and is refused where it was not."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from crmcore.actions.people import issue_token
from crmcore.models import Firm, User
from knowledgebase.models import Article
from tests.cast import Cast
from tests.servicedesk.partners.conftest import EVERYTHING
from tests.tickets.field import PNG
from tickets.models import Category, DispatchOrder, FailureReason, Ticket
from tickets.queries.wording import status_in

Attempt = Callable[[Client, DispatchOrder], bool]


def _got(client: Client, address: str, words: str = "") -> bool:
    answer = client.get(address)
    return answer.status_code == 200 and words in answer.content.decode()


def _posted(client: Client, address: str, data: dict[str, object]) -> bool:
    return client.post(address, data).status_code == 302


def _write(client: Client, order: DispatchOrder, data: dict[str, object]) -> bool:
    return _posted(client, f"/partner/tickets/{order.ticket.number}/write/", data)


def _status(client: Client, order: DispatchOrder) -> bool:
    data = {"status": status_in(Category.ON_HOLD).pk}
    return _posted(client, f"/partner/tickets/{order.ticket.number}/status/", data)


def _vote(client: Client, _order: DispatchOrder) -> bool:
    return _posted(client, f"/partner/articles/{Article.objects.get().number}/vote/", {"helpful": "yes"})


def _fail(client: Client, order: DispatchOrder) -> bool:
    failure = FailureReason.objects.get_or_create(code="shut", defaults={"name": "Shut"})[0]
    return _posted(client, f"/field/{order.number}/failed/", {"failure": failure.pk})


def _cost(client: Client, order: DispatchOrder) -> bool:
    data = {"key": "3f0e8f3a-5a33-4a30-8f43-0f7f3a5a334a", "kind": "part", "name": "Tile", "quantity": 1, "price": "2"}
    return _posted(client, f"/field/{order.number}/costs/", data)


def _file() -> dict[str, object]:
    return {"files": SimpleUploadedFile("roof.png", PNG)}


ATTEMPTS: dict[str, Attempt] = {
    "visits.see": lambda client, order: _got(client, f"/field/{order.number}/", order.task),
    "visits.work": lambda client, order: _posted(client, f"/field/{order.number}/step/", {"to": "on_way"}),
    "visits.photos": lambda client, order: _posted(client, f"/field/{order.number}/photos/", _file()),
    "visits.costs": _cost,
    "visits.finish": _fail,
    "tickets.see": lambda client, order: _got(client, f"/partner/tickets/{order.ticket.number}/", order.ticket.subject),
    "tickets.conversation": lambda client, order: _got(
        client, f"/partner/tickets/{order.ticket.number}/", "We send somebody"
    ),
    "tickets.comment": lambda client, order: _write(client, order, {"body": "Tiles ordered"}),
    "tickets.files": lambda client, order: _write(client, order, _file()),
    "tickets.status": _status,
    "tickets.solve": lambda client, order: _posted(client, f"/partner/tickets/{order.ticket.number}/solve/", {}),
    "articles.see": lambda client, _order: _got(client, "/partner/articles/?q=tiles", "Loose tiles"),
    "articles.vote": _vote,
    "products.see": lambda client, _order: _got(client, "/partner/products/?serial=wm-12345", "Washing machine"),
    "products.history": lambda client, order: _got(client, "/partner/products/?serial=WM12345", f">{order.number}</a>"),
}


def test_every_operation_is_attempted() -> None:
    assert list(ATTEMPTS) == EVERYTHING


@pytest.mark.usefixtures("tiles")
@pytest.mark.parametrize("key", EVERYTHING)
def test_an_operation_is_refused_unless_given(key: str, door: Client, firm: Firm, theirs: DispatchOrder) -> None:
    Firm.objects.update(allowed=[one for one in EVERYTHING if one != key])
    assert not ATTEMPTS[key](door, theirs)


@pytest.mark.usefixtures("tiles")
@pytest.mark.parametrize("key", EVERYTHING)
def test_an_operation_without_its_module_is_refused(key: str, door: Client, firm: Firm, theirs: DispatchOrder) -> None:
    see = f"{key.partition('.')[0]}.see"
    Firm.objects.update(allowed=[one for one in EVERYTHING if one != see])
    assert not ATTEMPTS[key](door, theirs)


@pytest.mark.usefixtures("tiles")
@pytest.mark.parametrize("key", EVERYTHING)
def test_an_operation_works_with_its_module_alone(key: str, door: Client, firm: Firm, theirs: DispatchOrder) -> None:
    # The firm's own visits to a product are visits: they need that module too.
    more = ["visits.see"] if key == "products.history" else []
    Firm.objects.update(allowed=[f"{key.partition('.')[0]}.see", key, *more])
    assert ATTEMPTS[key](door, theirs)


@pytest.mark.parametrize("module", ["visits", "tickets", "articles", "products"])
def test_the_start_page_shows_exactly_the_modules(module: str, door: Client, firm: Firm) -> None:
    addresses = {"visits": "/field/", "tickets": "/partner/tickets/"}
    addresses |= {"articles": "/partner/articles/", "products": "/partner/products/"}
    Firm.objects.update(allowed=[f"{module}.see"])
    page = door.get("/partner/").content.decode()
    assert {one for one, address in addresses.items() if f'href="{address}"' in page} == {module}


def test_a_firm_with_nothing_finds_that_said(door: Client, firm: Firm) -> None:
    Firm.objects.update(allowed=[])
    assert "Nothing is open to your firm" in door.get("/partner/").content.decode()


def test_notes_of_the_desk_and_the_customers_name_stay_inside(door: Client, theirs: DispatchOrder) -> None:
    page = door.get(f"/partner/tickets/{theirs.ticket.number}/").content.decode()
    assert "We send somebody" in page
    assert "Customer is difficult" not in page
    found = door.get("/partner/products/?serial=WM12345").content.decode()
    assert "赵敏" not in found
    assert "Cloud Garden" not in found


def test_tickets_of_others_and_of_declined_visits_do_not_exist(door: Client, theirs: DispatchOrder, rita: User) -> None:
    other = Ticket.objects.get(pk=theirs.ticket_id)
    for state in ("declined", "cancelled"):
        DispatchOrder.objects.filter(pk=theirs.pk).update(state=state, over_at=theirs.created_at)
        assert door.get(f"/partner/tickets/{other.number}/").status_code == 404
    DispatchOrder.objects.filter(pk=theirs.pk).update(state="planned", firm=None, over_at=None)
    assert not Ticket.objects.visible_to(rita).exists()


def test_a_form_sent_twice_is_one_note_with_one_file(door: Client, theirs: DispatchOrder, cast: Cast) -> None:
    Ticket.objects.filter(pk=theirs.ticket_id).update(assignee=cast.mei)
    for _again in range(2):
        assert _write(door, theirs, {"body": "Tiles ordered", "once": "a1", **_file()})
    entry = theirs.ticket.interactions.get(body="Tiles ordered")
    assert (entry.is_public, entry.channel, entry.attachments.count()) == (False, "note", 1)
    assert cast.mei.notices.filter(text__contains="Tiles ordered").count() == 1
    page = door.get(f"/partner/tickets/{theirs.ticket.number}/").content.decode()
    assert "roof.png" in page


def test_nothing_said_is_refused_with_a_reason(door: Client, theirs: DispatchOrder) -> None:
    answer = door.post(f"/partner/tickets/{theirs.ticket.number}/write/", {"body": " "})
    assert answer.status_code == 409
    assert "Write a few words first" in answer.content.decode()


def test_files_of_notes_are_handed_out_only_to_their_firm(
    door: Client, theirs: DispatchOrder, cast: Cast, client: Client
) -> None:
    _write(door, theirs, _file())
    file = theirs.ticket.attachments.get()
    assert door.get(f"/partner/files/{file.public_id}/").status_code == 200
    DispatchOrder.objects.filter(pk=theirs.pk).update(firm=Firm.objects.create(code="others", name="Others"))
    assert door.get(f"/partner/files/{file.public_id}/").status_code == 404


def test_statuses_at_an_end_are_not_set_by_the_way(door: Client, theirs: DispatchOrder) -> None:
    data = {"status": status_in(Category.CLOSED).pk}
    assert door.post(f"/partner/tickets/{theirs.ticket.number}/status/", data).status_code == 409
    theirs.ticket.refresh_from_db()
    assert theirs.ticket.is_active


def test_articles_for_staff_stay_theirs(door: Client, tiles: Article) -> None:
    Article.objects.update(audience="staff")
    assert door.get(f"/partner/articles/{tiles.number}/").status_code == 404
    assert "Loose tiles" not in door.get("/partner/articles/?q=tiles").content.decode()


def test_customers_do_not_read_articles_for_firms(client: Client, tiles: Article, cast: Cast) -> None:
    client.force_login(cast.zhao)
    assert client.get(f"/portal/help/{tiles.number}/").status_code == 404


def test_everybody_else_is_sent_home(client: Client, cast: Cast, theirs: DispatchOrder) -> None:
    for person in (cast.ada, cast.zhao):
        client.force_login(person)
        for address in ("/partner/", "/partner/tickets/", f"/partner/tickets/{theirs.ticket.number}/"):
            assert client.get(address)["Location"] == "/"


@pytest.mark.usefixtures("theirs")
def test_a_token_opens_no_tickets_to_a_firm(rita: User, cast: Cast, client: Client) -> None:
    headers = {"Authorization": f"Bearer {issue_token(rita, 'x', by=cast.ada)}"}
    for noun in ("tickets", "dispatch-orders", "articles"):
        assert client.get(f"/api/v1/{noun}/", headers=headers).status_code in (401, 403, 404)


def test_a_retired_firm_sees_nothing(door: Client, firm: Firm, theirs: DispatchOrder) -> None:
    Firm.objects.update(is_active=False)
    assert door.get("/field/").status_code == 403
    assert door.get("/partner/tickets/").status_code == 403
