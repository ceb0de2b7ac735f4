"""Simulated callers walk through the menus as well."""

from crmcore import clock
from telephony.actions.fold import fold
from telephony.models import Call
from telephony.providers.base import Incoming
from telephony.simulation import THINKS_FOR, let_go
from telephony.states import CallState
from tests.telephony.desk import Desk
from tests.telephony.flows.conftest import NUMBER, Publish
from tests.telephony.flows.trees import menu, queue, tree


def test_simulated_caller_presses_keys_until_somebody_is_waited_for(desk: Desk, publish: Publish) -> None:
    line = publish(
        tree("one", one=menu(key1="two", key2="two", timeout="line", wrong="line"), two=menu(), line=queue())
    )
    assert line.flow is not None
    version = line.flow.versions.get()
    version.tree["nodes"]["two"]["exits"] = {"1": "line", "2": "line", "timeout": "line", "wrong": "line"}
    version.save()
    signal = Incoming(provider="simulated", provider_call_id="s-1", token="in", from_number="", to_number=NUMBER)
    desk.do(fold, signal)
    for _ in range(2):
        desk.do(let_go)
        assert Call.objects.get().state == CallState.IVR
        desk.moment += THINKS_FOR
        desk.do(let_go)
    assert Call.objects.get().state == CallState.QUEUED
    assert clock.now()
