"""The tick: it costs what is due, tells who watches, and may run as often as it likes."""

from datetime import timedelta

from crmcore import clock
from crmcore.models import LiveEvent
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tickets.actions.alerts import process_due
from tickets.actions.replies import reply
from tickets.tasks import sla_tick

MON = "2026-01-05T"
LATE = at(MON + "09:00") + timedelta(days=7)


def test_a_breach_tells_the_board_and_the_queue(open_at: OpenTicket, cast: Cast) -> None:
    open_at(MON + "09:00")
    LiveEvent.objects.all().delete()
    with clock.at(LATE):
        process_due()
    heard = set(LiveEvent.objects.values_list("topic", flat=True))
    assert {"board", f"queue:{cast.support_queue.pk}"} < heard


def test_one_call_takes_a_portion_and_the_task_takes_all(open_at: OpenTicket) -> None:
    for _ in range(3):
        open_at(MON + "09:00")
    with clock.at(LATE):
        assert process_due(limit=2) == 2
        sla_tick()
        assert process_due() == 0


def test_an_answered_ticket_is_left_alone(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "09:30")):
        reply(ticket, by=cast.mei, body="On it.")
    with clock.at(at(MON + "14:00")):
        assert process_due() == 0
