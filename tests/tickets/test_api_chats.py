"""Chats through the API."""

import pytest
from rest_framework.test import APIClient

from tests.cast import Cast, ready
from tests.tickets.chat_room import chat_by_guest, says, taken_by
from tickets.actions.chat_offers import offer_chats
from tickets.models import Chat


@pytest.fixture
def chat(cast: Cast) -> Chat:
    ready(cast.mei)
    made = chat_by_guest(cast)
    offer_chats()
    taken_by(cast.mei, made)
    says(made, "Good day", by=cast.mei)
    return made


def api(user: object) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)  # type: ignore[arg-type]
    return client


def test_a_chat_is_listed_and_read_to_its_end(cast: Cast, chat: Chat) -> None:
    listed = api(cast.ada).get("/api/v1/chats/?state=talking&queue=support").json()["results"]
    assert [(row["id"], row["ticket"], row["name"]) for row in listed] == [(chat.pk, chat.ticket.number, "Wang")]
    lines = api(cast.ada).get(f"/api/v1/chats/{chat.pk}/lines/").json()
    assert [line["body"] or line["event"] for line in lines] == ["Hello, my washer is loud", "joined", "Good day"]


def test_nobody_reads_chats_out_of_reach_and_nobody_writes(cast: Cast, chat: Chat) -> None:
    assert api(cast.ada).post("/api/v1/chats/", {}).status_code in (403, 405)
    assert api(cast.zhao).get(f"/api/v1/chats/{chat.pk}/lines/").status_code in (403, 404)
