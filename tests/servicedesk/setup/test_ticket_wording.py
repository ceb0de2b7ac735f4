"""Settings of types, fields and statuses: what stands against a change is said, and nothing written is lost."""

import pytest
from django.test import Client

from tests.cast import Cast, make_cast
from tickets.actions.defaults import ensure_ticket_defaults
from tickets.actions.lifecycle import open_ticket
from tickets.models import Ticket, TicketField, TicketStatus, TypeField
from tickets.queries.wording import status_called, status_in, type_called

PAGES = ("ticket-types", "ticket-fields", "ticket-statuses")


@pytest.fixture
def cast(db: None) -> Cast:
    cast = make_cast()
    ensure_ticket_defaults()
    return cast


@pytest.fixture
def admin(client: Client, cast: Cast) -> Client:
    client.force_login(cast.ada)
    return client


def opened(cast: Cast) -> Ticket:
    return open_ticket(
        by=cast.mei,
        subject="Leaks",
        type=type_called("repair"),
        queue=cast.support_queue,
        account=None,
        contact=None,
        channel="call",
    )


def new_field(**more: object) -> dict[str, object]:
    return {
        "name": "Fault",
        "kind": "choice",
        "audience": "staff",
        "choice_0": "Leak",
        "choice_0_offered": "on",
        **more,
    }


@pytest.mark.parametrize("page", PAGES)
def test_only_who_edits_settings_opens_the_pages(client: Client, admin: Client, cast: Cast, page: str) -> None:
    assert admin.get(f"/settings/{page}/").status_code == 200
    assert admin.get(f"/settings/{page}/new/").status_code == 200
    client.force_login(cast.mei)
    assert client.get(f"/settings/{page}/").status_code == 403


def test_a_field_is_made_with_its_choices_and_put_on_a_type(admin: Client) -> None:
    admin.post("/settings/ticket-fields/new/", new_field(choice_1="", choice_1_zh="异响", choice_1_offered="on"))
    field = TicketField.objects.get(code="fault")
    assert [(row[0], row[3]) for row in field.choices] == [("leak", True), ("choice", True)]
    kind = type_called("repair")
    for _time in range(2):
        admin.post(f"/settings/ticket-types/{kind.pk}/fields/", {"field": field.pk})
    admin.post(f"/settings/ticket-types/{kind.pk}/fields/{field.pk}/", {"required": "solving"})
    row = TypeField.objects.get(field=field)
    assert (row.type, row.required) == (kind, "solving")
    assert "Fault" in admin.get(f"/settings/ticket-types/{kind.pk}/fields/").content.decode()


def test_a_choice_keeps_its_code_when_it_is_renamed_and_is_never_emptied(admin: Client) -> None:
    admin.post("/settings/ticket-fields/new/", new_field())
    field = TicketField.objects.get(code="fault")
    admin.post(f"/settings/ticket-fields/{field.pk}/", new_field(choice_0="Water leak", choice_1="Noise"))
    admin.post(f"/settings/ticket-fields/{field.pk}/", new_field(choice_0="", choice_0_zh=""))
    field.refresh_from_db()
    assert next(row[:2] for row in field.choices) == ["leak", "Water leak"]


def test_a_field_in_use_keeps_its_kind(admin: Client, cast: Cast) -> None:
    admin.post("/settings/ticket-fields/new/", new_field())
    field = TicketField.objects.get(code="fault")
    Ticket.objects.filter(pk=opened(cast).pk).update(fields={"fault": "leak"})
    answer = admin.post(f"/settings/ticket-fields/{field.pk}/", new_field(kind="text"))
    assert answer.status_code == 422
    assert "keeps its kind" in answer.content.decode()


@pytest.mark.parametrize("bad", [{"choice_0": "", "choice_0_offered": ""}, {"kind": "customer", "audience": "write"}])
def test_a_field_that_nobody_could_fill_in_is_refused(admin: Client, bad: dict[str, str]) -> None:
    answer = admin.post("/settings/ticket-fields/new/", new_field(**bad))
    assert answer.status_code == 422
    assert not TicketField.objects.filter(code="fault").exists()


def test_fields_move_among_those_of_their_type(admin: Client) -> None:
    kind = type_called("repair")
    for name in ("Fault", "Floor"):
        admin.post("/settings/ticket-fields/new/", new_field(name=name))
        admin.post(f"/settings/ticket-types/{kind.pk}/fields/", {"field": TicketField.objects.get(name=name).pk})
    floor = TicketField.objects.get(name="Floor")
    admin.post(f"/settings/ticket-types/{kind.pk}/fields/{floor.pk}/", {"to": "up"})
    assert list(kind.type_fields.values_list("field__name", flat=True)) == ["Floor", "Fault"]


def test_every_meaning_keeps_a_status(admin: Client) -> None:
    held = status_called("on_hold")
    admin.post(f"/settings/ticket-statuses/{held.pk}/change/", {"retired": "1"})
    held.refresh_from_db()
    assert not held.is_retired


def test_a_status_with_tickets_keeps_its_meaning(admin: Client, cast: Cast) -> None:
    opened(cast)
    form = {"name": "Fresh", "category": "open", "portal_name": "With us"}
    answer = admin.post(f"/settings/ticket-statuses/{status_called('new').pk}/", form)
    assert answer.status_code == 422
    assert status_called("new").category == "new"
    assert (
        admin.post(f"/settings/ticket-statuses/{status_called('new').pk}/", {**form, "category": "new"}).status_code
        == 302
    )
    assert status_called("new").name == "Fresh"


def test_tickets_move_by_themselves_to_the_first_status_of_a_meaning(admin: Client) -> None:
    admin.post("/settings/ticket-statuses/new/", {"name": "At work", "category": "open", "portal_name": "With us"})
    made = TicketStatus.objects.get(name="At work")
    admin.post(f"/settings/ticket-statuses/{made.pk}/change/", {"to": "up"})
    assert status_in("open") == made
    admin.post(f"/settings/ticket-statuses/{made.pk}/change/", {"retired": "1"})
    assert status_in("open") == status_called("open")


def test_a_retired_type_is_no_longer_chosen(admin: Client, cast: Cast) -> None:
    kind = type_called("suggestion")
    admin.post(f"/settings/ticket-types/{kind.pk}/retire/", {"in_use": "0"})
    assert f'value="{kind.pk}"' not in admin.get("/tickets/new/").content.decode().split('id="id_queue"')[0]
