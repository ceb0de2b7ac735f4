"""What a supervisor may do to agents from the board."""

import pytest
from django.test import Client

from crmcore.models import AgentPresence, User
from tests.cast import Cast, make_cast, ready


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def board(client: Client, cast: Cast) -> Client:
    ready(cast.mei, cast.omar)
    client.force_login(cast.sun)
    return client


def set_state(board: Client, agent: User, **values: str) -> int:
    return board.post(f"/supervisor/agents/{agent.pk}/state/", values).status_code


def test_away_for_a_reason(board: Client, cast: Cast) -> None:
    assert set_state(board, cast.mei, chosen="aux", aux_code="training") == 204
    assert AgentPresence.objects.get(user=cast.mei).aux_code == "training"


def test_offline(board: Client, cast: Cast) -> None:
    assert set_state(board, cast.mei, chosen="offline") == 204
    assert AgentPresence.objects.get(user=cast.mei).chosen == "offline"


def test_unknown_reason_is_refused(board: Client, cast: Cast) -> None:
    assert set_state(board, cast.mei, chosen="aux", aux_code="nap") == 400


def test_agents_of_others_are_out_of_reach(board: Client, cast: Cast) -> None:
    assert set_state(board, cast.omar, chosen="offline") == 404


def test_every_agent_on_duty_has_the_menu(board: Client, cast: Cast) -> None:
    shown = board.get("/supervisor/panels/people/").content.decode()
    assert f'id="state-of-{cast.mei.pk}"' in shown
    assert "Training" in shown


def test_broken_phone_needs_the_supervisor_and_is_not_ready(board: Client, cast: Cast) -> None:
    AgentPresence.objects.filter(user=cast.mei).update(phone_fault="microphone")
    assert "The browser refuses the microphone" in board.get("/supervisor/panels/people/").content.decode()


def test_rule_for_missed_calls_is_set_on_its_page(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    rule = {"misses_allowed": "2", "pause_after_miss_s": "30", "ready_after_s": "0"}
    wrong = client.post("/settings/answering/", {**rule, "misses_allowed": "0"})
    assert wrong.status_code == 422
    right = client.post("/settings/answering/", rule)
    assert right.status_code == 302
    assert 'value="30"' in client.get("/settings/answering/").content.decode()
