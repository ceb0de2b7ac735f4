"""Customers in a call flow: the same tree as on the telephone, on their screen."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from crmcore import clock
from telephony.actions.flows import entry_of_portal
from telephony.actions.fold import fold
from telephony.models import Call, CallFlow, FlowRecording, FlowVersion, PortalEntry, Voicemail
from telephony.providers.base import DigitsEntered
from telephony.states import CallState
from tests.cast import Cast
from tests.servicedesk.portal.test_calls import place
from tests.telephony.flows.trees import hang_up, menu, queue, says, tree

TREE = tree(
    "menu",
    menu=menu("What is it about?", key1="line", key2="number", timeout="line", wrong="bye"),
    number={
        "kind": "collect",
        "what": "ticket",
        "prompt": says("Your number"),
        "exits": {"found": "line", "not_found": "line"},
    },
    line=queue("support"),
    bye=hang_up(),
)


@pytest.fixture
def flow(cast: Cast) -> CallFlow:
    now = clock.now()
    made = CallFlow.objects.create(name="Portal")
    FlowVersion.objects.create(flow=made, number=1, tree=TREE, changed_at=now, published_at=now)
    entry_of_portal()
    PortalEntry.objects.update(flow=made)
    return made


def press(call: Call, turn: int, digits: str) -> None:
    names: dict[str, Any] = {"provider": "browser", "provider_call_id": call.provider_call_id}
    fold(DigitsEntered(**names, token=f"{turn}:{digits}", turn=turn, digits=digits))


def standing(client: Client) -> str:
    return client.get("/portal/call/standing/").content.decode()


def test_call_begins_in_the_menu(zhao: Client, flow: CallFlow) -> None:
    place(zhao)
    assert Call.objects.get().state == CallState.IVR
    page = standing(zhao)
    assert 'data-call-phase="menu"' in page and "What is it about?" in page
    assert 'data-call-digits="1"' in page


def test_queue_is_not_asked_for_twice(zhao: Client, flow: CallFlow) -> None:
    assert 'name="queue"' not in zhao.get("/portal/call/").content.decode()


def test_key_leads_into_the_queue(zhao: Client, cast: Cast, flow: CallFlow) -> None:
    place(zhao)
    press(Call.objects.get(), 0, "1")
    assert Call.objects.get().queue == cast.support_queue
    assert 'data-call-phase="waiting"' in standing(zhao)


def test_number_is_asked_for_in_a_field(zhao: Client, flow: CallFlow) -> None:
    place(zhao)
    press(Call.objects.get(), 0, "2")
    page = standing(zhao)
    assert 'data-call-asks="number"' in page and "data-call-digits" not in page


def test_reload_comes_back_to_the_question(zhao: Client, flow: CallFlow) -> None:
    place(zhao)
    assert 'data-call-state="menu"' in zhao.get("/portal/call/").content.decode()


def test_talking_about_a_request_goes_past_the_menu(zhao: Client, flow: CallFlow, ticket: Any) -> None:
    place(zhao, request=ticket.number)
    assert Call.objects.get().state == CallState.QUEUED


def test_recorded_prompt_is_heard_only_in_its_own_flow(
    zhao: Client, flow: CallFlow, settings: Settings, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    recording = FlowRecording(flow=flow, content_type="audio/wav", name="hello.wav", created_at=clock.now())
    recording.file.save("hello.wav", ContentFile(b"RIFF"))
    address = f"/portal/call/recordings/{recording.pk}/"
    assert zhao.get(address).status_code == 404
    place(zhao)
    assert zhao.get(address).content == b"RIFF"


@pytest.fixture
def voicemail(flow: CallFlow, recordings: Path) -> None:
    box = {"kind": "voicemail", "queue": "support", "prompt": says("Speak"), "longest_s": 60}
    FlowVersion.objects.filter(flow=flow).update(tree=tree("box", box=box))


def leave_message(client: Client, kind: str = "audio/webm;codecs=opus") -> int:
    sound = SimpleUploadedFile("message", b"webm", content_type=kind)
    return client.post("/portal/call/message/", {"sound": sound, "seconds": "12"}).status_code


def test_message_from_the_browser_becomes_a_ticket_of_the_customer(zhao: Client, cast: Cast, voicemail: None) -> None:
    place(zhao)
    assert 'data-call-asks="message"' in standing(zhao)
    assert leave_message(zhao) == 204
    message = Voicemail.objects.get()
    assert message.ticket is not None
    assert (message.ticket.queue, message.ticket.contact) == (cast.support_queue, cast.zhao.contact)
    assert (message.seconds, message.content_type, message.file.read()) == (12, "audio/webm", b"webm")


def test_message_sent_twice_is_one(zhao: Client, voicemail: None, recordings: Path) -> None:
    place(zhao)
    assert [leave_message(zhao), leave_message(zhao)] == [204, 204]
    assert Voicemail.objects.count() == 1
    assert len([path for path in recordings.rglob("*") if path.is_file()]) == 1


def test_message_that_nobody_asked_for_is_refused(zhao: Client, flow: CallFlow) -> None:
    place(zhao)
    assert leave_message(zhao) == 409


def test_file_that_is_no_sound_is_refused(zhao: Client, voicemail: None) -> None:
    place(zhao)
    assert leave_message(zhao, "text/html") == 400


def test_message_is_heard_on_the_ticket(zhao: Client, cast: Cast, voicemail: None) -> None:
    place(zhao)
    leave_message(zhao)
    message = Voicemail.objects.get()
    assert message.ticket is not None
    agent = Client()
    agent.force_login(cast.mei)
    page = agent.get(f"/tickets/{message.ticket.number}/").content.decode()
    assert f'hx-get="/telephony/voicemails/{message.pk}/player/"' in page and "left a message, 12 s" in page
    player = agent.get(f"/telephony/voicemails/{message.pk}/player/").content.decode()
    assert f'data-src="/telephony/voicemails/{message.pk}/"' in player and 'data-seconds="12"' in player
