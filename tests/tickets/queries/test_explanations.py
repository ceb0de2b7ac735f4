"""Why due: the clocks of a ticket with lines that add up, and the picture of them."""

from crmcore import clock
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tickets.actions.lifecycle import set_status
from tickets.actions.replies import reply
from tickets.queries.explanations import shown_clocks
from tickets.queries.wording import status_called

MON = "2026-01-05T"


def test_clocks_stand_in_their_order_with_their_faces(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "09:14")):
        reply(ticket, by=cast.mei, body="On it.")
        shown = shown_clocks(ticket, at(MON + "13:00"))
    faces = [(one.clock.metric, one.face.state, one.face.seconds) for one in shown]
    assert faces == [("resolution", "ok", 4 * 3600), ("first_reply", "met", 14 * 60)]


def test_lines_add_up_and_pauses_do_not_count(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    for hour, status in (("10:00", "waiting"), ("14:00", "open")):
        with clock.at(at(MON + hour)):
            set_status(ticket, status_called(status), by=cast.mei)
    resolution = shown_clocks(ticket, at(MON + "15:00"))[-1]
    assert [(step.line.kind, step.line.seconds) for step in resolution.steps] == [
        ("counted", 3600),
        ("paused", 0),
        ("counted", 3600),
    ]
    assert [bar.kind for bar in resolution.bars] == ["run", "pause", "run", "left"]


def test_a_late_clock_draws_what_is_over(open_at: OpenTicket) -> None:
    first = shown_clocks(open_at(MON + "09:00"), at(MON + "14:00"))[0]
    assert (first.face.state, first.bars[-1].kind) == ("breach", "over")
