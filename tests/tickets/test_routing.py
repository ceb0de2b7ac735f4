"""Giving out tickets: in the queue's order, within limits and skills, each to one person."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest
from django.test import Client

from crmcore import clock
from crmcore.actions import people
from crmcore.models import AgentPresence, Notice, NoticeKind, QueueMembership, QueueSkill, Skill, User, UserSkill
from crmcore.models.presence import Chosen, SystemState
from tests.at_once import at_once
from tests.cast import Cast, make_cast, ready
from tests.tickets.chat_room import chat_by_guest
from tests.tickets.test_taking import waiting
from tickets.actions.defaults import ensure_ticket_defaults
from tickets.actions.lifecycle import assign_ticket
from tickets.actions.routing import give_out, set_routing
from tickets.actions.taking import NothingTaken, take_next
from tickets.models import Chat, Rule, Ticket, TicketCapacity, TicketRouting

IN_TURN, MOST_ROOM = TicketRouting.Order.IN_TURN, TicketRouting.Order.MOST_ROOM


@pytest.fixture
def cast(db: None) -> Cast:
    cast = make_cast()
    ensure_ticket_defaults()
    Ticket.objects.all().delete()
    ready(cast.mei)
    return cast


def colleague(cast: Cast, name: str, *, is_ready: bool = True) -> User:
    person = people.create_user(name, name=name.title(), password=None, roles=["agent"], teams=[cast.support], by=None)
    QueueMembership.objects.create(queue=cast.support_queue, user=person)
    if is_ready:
        ready(person)
    return person


def routed(cast: Cast, order: str = IN_TURN, *, only_ready: bool = True) -> None:
    set_routing(cast.support_queue, order, only_ready=only_ready, by=cast.ada)


def owners(tickets: Iterable[Ticket]) -> list[User | None]:
    return [Ticket.objects.get(pk=ticket.pk).assignee for ticket in tickets]


def test_nothing_is_given_out_where_that_is_left_to_people(cast: Cast) -> None:
    ticket = waiting(cast, "first")
    assert give_out() == 0
    assert owners([ticket]) == [None]


def test_in_turn_each_gets_one_before_anybody_gets_two(cast: Cast) -> None:
    tom = colleague(cast, "tom")
    routed(cast)
    tickets = [waiting(cast, f"{n}", due_in_h=n) for n in range(1, 5)]
    assert give_out() == 4
    assert owners(tickets) == [cast.mei, tom, cast.mei, tom]


def test_whoever_has_the_most_room_is_given_it(cast: Cast) -> None:
    tom = colleague(cast, "tom")
    for n in range(2):
        assign_ticket(waiting(cast, f"old {n}"), to=cast.mei, by=None)
    routed(cast, MOST_ROOM)
    tickets = [waiting(cast, f"{n}", due_in_h=n) for n in range(1, 5)]
    give_out()
    assert owners(tickets) == [tom, tom, cast.mei, tom]


def test_what_finds_nobody_with_room_waits_and_goes_on_once_there_is(cast: Cast) -> None:
    TicketCapacity.objects.create(at_once=1)
    routed(cast)
    first, second = waiting(cast, "first", due_in_h=1), waiting(cast, "second", due_in_h=2)
    assert give_out() == 1
    assert owners([first, second]) == [cast.mei, None]
    Ticket.objects.filter(pk=first.pk).update(waiting_on=Ticket.WaitingOn.CUSTOMER)
    assert give_out() == 1
    assert owners([second]) == [cast.mei]


@pytest.mark.parametrize(
    "away", [{"chosen": Chosen.AUX}, {"device_ok": False}, {"system": SystemState.ON_CONTACT}], ids=str
)
def test_nobody_who_is_away_or_on_a_call_is_given_one(cast: Cast, away: dict[str, object]) -> None:
    routed(cast)
    AgentPresence.objects.filter(user=cast.mei).update(**away)
    waiting(cast, "first")
    assert give_out() == 0


def test_a_queue_may_give_to_who_is_not_there(cast: Cast) -> None:
    AgentPresence.objects.all().delete()
    routed(cast, only_ready=False)
    ticket = waiting(cast, "first")
    give_out()
    assert owners([ticket]) == [cast.mei]


def test_skills_are_asked_for_less_the_longer_it_waits(cast: Cast) -> None:
    german = Skill.objects.create(code="german", name="German")
    QueueSkill.objects.create(queue=cast.support_queue, skill=german, min_level=3, relax_every_s=600, lowest_level=2)
    UserSkill.objects.create(user=cast.mei, skill=german, level=2)
    routed(cast)
    ticket = waiting(cast, "first")
    assert give_out() == 0
    with clock.at(ticket.opened_at + timedelta(seconds=600)):
        assert give_out() == 1


def test_the_ticket_of_a_chat_that_waits_is_left_to_whoever_takes_the_chat(cast: Cast) -> None:
    AgentPresence.objects.update(device_ok=False)
    routed(cast, only_ready=False)
    chat = chat_by_guest(cast)
    assert give_out() == 0
    Chat.objects.filter(pk=chat.pk).update(state="ended", ended_at=clock.now())
    assert give_out() == 1


def test_who_may_not_work_on_tickets_of_the_queue_is_passed_over(cast: Cast) -> None:
    cast.mei.roles.clear()
    routed(cast)
    waiting(cast, "first")
    assert give_out() == 0


def test_the_person_is_told_and_the_timeline_says_that_the_desk_did_it(cast: Cast) -> None:
    routed(cast)
    ticket = waiting(cast, "Washing machine")
    give_out()
    told = Notice.objects.get(user=cast.mei)
    assert (told.kind, told.text) == (NoticeKind.ASSIGNED, f"{ticket.number} is yours: Washing machine")
    assert ticket.interactions.get(event="assignee").by is None


def test_a_rule_that_takes_it_away_again_does_not_set_it_going_round(cast: Cast) -> None:
    Rule.objects.create(name="Nobody", on=["assigned"], conditions={}, steps=[["assignee", "nobody"]], is_active=True)
    colleague(cast, "tom")
    routed(cast)
    ticket = waiting(cast, "first")
    assert give_out() == 1
    assert ticket.interactions.filter(event="assignee").count() == 2


@pytest.mark.django_db(transaction=True)
def test_several_processes_and_people_who_take_give_each_ticket_once_and_nobody_too_many(cast: Cast) -> None:
    crew = [cast.mei, *(colleague(cast, f"agent{n}") for n in range(3))]
    TicketCapacity.objects.create(at_once=3)
    routed(cast)
    for n in range(16):
        waiting(cast, f"{n}")

    def take(person: User) -> None:
        with suppress(NothingTaken):
            for _ in range(4):
                take_next(by=person)

    at_once(*[lambda: [give_out() for _ in range(4)]] * 4, partial(take, crew[0]), partial(take, crew[1]))
    give_out()
    assert [Ticket.objects.filter(assignee=person).count() for person in crew] == [3, 3, 3, 3]
    given = Ticket.objects.exclude(assignee=None)
    assert all(ticket.interactions.filter(event="assignee").count() == 1 for ticket in given)


def test_administrator_says_how_each_queue_does_it(client: Client, cast: Cast) -> None:
    key = f"queue-{cast.support_queue.pk}"
    client.force_login(cast.mei)
    assert client.post("/settings/routing/", {f"{key}-order": IN_TURN}).status_code == 403
    client.force_login(cast.ada)
    assert client.post("/settings/routing/", {f"{key}-order": "somehow"}).status_code == 422
    assert client.post("/settings/routing/", {f"{key}-order": MOST_ROOM}).status_code == 302
    routing = TicketRouting.objects.get()
    assert (routing.queue, routing.order, routing.only_ready) == (cast.support_queue, MOST_ROOM, False)
    assert client.post("/settings/routing/", {f"{key}-order": ""}).status_code == 302
    assert not TicketRouting.objects.exists()
