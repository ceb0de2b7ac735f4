"""Who becomes ready is offered the waiting call in the same breath."""

from crmcore.actions import presence
from crmcore.models import User
from crmcore.models.presence import Chosen
from telephony.actions import readiness
from tests.telephony.desk import Desk


def away_agent(desk: Desk) -> User:
    mei = desk.new_agent("mei")
    desk.do(presence.choose, mei, Chosen.AUX, aux_code="break", by=mei)
    return mei


def test_caller_rings_when_the_shift_begins(desk: Desk) -> None:
    call = desk.call(queue=desk.queue)
    mei = away_agent(desk)
    assert desk.offer(call) is None
    desk.do(readiness.start_shift, mei)
    assert desk.last_offer(call).agent == mei


def test_caller_rings_when_the_agent_chooses_to_be_ready(desk: Desk) -> None:
    mei = away_agent(desk)
    call = desk.call(queue=desk.queue)
    desk.do(readiness.choose, mei, Chosen.AVAILABLE, by=mei)
    assert desk.last_offer(call).agent == mei


def test_nothing_rings_when_the_agent_stays_away(desk: Desk) -> None:
    mei = away_agent(desk)
    call = desk.call(queue=desk.queue)
    desk.do(readiness.choose, mei, Chosen.AUX, aux_code="lunch", by=mei)
    assert desk.offer(call) is None


def test_caller_rings_when_the_screen_is_back(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    desk.do(presence.device_lost, mei.pk)
    call = desk.call(queue=desk.queue)
    assert desk.offer(call) is None
    desk.do(readiness.screen_opened, mei.pk)
    assert desk.last_offer(call).agent == mei
