"""The moment at which a customer hears from us next."""

from crmcore import clock
from tests.cast import Cast
from tickets.actions.lifecycle import set_status
from tickets.actions.replies import reply
from tickets.models import SlaTarget, Ticket
from tickets.queries.next_news import next_news
from tickets.queries.readings import reading_of
from tickets.queries.ticket_page import side
from tickets.queries.wording import status_in


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_related("status").get(pk=ticket.pk)


def test_a_reply_is_promised_before_the_solution(ticket: Ticket) -> None:
    news = next_news(fresh(ticket))
    assert news is not None
    assert news.metric == SlaTarget.Metric.FIRST_REPLY


def test_after_the_reply_the_solution_is_next(cast: Cast, ticket: Ticket) -> None:
    reply(ticket, by=cast.mei, body="We look into it.")
    news = next_news(fresh(ticket))
    assert news is not None
    assert news.metric == SlaTarget.Metric.RESOLUTION


def test_nothing_is_promised_while_the_customer_has_the_ball(cast: Cast, ticket: Ticket) -> None:
    set_status(ticket, status_in("waiting_customer"), by=cast.mei)
    assert next_news(fresh(ticket)) is None


def test_staff_read_the_moment_that_the_customer_reads(cast: Cast, ticket: Ticket) -> None:
    told, shown = next_news(fresh(ticket)), side(reading_of(fresh(ticket), cast.mei, clock.now())).news
    assert told == shown
    assert told is not None
