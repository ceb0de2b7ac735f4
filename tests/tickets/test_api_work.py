"""Merging, splitting, linking, tags, tasks and time through the API, under the caller's rights."""

from typing import Any

from rest_framework.response import Response
from rest_framework.test import APIClient

from crmcore.models import User
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket
from tests.tickets.test_api import TICKETS, api
from tickets.actions.replies import customer_reply
from tickets.models import Ticket

MON = "2026-01-05T"


def post(user: User, ticket: Ticket, what: str, **form: Any) -> Response:
    return api(user).post(f"{TICKETS}{ticket.number}/{what}/", form, format="json")


def read(client: APIClient, ticket: Ticket, what: str = "") -> Any:
    return client.get(f"{TICKETS}{ticket.number}/{what}").json()


def test_a_merge_says_where_the_ticket_went_and_is_undone(cast: Cast, open_at: OpenTicket) -> None:
    source, target = open_at(MON + "09:00"), open_at(MON + "09:30")
    assert post(cast.mei, target, "merge", number=source.number).status_code == 200
    assert read(api(cast.mei), source)["merged_into"] == target.number
    assert post(cast.mei, source, "part").json()["merged_into"] is None


def test_a_merge_that_cannot_be_is_a_conflict(cast: Cast, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    assert post(cast.mei, ticket, "merge", number=ticket.number).status_code == 409


def test_tickets_of_others_cannot_be_merged_or_linked(cast: Cast, open_at: OpenTicket) -> None:
    mine, theirs = open_at(MON + "09:00"), open_at(MON + "09:00", queue=cast.billing_queue)
    assert post(cast.mei, mine, "merge", number=theirs.number).status_code == 400
    assert post(cast.mei, mine, "links", kind="relates", number=theirs.number).status_code == 400
    assert post(cast.mei, theirs, "tags", add=["vip"]).status_code == 404


def test_links_read_from_both_sides(cast: Cast, open_at: OpenTicket) -> None:
    part, whole = open_at(MON + "09:00"), open_at(MON + "09:30")
    post(cast.mei, part, "links", kind="child", number=whole.number)
    assert read(api(cast.mei), part, "links/") == [{"kind": "child", "number": whole.number, "reversed": False}]
    assert read(api(cast.mei), whole, "links/") == [{"kind": "child", "number": part.number, "reversed": True}]


def test_a_split_returns_the_new_ticket(cast: Cast, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    assert cast.zhao.contact
    entry = customer_reply(ticket, by_contact=cast.zhao.contact, body="And the dryer")
    form = {"entries": [entry.pk], "subject": "The dryer", "type": "repair", "queue": "support"}
    answer = post(cast.mei, ticket, "split", **form)
    assert answer.status_code == 201
    assert Ticket.objects.get(number=answer.json()["number"]).interactions.filter(pk=entry.pk).exists()


def test_tags_tasks_and_time(cast: Cast, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    post(cast.mei, ticket, "tags", add=["VIP", "发票"])
    assert post(cast.mei, ticket, "tags", remove=["vip"]).json() == {"tags": ["发票"]}
    (todo,) = post(cast.mei, ticket, "todos", name="Order the pump", is_mandatory=True).json()
    address = f"{TICKETS}{ticket.number}/todos/{todo['id']}/"
    assert api(cast.mei).patch(address, {"done": True}, format="json").json()["done_by"] == cast.mei.pk
    (entry,) = post(cast.mei, ticket, "time", minutes=15, words="Manual").json()
    assert (entry["seconds"], entry["user"]) == (900, cast.mei.pk)
    assert post(cast.mei, ticket, "time", minutes=0).status_code == 400
