"""Calling from the browser."""

import pytest
from django.test import Client

from crmcore.models import User
from servicedesk.portal import once
from servicedesk.portal.throttle import CALLS
from telephony.models import Call, RecordingNotice, RecordingPolicy
from telephony.providers.browser.passes import LegPass
from telephony.states import LegKind
from tests.cast import Cast
from tickets.models import Ticket


def place(client: Client, **more: str) -> dict[str, str]:
    answer = client.post("/portal/call/place/", {"once": once.fresh(), "line": "", **more})
    assert answer.status_code == 201, answer.content
    made: dict[str, str] = answer.json()
    return made


def test_a_call_waits_in_line_under_the_customers_name(zhao: Client, cast: Cast) -> None:
    made = place(zhao, line="When does he come?", queue=str(cast.billing_queue.pk))
    call = Call.objects.get(public_id=made["call"])
    assert (call.provider, call.contact, call.account) == ("browser", cast.zhao.contact, cast.account)
    assert (call.queue, call.context["line"]) == (cast.billing_queue, "When does he come?")


def test_the_token_opens_the_customers_own_seat(zhao: Client) -> None:
    made = place(zhao)
    leg = Call.objects.get().legs.get(kind=LegKind.CUSTOMER)
    assert LegPass.read(made["token"]).leg_id == leg.pk


def test_a_second_tap_and_a_second_tab_are_the_same_call(zhao: Client) -> None:
    form = {"once": once.fresh()}
    answers = [zhao.post("/portal/call/place/", form).json()["call"] for _ in range(2)]
    assert {*answers, place(zhao)["call"]} == {str(Call.objects.get().public_id)}


def test_a_reload_goes_on_with_the_call(zhao: Client) -> None:
    made = place(zhao)
    page = zhao.get("/portal/call/").content.decode()
    assert 'data-call-state="waiting"' in page
    assert f'data-call-id="{made["call"]}"' in page


def test_the_place_in_line_is_shown(zhao: Client) -> None:
    place(zhao)
    page = zhao.get("/portal/call/standing/").content.decode()
    assert "in line, you are next" in page


def test_talking_about_a_request_brings_it_along(zhao: Client, ticket: Ticket) -> None:
    place(zhao, request=ticket.number)
    assert Call.objects.get().ticket == ticket


def test_somebody_elses_request_is_left_out(client: Client, stranger: User, ticket: Ticket) -> None:
    client.force_login(stranger)
    place(client, request=ticket.number)
    assert Call.objects.get().ticket is None


def test_the_line_can_be_changed_while_waiting(zhao: Client) -> None:
    place(zhao, line="First")
    zhao.post("/portal/call/line/", {"line": "Second"})
    assert Call.objects.get().context["line"] == "Second"


def test_without_a_call_the_page_is_ready(zhao: Client) -> None:
    page = zhao.get("/portal/call/").content.decode()
    assert 'data-call-state="ready"' in page
    assert "data-token" not in page


@pytest.mark.parametrize(
    "state", ["ready", "asking", "waiting", "talking", "ended", "no-microphone", "blocked", "insecure"]
)
def test_every_state_has_its_words(zhao: Client, state: str) -> None:
    page = zhao.get("/portal/call/").content.decode()
    assert any(state in part.split('"')[0].split() for part in page.split('data-call-when="')[1:])


def test_calls_are_limited(zhao: Client, cast: Cast) -> None:
    for _ in range(CALLS.times):
        place(zhao)
        Call.objects.all().delete()
    assert zhao.post("/portal/call/place/", {"once": once.fresh()}).status_code == 429


def test_strangers_place_no_calls(client: Client, cast: Cast) -> None:
    assert client.post("/portal/call/place/", {"once": "x"}).status_code == 302
    assert not Call.objects.exists()


def test_waiting_customer_reads_of_the_recording_and_may_refuse(zhao: Client, cast: Cast) -> None:
    RecordingPolicy.objects.create(queue=cast.billing_queue, mode="always", consent="may_refuse", announcement="Taped")
    place(zhao, queue=str(cast.billing_queue.pk))
    assert "Taped" in zhao.get("/portal/call/standing/").content.decode()
    answer = zhao.post("/portal/call/consent/", {"answer": "refused"})
    assert answer.status_code == 200 and 'aria-pressed="true"' in answer.content.decode()
    assert RecordingNotice.objects.get().answer == "refused"
    assert zhao.post("/portal/call/consent/", {"answer": "whatever"}).status_code == 200
    assert RecordingNotice.objects.get().answer == "refused"
