"""The console's commands over HTTP: who may, what repeats, what is answered when the call has moved on."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crmcore import models
from crmcore.actions import people
from crmcore.models import Contact, Outcome, User
from crmcore.models.presence import SystemState
from crmcore.shipped_desk import install_desk
from telephony.models import Call
from telephony.states import CallState, OfferEnd
from tests.telephony.desk import Desk
from tickets.actions.defaults import ensure_ticket_defaults


class Console:
    """An agent's browser."""

    def __init__(self, desk: Desk, user: User) -> None:
        self.desk = desk
        self.client = Client()
        self.client.force_login(user)

    def post(self, name: str, pk: int, **values: Any) -> Any:
        return self.desk.do(self.client.post, reverse(f"telephony:{name}", args=[pk]), values)


@pytest.fixture
def mei(desk: Desk) -> User:
    install_desk(models)
    ensure_ticket_defaults()
    return desk.new_agent("mei")


@pytest.fixture
def console(desk: Desk, mei: User) -> Console:
    return Console(desk, mei)


@pytest.fixture
def ringing(desk: Desk, mei: User) -> Call:
    return desk.call(provider="simulated", talk_s=60)


def test_accept_answers_with_what_the_softphone_needs(desk: Desk, console: Console, ringing: Call) -> None:
    answer = console.post("accept", desk.last_offer(ringing).pk)
    assert answer.status_code == 200
    assert answer.json() == {
        "call": ringing.pk,
        "public_id": str(ringing.public_id),
        "provider": "simulated",
        "media": "none",
        "join_ticket": "",
    }


def test_call_for_a_browser_comes_with_a_ticket(desk: Desk, console: Console) -> None:
    call = desk.call(provider="browser")
    assert console.post("accept", desk.last_offer(call).pk).json()["join_ticket"]
    assert console.post("rejoin", call.pk).json()["join_ticket"]


def test_accept_after_the_caller_left_is_a_problem_with_the_state(desk: Desk, console: Console, ringing: Call) -> None:
    offer = desk.last_offer(ringing)
    desk.hangs_up(ringing)
    answer = console.post("accept", offer.pk)
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.json()["state"], answer.json()["reason"]) == (CallState.ENDED, OfferEnd.CALLER_LEFT)


def test_decline_hold_resume_and_hang_up_answer_nothing(desk: Desk, console: Console, ringing: Call) -> None:
    console.post("accept", desk.last_offer(ringing).pk)
    for command in ("hold", "hold", "resume", "resume", "hang_up", "hang_up"):
        assert console.post(command, ringing.pk).status_code == 204
    assert desk.again(ringing).state == CallState.ENDED
    other = desk.call("+8613900139000", provider="simulated")
    desk.wait(60)
    assert console.post("reject", desk.last_offer(other).pk).status_code == 204


def test_hold_after_the_end_is_a_conflict(desk: Desk, console: Console, ringing: Call) -> None:
    console.post("accept", desk.last_offer(ringing).pk)
    console.post("hang_up", ringing.pk)
    assert console.post("hold", ringing.pk).status_code == 409


def test_note_is_saved_by_version(desk: Desk, console: Console, ringing: Call) -> None:
    console.post("accept", desk.last_offer(ringing).pk)
    assert console.post("note", ringing.pk, text="a", version=0).json() == {"version": 1}
    answer = console.post("note", ringing.pk, text="b", version=0)
    assert (answer.status_code, answer.json()["text"], answer.json()["version"]) == (409, "a", 1)


def test_whole_wrap_up_in_one_request(desk: Desk, mei: User, console: Console, ringing: Call) -> None:
    console.post("accept", desk.last_offer(ringing).pk)
    console.post("hang_up", ringing.pk)
    leg = desk.agent_leg(ringing)
    assert "deadline" in console.post("extend", leg.pk).json()
    assert console.post("wrap_up", leg.pk).status_code == 422
    solved = Outcome.objects.get(code="solved", queue=None)
    assert console.post("wrap_up", leg.pk, outcome=solved.pk, note="Done").status_code == 204
    assert desk.presence(mei).system == SystemState.IDLE
    assert desk.again(ringing).ticket is not None


def test_wrong_person_is_corrected(desk: Desk, console: Console, ringing: Call) -> None:
    console.post("accept", desk.last_offer(ringing).pk)
    contact = Contact.objects.create(name="Li Na", created_at=desk.moment)
    assert console.post("link", ringing.pk).status_code == 422
    assert console.post("link", ringing.pk, contact=contact.pk).status_code == 204
    assert desk.again(ringing).contact == contact


@pytest.mark.parametrize("command", ["hang_up", "hold", "note", "link", "ticket"])
def test_agent_of_another_team_is_refused(desk: Desk, console: Console, ringing: Call, command: str) -> None:
    console.post("accept", desk.last_offer(ringing).pk)
    other = people.create_team("other", "Other")
    omar = desk.new_agent("omar", desk.new_queue("others"), team=other)
    assert Console(desk, omar).post(command, ringing.pk, contact=1).status_code in (403, 404)
    assert desk.again(ringing).state == CallState.TALKING


def test_offer_of_somebody_else_is_refused(desk: Desk, console: Console, ringing: Call) -> None:
    omar = desk.new_agent("omar")
    for command in ("accept", "reject"):
        assert Console(desk, omar).post(command, desk.last_offer(ringing).pk).status_code == 403


def test_customers_and_strangers_have_no_business_here(desk: Desk, ringing: Call) -> None:
    contact = Contact.objects.create(name="Zhao", created_at=desk.moment)
    zhao = people.create_user("zhao", name="Zhao", password=None, roles=["customer"], contact=contact, by=None)
    assert Console(desk, zhao).post("hang_up", ringing.pk).status_code == 403
    assert Client().post(reverse("telephony:hang_up", args=[ringing.pk])).status_code == 302
    assert Client().get(reverse("telephony:hang_up", args=[ringing.pk])).status_code == 405


def test_what_does_not_exist_is_not_found(console: Console) -> None:
    assert console.post("accept", 999_999).status_code == 404
    assert console.post("extend", 999_999).status_code == 404
