"""The small forms in a ticket's side: tags, tasks, time, following, reminders, all under the reader's rights."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from crmcore import clock
from crmcore.models import AuditEntry
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tickets.actions.lifecycle import edit_ticket
from tickets.actions.time_worked import start_timer, stop_timer
from tickets.actions.todos import add_todo, set_done
from tickets.models import Reminder, Tag, Ticket, TimeEntry, Todo, TodoTemplate
from tickets.queries.conditions import holds, matching
from tickets.queries.readings import reading_of
from tickets.queries.tags import suggested
from tickets.queries.timeline import timeline
from tickets.queries.wording import type_called
from tickets.queries.work_side import work_on

MON = "2026-01-05T"
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def mei(client: Client, cast: Cast) -> Client:
    client.force_login(cast.mei)
    return client


def post(client: Client, part: str, ticket: Ticket, **form: str) -> str:
    answer = client.post(reverse(f"tickets:{part}", args=[ticket.number]), form, headers=FRAGMENT)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_tag_is_one_word_however_it_is_written(mei: Client, open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    post(mei, "tags", ticket, add="VIP, 發票")
    page = post(mei, "tags", ticket, add="vip,发票，ＶＩＰ")
    assert sorted(Tag.objects.values_list("key", flat=True)) == ["vip", "发票"]
    assert page.count('class="sd-tag"') == 2
    assert timeline(ticket, cast.mei).entries[-1].did == "put on the tags: VIP, 發票"


def test_a_tag_is_taken_off_again(mei: Client, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    post(mei, "tags", ticket, add="vip")
    post(mei, "tags", ticket, remove="VIP")
    assert not ticket.tags.exists()


def test_tags_are_suggested_by_their_beginning_first(mei: Client, open_at: OpenTicket) -> None:
    post(mei, "tags", open_at(MON + "09:00"), add="refund, no refund, 退款")
    assert [tag.name for tag in suggested("Ref")] == ["refund", "no refund"]
    assert [tag.name for tag in suggested("退")] == ["退款"]


def test_conditions_ask_for_tags_alike_in_the_database_and_in_memory(
    mei: Client, open_at: OpenTicket, cast: Cast
) -> None:
    tagged, other, bare = (open_at(MON + f"09:0{n}") for n in range(3))
    post(mei, "tags", tagged, add="vip, 发票")
    post(mei, "tags", other, add="vip")
    vip, bill = (Tag.objects.get(key=key).pk for key in ("vip", "发票"))
    expected: list[tuple[list[object], set[Ticket]]] = [
        (["tags", "is", [vip, bill]], {tagged, other}),
        (["tags", "is", [bill]], {tagged}),
        (["tags", "is_not", [bill]], {other, bare}),
        (["tags", "filled", None], {tagged, other}),
        (["tags", "empty", None], {bare}),
    ]
    for condition, tickets in expected:
        found = Ticket.objects.filter(matching({"all": [condition]}, now=clock.now()))
        assert (found.count(), set(found)) == (len(tickets), tickets)
        held = {one for one in (tagged, other, bare) if holds({"all": [condition]}, one, now=clock.now())}
        assert held == tickets


def test_no_ticket_carries_more_than_twenty_tags(mei: Client, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    post(mei, "tags", ticket, add=",".join(f"t{n}" for n in range(30)))
    assert ticket.tags.count() == 20


def test_a_task_is_done_by_somebody_at_some_time(mei: Client, open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    post(mei, "todo_add", ticket, name="Order the pump", person=str(cast.mei.pk), due="1d", is_mandatory="on")
    todo = Todo.objects.get()
    assert (todo.assignee, todo.is_mandatory, todo.due_at is not None) == (cast.mei, True, True)
    post(mei, "todo_tick", ticket, todo=str(todo.pk), done="1")
    todo.refresh_from_db()
    assert (todo.done_by, todo.done_at is not None) == (cast.mei, True)
    assert timeline(ticket, cast.mei).entries[-1].did == "did the task “Order the pump”"


def test_ticked_twice_it_was_ticked_once(open_at: OpenTicket, cast: Cast) -> None:
    todo = add_todo(open_at(MON + "09:00"), "Call back", by=cast.mei)
    for _ in range(2):
        set_done(todo, by=cast.mei, done=True)
    assert AuditEntry.objects.filter(verb="todo.done").count() == 1


def test_a_new_ticket_begins_with_the_tasks_of_its_type(open_at: OpenTicket, cast: Cast) -> None:
    repair = type_called("repair")
    for place, name in enumerate(("Look", "Repair")):
        TodoTemplate.objects.create(type=repair, name=name, code=name.lower(), position=place, due_hours=2)
    TodoTemplate.objects.create(type=repair, name="Old", code="old", is_active=False)
    ticket = open_at(MON + "09:00")
    assert [(todo.name, todo.due_at) for todo in ticket.todos.all()] == [
        ("Look", at(MON + "11:00")),
        ("Repair", at(MON + "11:00")),
    ]
    assert not open_at(MON + "09:00", type=type_called("complaint")).todos.exists()
    edit_ticket(ticket, by=cast.mei, type=type_called("complaint"))
    assert ticket.todos.count() == 2


def test_solving_with_open_mandatory_tasks_is_asked_and_may_be_done(
    mei: Client, open_at: OpenTicket, cast: Cast
) -> None:
    ticket = open_at(MON + "09:00")
    add_todo(ticket, "Test it", by=cast.mei, is_mandatory=True)
    question = mei.post(reverse("tickets:status", args=[ticket.number]), {"status": "solved"}).headers["Location"]
    assert "Test it" in mei.get(question).content.decode()
    mei.post(question, {"status": "solved"})
    ticket.refresh_from_db()
    assert not ticket.is_active


def test_optional_tasks_stand_in_nobodys_way(mei: Client, open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    add_todo(ticket, "Sweep", by=cast.mei)
    mei.post(reverse("tickets:status", args=[ticket.number]), {"status": "solved"})
    ticket.refresh_from_db()
    assert not ticket.is_active


def test_my_tasks_are_mine_open_and_on_tickets_that_i_see(mei: Client, open_at: OpenTicket, cast: Cast) -> None:
    ticket, hidden = open_at(MON + "09:00"), open_at(MON + "09:00", queue=cast.billing_queue)
    late = add_todo(ticket, "Late one", by=cast.mei, assignee=cast.mei, due_at=at(MON + "10:00"))
    add_todo(ticket, "Of Sun", by=cast.mei, assignee=cast.sun)
    add_todo(hidden, "Out of sight", by=cast.ada, assignee=cast.mei)
    set_done(add_todo(ticket, "Done one", by=cast.mei, assignee=cast.mei), by=cast.mei, done=True)
    page = mei.get(reverse("tickets:todos")).content.decode()
    assert "Late one" in page
    assert not {"Of Sun", "Out of sight", "Done one"} & {
        word for word in ("Of Sun", "Out of sight", "Done one") if word in page
    }
    answer = mei.post(
        reverse("tickets:todo_tick", args=[ticket.number]), {"todo": str(late.pk), "done": "1", "back": "todos"}
    )
    assert answer.headers["Location"] == reverse("tickets:todos")


def test_time_is_summed_over_people_and_timers(mei: Client, open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    post(mei, "time", ticket, minutes="15", words="Read the manual")
    with clock.at(at(MON + "10:00")):
        start_timer(ticket, by=cast.mei)
    with clock.at(at(MON + "10:20")):
        assert work_on(reading_of(ticket, cast.mei, clock.now())).time.seconds == 35 * 60
        stop_timer(by=cast.mei)
    with clock.at(at(MON + "11:00")):
        assert work_on(reading_of(ticket, cast.mei, clock.now())).time.seconds == 35 * 60


def test_a_timer_on_another_ticket_stops_the_first(open_at: OpenTicket, cast: Cast) -> None:
    first, second = open_at(MON + "09:00"), open_at(MON + "09:00")
    with clock.at(at(MON + "10:00")):
        start_timer(first, by=cast.mei)
        start_timer(first, by=cast.mei)
    with clock.at(at(MON + "10:05")):
        start_timer(second, by=cast.mei)
    assert [(entry.ticket, entry.seconds) for entry in TimeEntry.objects.order_by("pk")] == [
        (first, 300),
        (second, None),
    ]


def test_a_correction_leaves_what_stood_there_in_the_trail(mei: Client, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    post(mei, "time", ticket, minutes="50")
    entry = TimeEntry.objects.get()
    post(mei, "time_correct", ticket, entry=str(entry.pk), minutes="5")
    trail = AuditEntry.objects.get(verb="time.corrected")
    assert (trail.detail["was"], trail.detail["now"]) == (3000, 300)


def test_others_time_is_corrected_only_by_who_may_assign(client: Client, open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00", queue=cast.billing_queue)
    cast.omar.roles.get(code="agent").grants.filter(noun="ticket", action="assign").delete()
    client.force_login(cast.omar)
    entry = TimeEntry.objects.create(ticket=ticket, user=cast.ada, started_at=at(MON + "09:00"), seconds=60)
    url = reverse("tickets:time_correct", args=[ticket.number])
    assert client.post(url, {"entry": str(entry.pk), "minutes": "0"}).status_code == 403


def test_following_twice_is_following_once(mei: Client, open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    for _ in range(2):
        post(mei, "watch", ticket, follow="1")
    assert [watch.user for watch in ticket.watches.all()] == [cast.mei]
    post(mei, "watch", ticket, follow="0")
    assert not ticket.watches.exists()


def test_a_second_reminder_replaces_the_first(mei: Client, open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    post(mei, "remind", ticket, at="1h", words="Part arrived?")
    post(mei, "remind", ticket, at="7d", words="Ask again")
    reminder = Reminder.objects.get()
    assert reminder.words == "Ask again"
    assert reminder.due_at > clock.now() + timedelta(days=5)
    post(mei, "remind", ticket, at="")
    assert not Reminder.objects.exists()


@pytest.mark.parametrize(
    "part", ["tags", "todo_add", "timer", "time", "watch", "remind", "merge", "link", "split", "solve"]
)
def test_an_agent_of_another_team_can_do_nothing(client: Client, cast: Cast, open_at: OpenTicket, part: str) -> None:
    ticket = open_at(MON + "09:00")
    client.force_login(cast.omar)
    assert client.post(reverse(f"tickets:{part}", args=[ticket.number]), {"status": "solved"}).status_code == 404
