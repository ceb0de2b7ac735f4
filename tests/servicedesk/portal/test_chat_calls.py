"""From writing to speaking: one click of the agent, one of the customer, the same ticket."""

import pytest
from django.test import Client

from telephony.models import Call, Offer
from tests.cast import Cast, ready
from tests.tickets.chat_room import start, taken_by
from tickets.actions.chat_calls import invite_to_call
from tickets.actions.chat_ground import ChatMovedOn
from tickets.actions.chat_offers import offer_chats
from tickets.actions.chats import begin_chat
from tickets.models import Chat


@pytest.fixture
def chat(cast: Cast) -> Chat:
    """Zhao's chat, which Mei holds."""
    ready(cast.mei)
    made = begin_chat(start(cast, customer=cast.zhao, account=cast.account, guest_name=""))
    offer_chats()
    return taken_by(cast.mei, made)


def test_the_call_rings_at_the_agent_of_the_chat_and_stands_on_its_ticket(cast: Cast, zhao: Client, chat: Chat) -> None:
    invite_to_call(chat.pk, by=cast.mei)
    invite_to_call(chat.pk, by=cast.mei)
    assert "Call Mei" in zhao.get("/portal/chat/").content.decode()
    assert "Talk to Mei" in zhao.get(f"/portal/call/?chat={chat.public_id}").content.decode()
    assert zhao.post("/portal/call/place/", {"once": "c1", "chat": str(chat.public_id)}).status_code == 201
    assert Offer.objects.get().agent == cast.mei
    assert Call.objects.get().ticket == chat.ticket
    assert chat.lines.filter(event="call").count() == 1


def test_an_agent_who_is_busy_meanwhile_is_waited_for_first(cast: Cast, zhao: Client, chat: Chat) -> None:
    invite_to_call(chat.pk, by=cast.mei)
    cast.mei.presence.system = "on_contact"
    cast.mei.presence.save()
    zhao.post("/portal/call/place/", {"once": "c1", "chat": str(chat.public_id)})
    call = Call.objects.get()
    assert not Offer.objects.exists()
    assert call.entries.get().preferred == cast.mei


def test_who_was_not_asked_calls_like_anybody(cast: Cast, zhao: Client, chat: Chat) -> None:
    assert "Talk to Mei" not in zhao.get(f"/portal/call/?chat={chat.public_id}").content.decode()
    zhao.post("/portal/call/place/", {"once": "c1", "chat": str(chat.public_id)})
    assert Call.objects.exists()
    assert not Offer.objects.exists()


def test_guests_are_not_asked(cast: Cast) -> None:
    ready(cast.mei)
    made = begin_chat(start(cast))
    offer_chats()
    taken_by(cast.mei, made)
    with pytest.raises(ChatMovedOn):
        invite_to_call(made.pk, by=cast.mei)
