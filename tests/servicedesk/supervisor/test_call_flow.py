"""The report on the way of the calls: who is counted where, and whose calls they are."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from crmcore import clock
from crmcore.models import AuditEntry, Queue, User
from telephony.actions.roll_up import roll_up
from telephony.models import Call, Callback, CallFlow, FlowVersion, Offer, QueueEntry
from tests.cast import Cast, make_cast
from tests.telephony.flows.trees import hang_up, menu, queue, tree

pytestmark = pytest.mark.django_db

TREE = tree(
    "menu",
    menu=menu(key1="line", key2="bye", timeout="line", wrong="bye"),
    line=queue("support"),
    bye=hang_up(),
)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def a_call(outcome: str, *, at: Queue | None, wait: int | None = None, node: str = "", **more: Any) -> Call:
    """A call that came in an hour ago and is over; `wait` seconds in the queue."""
    now = clock.now() - timedelta(hours=1)
    call = Call.objects.create(
        provider="asking",
        provider_call_id=f"c{Call.objects.count()}",
        state="ended",
        outcome=outcome,
        queue=at,
        queued_at=now if wait is not None else None,
        menu={"node": node} if node else {},
        started_at=now,
        ended_at=now,
        state_since=now,
        last_evidence_at=now,
        **more,
    )
    if wait is not None and at is not None:
        left = {"completed": "answered", "abandoned": "abandoned"}.get(outcome, "callback")
        left_at = now + timedelta(seconds=wait)
        QueueEntry.objects.create(call=call, queue=at, entered_at=now, rank=now, left_at=left_at, left_as=left)
    return call


def report(user: User, **asked: str) -> Any:
    """The page of yesterday and today, after the next summing-up."""
    roll_up()
    client = Client()
    client.force_login(user)
    day = str(datetime.now(tz=clock.now().tzinfo).date())
    yesterday = str(clock.now().date() - timedelta(days=1))
    return client.get("/supervisor/reports/flow/", {"first": yesterday, "last": day} | asked)


def ways(user: User, **asked: str) -> dict[str, int]:
    return {str(way.label): way.calls for way in report(user, **asked).context["report"].ways}


def test_every_end_is_counted_once(cast: Cast) -> None:
    a_call("completed", at=cast.support_queue, wait=12, answered_at=clock.now())
    a_call("abandoned", at=cast.support_queue, wait=40)
    a_call("callback", at=cast.support_queue, wait=90)
    a_call("voicemail", at=cast.support_queue)
    found = ways(cast.ada)
    assert (found["Came in"], found["Entered a queue"], found["Answered"]) == (4, 3, 1)
    assert (found["Hung up while waiting"], found["Asked to be called back"], found["Left a message"]) == (1, 1, 1)


def test_who_hangs_up_while_it_rings_is_told_apart(cast: Cast) -> None:
    call = a_call("abandoned", at=cast.support_queue, wait=10)
    now = clock.now()
    Offer.objects.create(
        call=call,
        agent=cast.mei,
        state="closed",
        end_reason="rescinded_caller_left",
        offered_at=now,
        expires_at=now,
        closed_at=now,
    )
    found = ways(cast.ada)
    assert (found["Hung up while waiting"], found["Hung up while it rang at an agent"]) == (0, 1)


def test_our_own_calls_did_not_come_in(cast: Cast) -> None:
    a_call("completed", at=cast.support_queue, direction="out")
    assert ways(cast.ada)["Came in"] == 0


def test_one_queue_is_asked_for_alone(cast: Cast) -> None:
    a_call("voicemail", at=cast.support_queue)
    a_call("voicemail", at=cast.billing_queue)
    a_call("ivr_abandon", at=None)
    assert ways(cast.ada)["Came in"] == 3
    assert ways(cast.ada, queue="billing")["Came in"] == 1


def test_steps_of_a_menu_say_how_many_came_and_where_they_left(cast: Cast) -> None:
    flow = CallFlow.objects.create(name="Main")
    now = clock.now()
    version = FlowVersion.objects.create(flow=flow, number=1, tree=TREE, changed_at=now, published_at=now)
    a_call("ivr_abandon", at=None, node="menu", flow_version=version)
    a_call("completed", at=cast.support_queue, node="line", flow_version=version)
    a_call("self_served", at=None, node="bye", flow_version=version)
    [(_flow, steps)] = report(cast.ada).context["report"].flows
    rows = {step.row.node.id: (step.label, step.came, step.ended, step.left) for step in steps}
    assert rows["menu"] == ("", 3, 1, 1)
    assert rows["line"] == ("1 Choice 1", 1, 1, 0)
    assert rows["bye"] == ("2 Choice 2", 1, 1, 0)


def test_the_error_of_estimates_stands_by_queue(cast: Cast) -> None:
    call = a_call("completed", at=cast.support_queue, wait=100)
    QueueEntry.objects.filter(call=call).update(predicted_s=60)
    [(queue_, error)] = report(cast.ada).context["report"].errors
    assert (queue_, error.callers, error.percent) == (cast.support_queue, 1, 40)


def test_callbacks_are_counted_by_what_became_of_them(cast: Cast) -> None:
    now = clock.now()
    facts = {"kind": "queue", "queue": cast.support_queue, "created_at": now, "entered_at": now, "until": now}
    due = now - timedelta(minutes=10)
    Callback.objects.create(number="+8613800138000", state="done", due_at=due, closed_at=now, **facts)
    Callback.objects.create(number="+8613800138001", state="waiting", due_at=due, **facts)
    found = report(cast.ada).context["report"].callbacks
    assert (found.asked, found.spoken, found.owed, found.after) == (2, 1, 1, timedelta(minutes=10))


def test_taking_the_figures_away_is_a_right_and_leaves_a_trace(cast: Cast) -> None:
    assert report(cast.mei).status_code == 403
    file = report(cast.sun, format="csv")
    assert "Came in" in file.content.decode()
    assert AuditEntry.objects.filter(verb="report.exported", actor=cast.sun).exists()
