"""Many tickets at once: each for itself, with the rights of who began it, resumed after a death, and back again."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse

from crmcore.models import Grant
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket
from tickets.actions import bulk
from tickets.actions.bulk import Refused, change_many, undo, work_off
from tickets.actions.lifecycle import set_priority, set_status
from tickets.actions.replies import add_note
from tickets.models import BulkChange, BulkItem, Ticket
from tickets.queries.bulk import progress_of
from tickets.queries.wording import status_called

MON = "2026-01-05T"
HIGH = [["priority", "high"]]


@pytest.fixture
def three(open_at: OpenTicket) -> list[Ticket]:
    return [open_at(f"{MON}09:{minute}") for minute in (10, 20, 30)]


def done(change: BulkChange) -> BulkChange:
    work_off(change.pk)
    change.refresh_from_db()
    return change


def facts() -> list[dict[str, Any]]:
    return list(Ticket.objects.order_by("pk").values("status", "priority", "queue", "assignee", "type"))


def priorities(tickets: list[Ticket]) -> list[str]:
    return [Ticket.objects.get(pk=ticket.pk).priority for ticket in tickets]


def test_steps_are_done_on_every_ticket(cast: Cast, three: list[Ticket]) -> None:
    steps = [*HIGH, ["assignee", "me"], ["note", "Storm damage"]]
    change = done(change_many([one.pk for one in three], steps, by=cast.mei))
    assert change.state == "done"
    assert priorities(three) == ["high"] * 3
    for ticket in Ticket.objects.all():
        assert ticket.assignee == cast.mei
        assert ticket.interactions.filter(channel="note", body="Storm damage", by=cast.mei).count() == 1


def test_tickets_that_may_not_be_changed_are_left_and_named(
    cast: Cast, three: list[Ticket], open_at: OpenTicket
) -> None:
    elsewhere = open_at(MON + "09:00", queue=cast.billing_queue)
    change = done(change_many([three[0].pk, elsewhere.pk], HIGH, by=cast.mei))
    assert progress_of(change).numbers == {"done": 1, "skipped": 1}
    assert change.items.get(ticket=elsewhere).reason
    assert priorities([elsewhere]) == ["normal"]


def test_wrong_move_of_one_stops_none_of_the_others(cast: Cast, three: list[Ticket]) -> None:
    set_status(three[1], status_called("closed"), by=cast.mei)
    open_status = [["priority", "high"], ["status", str(status_called("open").pk)]]
    change = done(change_many([one.pk for one in three], open_status, by=cast.mei))
    assert priorities(three) == ["high", "normal", "high"]
    assert "closed" in change.items.get(ticket=three[1]).reason


def test_what_a_dying_process_left_is_done_once(
    cast: Cast, three: list[Ticket], monkeypatch: pytest.MonkeyPatch
) -> None:
    change = change_many([one.pk for one in three], [["note", "once"]], by=cast.mei)
    real, worked = bulk._do, []

    def dies_at_the_second(change: BulkChange, item: BulkItem) -> None:
        worked.append(item)
        if len(worked) == 2:
            raise SystemExit
        real(change, item)

    monkeypatch.setattr(bulk, "_do", dies_at_the_second)
    with pytest.raises(SystemExit):
        work_off(change.pk)
    monkeypatch.setattr(bulk, "_do", real)
    done(change)
    assert [ticket.interactions.filter(body="once").count() for ticket in Ticket.objects.all()] == [1, 1, 1]


def test_undo_restores_all_that_nobody_touched_since(cast: Cast, three: list[Ticket]) -> None:
    steps = [
        *HIGH,
        ["assignee", "me"],
        ["status", str(status_called("waiting").pk)],
        ["queue", str(cast.support_queue.pk)],
    ]
    before = list(Ticket.objects.order_by("pk").values("status", "priority", "queue", "assignee", "type"))
    change = done(change_many([one.pk for one in three], steps, by=cast.mei))
    add_note(three[2], by=cast.sun, body="I have called them.")
    assert undo(change, by=cast.mei)
    done(change)
    assert (
        list(Ticket.objects.order_by("pk").values("status", "priority", "queue", "assignee", "type"))[:2] == before[:2]
    )
    assert priorities(three)[2] == "high"
    assert progress_of(change).numbers == {"undone": 2, "kept": 1}


def test_undo_restores_the_clocks(cast: Cast, three: list[Ticket]) -> None:
    due = Ticket.objects.get(pk=three[0].pk).sla_due_at
    change = done(change_many([three[0].pk], [["priority", "urgent"]], by=cast.mei))
    assert Ticket.objects.get(pk=three[0].pk).sla_due_at != due
    undo(change, by=cast.mei)
    done(change)
    assert Ticket.objects.get(pk=three[0].pk).sla_due_at == due


def test_only_the_one_who_began_it_undoes_it_and_only_once(cast: Cast, three: list[Ticket]) -> None:
    change = done(change_many([three[0].pk], HIGH, by=cast.mei))
    assert not undo(change, by=cast.sun)
    assert undo(change, by=cast.mei)
    assert not undo(change, by=cast.mei)


@pytest.mark.parametrize(
    "steps", [[], [["priority", "boiling"]], [["paint", "red"]], [["status", "999999"]], [["note", ""]]]
)
def test_steps_that_cannot_be_done_are_refused(cast: Cast, three: list[Ticket], steps: list[Any]) -> None:
    with pytest.raises(Refused):
        change_many([three[0].pk], steps, by=cast.mei)


def test_no_ticket_and_too_many_are_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MOST", 2)
    for ids in ([], [1, 2, 3]):
        with pytest.raises(Refused):
            change_many(ids, HIGH, by=cast.mei)


def test_customers_change_nothing(cast: Cast, three: list[Ticket]) -> None:
    with pytest.raises(PermissionDenied):
        change_many([three[0].pk], [["assignee", "nobody"]], by=cast.zhao)


def test_least_loaded_gets_one_after_the_other(cast: Cast, three: list[Ticket]) -> None:
    cast.support_queue.memberships.create(user=cast.sun)
    done(change_many([one.pk for one in three], [["assignee", "least"]], by=cast.mei))
    taken = sorted(Ticket.objects.values_list("assignee__name", flat=True))
    assert taken in (["Mei", "Mei", "Sun"], ["Mei", "Sun", "Sun"])


def test_portion_costs_the_same_for_each_ticket(
    cast: Cast, open_at: OpenTicket, django_assert_max_num_queries: Any
) -> None:
    few = [open_at(f"{MON}09:{minute}").pk for minute in (10, 11)]
    many = [open_at(f"{MON}10:{minute}").pk for minute in range(10, 20)]

    def statements(ids: list[int]) -> int:
        change = change_many(ids, HIGH, by=cast.mei)
        before = len(connection.queries_log)
        connection.force_debug_cursor = True
        try:
            work_off(change.pk)
        finally:
            connection.force_debug_cursor = False
        return len(connection.queries_log) - before

    per_few, per_many = statements(few) / 2, statements(many) / 10
    assert per_many <= per_few


@pytest.fixture
def mei(client: Client, cast: Cast) -> Client:
    client.force_login(cast.mei)
    return client


def test_ticked_tickets_are_changed_from_the_list(
    mei: Client, three: list[Ticket], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        mei.post(reverse("tickets:bulk"), {"ticket": [one.pk for one in three[:2]], "step": "priority:high"})
    assert priorities(three) == ["high", "high", "normal"]
    page = mei.get(reverse("tickets:bulk_strip")).content.decode()
    assert "2 tickets changed" in page
    assert reverse("tickets:bulk_undo", args=[BulkChange.objects.get().pk]) in page


def test_choices_are_those_of_the_readers_rights(mei: Client, cast: Cast) -> None:
    page = mei.get(reverse("tickets:bulk_choices")).content.decode()
    assert 'value="priority:high"' in page
    assert f'value="assignee:{cast.sun.pk}"' in page
    Grant.objects.filter(role__code="agent", noun="ticket", action="assign").delete()
    assert f'value="assignee:{cast.sun.pk}"' not in mei.get(reverse("tickets:bulk_choices")).content.decode()
    Grant.objects.filter(role__code="agent", noun="ticket", action="edit").delete()
    assert mei.get(reverse("tickets:bulk_choices")).status_code == 403


def test_whole_view_is_changed(mei: Client, three: list[Ticket], django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        mei.post(reverse("tickets:bulk"), {"whole": "1", "view": "open", "step": "priority:high"})
    assert priorities(three) == ["high"] * 3


def test_what_was_left_out_is_listed_for_the_one_who_began_it(client: Client, cast: Cast, three: list[Ticket]) -> None:
    set_status(three[0], status_called("closed"), by=cast.mei)
    change = done(change_many([three[0].pk], [["status", str(status_called("open").pk)]], by=cast.mei))
    client.force_login(cast.mei)
    page = client.get(reverse("tickets:bulk_change", args=[change.pk]))
    assert three[0].number in page.content.decode()
    client.force_login(cast.sun)
    assert client.get(reverse("tickets:bulk_change", args=[change.pk])).status_code == 404


def test_list_offers_no_boxes_to_who_may_only_read(client: Client, cast: Cast, three: list[Ticket]) -> None:
    cast.mei.roles.first().grants.filter(noun="ticket", action="edit").delete()
    client.force_login(cast.mei)
    assert b'form="bulk"' not in client.get(reverse("tickets:list"), {"view": "open"}).content


def test_priority_set_by_hand_meanwhile_is_not_undone(cast: Cast, three: list[Ticket]) -> None:
    change = done(change_many([three[0].pk], HIGH, by=cast.mei))
    set_priority(three[0], "urgent", by=cast.sun)
    undo(change, by=cast.mei)
    done(change)
    assert priorities(three)[0] == "urgent"
