"""Links, parts and problems: one relation once, no circles, and nothing ended without being asked."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.tickets.conftest import OpenTicket
from tickets.actions.lifecycle import resolve_ticket
from tickets.actions.linking import link_tickets, unlink_tickets
from tickets.actions.moves import WrongMove
from tickets.actions.solving import solve_with
from tickets.models import Ticket, TicketLink
from tickets.queries.linked import links_of
from tickets.queries.timeline import timeline
from tickets.queries.wording import status_called

MON = "2026-01-05T"


def three(open_at: OpenTicket) -> list[Ticket]:
    return [open_at(MON + f"09:0{n}") for n in range(3)]


def test_a_link_reads_from_both_sides(open_at: OpenTicket, cast: Cast) -> None:
    part, whole, _ = three(open_at)
    link_tickets(part, "child", whole, by=cast.mei)
    assert [row.words for row in links_of(part, cast.mei).rows] == ["is a part of"]
    assert [row.words for row in links_of(whole, cast.mei).rows] == ["has the part"]
    assert timeline(whole, cast.mei).entries[-1].did == f"noted that this has the part {part.number}"


def test_said_twice_it_is_said_once(open_at: OpenTicket, cast: Cast) -> None:
    one, other, _ = three(open_at)
    for pair in ((one, other), (one, other), (other, one)):
        link_tickets(pair[0], "relates", pair[1], by=cast.mei)
    assert TicketLink.objects.count() == 1


def test_a_second_parent_replaces_the_first(open_at: OpenTicket, cast: Cast) -> None:
    part, first, second = three(open_at)
    link_tickets(part, "child", first, by=cast.mei)
    link_tickets(part, "child", second, by=cast.mei)
    assert TicketLink.objects.get().target == second


def test_no_ticket_is_a_part_of_its_own_part(open_at: OpenTicket, cast: Cast) -> None:
    top, middle, bottom = three(open_at)
    link_tickets(middle, "child", top, by=cast.mei)
    link_tickets(bottom, "child", middle, by=cast.mei)
    with pytest.raises(WrongMove):
        link_tickets(top, "child", bottom, by=cast.mei)


def test_links_lead_only_to_what_the_reader_may_see(open_at: OpenTicket, cast: Cast) -> None:
    mine, theirs = open_at(MON + "09:00"), open_at(MON + "09:00", queue=cast.billing_queue)
    link_tickets(mine, "relates", theirs, by=cast.ada)
    assert links_of(mine, cast.mei).rows == []
    with pytest.raises(PermissionDenied):
        link_tickets(mine, "blocks", theirs, by=cast.mei)


def test_untying_twice_is_untying_once(open_at: OpenTicket, cast: Cast) -> None:
    one, other, _ = three(open_at)
    link = link_tickets(one, "blocks", other, by=cast.mei)
    unlink_tickets(link, by=cast.mei)
    unlink_tickets(link, by=cast.mei)
    assert one.interactions.filter(event="unlinked").count() == 1


def test_a_parent_shows_how_far_its_parts_are(open_at: OpenTicket, cast: Cast) -> None:
    whole, *parts = three(open_at)
    for part in parts:
        link_tickets(part, "child", whole, by=cast.mei)
    resolve_ticket(parts[0], by=cast.mei)
    links = links_of(whole, cast.mei)
    assert (links.done, links.parts, links.share) == (1, 2, 50)


def test_ending_a_parent_with_open_parts_is_asked_first(client: Client, open_at: OpenTicket, cast: Cast) -> None:
    whole, part, _ = three(open_at)
    link_tickets(part, "child", whole, by=cast.mei)
    client.force_login(cast.mei)
    question = client.post(reverse("tickets:status", args=[whole.number]), {"status": "solved"}).headers["Location"]
    whole.refresh_from_db()
    assert whole.is_active
    assert part.number in client.get(question).content.decode()
    client.post(question, {"status": "solved", "parts": "on"})
    assert not Ticket.objects.filter(pk__in=(whole.pk, part.pk), is_active=True).exists()


def test_a_reply_that_solves_asks_as_well_and_is_sent(client: Client, open_at: OpenTicket, cast: Cast) -> None:
    whole, part, _ = three(open_at)
    link_tickets(part, "child", whole, by=cast.mei)
    client.force_login(cast.mei)
    form = {"mode": "reply", "body": "All fixed", "then": "solved"}
    answer = client.post(reverse("tickets:compose", args=[whole.number]), form, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith(reverse("tickets:solve", args=[whole.number]))
    assert whole.interactions.filter(body="All fixed").exists()


def test_a_solved_problem_answers_all_its_incidents(open_at: OpenTicket, cast: Cast) -> None:
    problem, *incidents = three(open_at)
    for incident in incidents:
        link_tickets(incident, "incident", problem, by=cast.mei)
    solve_with(problem, status_called("solved"), by=cast.mei, answer="The mains are back", incidents=True)
    for incident in incidents:
        incident.refresh_from_db()
        assert not incident.is_active
        assert incident.interactions.filter(body="The mains are back", is_public=True).count() == 1
    assert not problem.interactions.filter(body="The mains are back").exists()
