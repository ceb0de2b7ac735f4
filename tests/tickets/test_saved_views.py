"""Saved views: whose they are, who may change them, what they count, and which screens learn of a change."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from crmcore import clock
from crmcore.models import LiveEvent, Team
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tickets.actions.lifecycle import assign_ticket, resolve_ticket, set_priority
from tickets.actions.saved_views import BadView, remove_view, save_view
from tickets.models import SavedView
from tickets.queries.saved_views import COUNTED_TO, counts, views_of

MON = "2026-01-05T"
URGENT = {"all": [["priority", "is", ["urgent"]], ["active", "yes", None]]}
HELD = ["ticket", "customer", "grade"]


def view(**facts: Any) -> SavedView:
    return SavedView(**{"name": "Urgent ones", "conditions": URGENT, "columns": HELD, **facts})


def posted(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Urgent ones",
        "readers": "me",
        "sort": "oldest",
        "columns": ["customer", "grade"],
        "if-all-0-field": "priority",
        "if-all-0-operator": "is",
        "if-all-0-value": ["urgent"],
        **changes,
    }


def test_own_view_is_nobody_elses(cast: Cast) -> None:
    own = save_view(view(owner=cast.mei), by=cast.mei)
    assert own in views_of(cast.mei)
    assert own not in views_of(cast.sun)
    with pytest.raises(PermissionDenied):
        save_view(own, by=cast.ada)


def test_view_of_a_team_is_on_the_desks_of_teams_below(cast: Cast) -> None:
    below = Team.objects.create(code="shift", name="Shift", parent=cast.support)
    Team.objects.filter(pk=below.pk).update(path=f"{cast.support.path}{below.pk}/")
    cast.omar.teams.set([below])
    shared = save_view(view(team=cast.support), by=cast.sun)
    assert shared in views_of(cast.mei)
    assert shared in views_of(cast.omar)


def test_leader_keeps_the_views_of_the_own_team_and_no_others(cast: Cast) -> None:
    save_view(view(team=cast.support), by=cast.sun)
    for refused in (view(team=cast.billing), view()):
        with pytest.raises(PermissionDenied):
            save_view(refused, by=cast.sun)


def test_agent_cannot_take_a_shared_view_by_making_it_the_own(cast: Cast) -> None:
    shared = SavedView.objects.get(code="open")
    shared.owner = cast.mei
    with pytest.raises(PermissionDenied):
        save_view(shared, by=cast.mei)


def test_conditions_that_cannot_be_asked_are_not_kept(cast: Cast) -> None:
    with pytest.raises(BadView):
        save_view(view(owner=cast.mei, conditions={"all": [["colour", "is", ["red"]]]}), by=cast.mei)


def test_last_view_for_everybody_stays(cast: Cast) -> None:
    *others, last = SavedView.objects.filter(owner=None, team=None)
    for other in others:
        remove_view(other, by=cast.ada)
    with pytest.raises(BadView):
        remove_view(last, by=cast.ada)


def test_count_follows_what_enters_and_leaves(
    cast: Cast, open_at: OpenTicket, django_capture_on_commit_callbacks: Any
) -> None:
    urgent = save_view(view(), by=cast.ada)

    def counted() -> int:
        return counts([urgent], cast.mei, clock.now())[urgent.pk]

    assert counted() == 0
    with django_capture_on_commit_callbacks(execute=True):
        ticket = open_at(MON + "09:00", priority="urgent")
    assert counted() == 1
    with django_capture_on_commit_callbacks(execute=True):
        resolve_ticket(ticket, by=cast.mei)
    assert counted() == 0


def test_count_is_of_what_the_reader_may_see(cast: Cast, open_at: OpenTicket) -> None:
    urgent = save_view(view(), by=cast.ada)
    open_at(MON + "09:00", priority="urgent")
    assert [counts([urgent], user, clock.now())[urgent.pk] for user in (cast.mei, cast.omar)] == [1, 0]


def test_counts_ask_the_database_once_for_readers_of_everything(
    cast: Cast, django_assert_num_queries: Any, open_at: OpenTicket
) -> None:
    views = list(views_of(cast.ada).filter(code__in=["open", "solved", "breaching"]))
    open_at(MON + "09:00")
    moment = clock.now()
    counts(views, cast.ada, moment)
    with django_assert_num_queries(0):
        assert counts(views, cast.ada, moment)


def test_counting_ends(cast: Cast, open_at: OpenTicket, monkeypatch: pytest.MonkeyPatch) -> None:
    assert COUNTED_TO == 99
    monkeypatch.setattr("tickets.queries.saved_views.COUNTED_TO", 2)
    for minute in range(10, 15):
        open_at(f"{MON}09:{minute}", priority="urgent")
    urgent = save_view(view(), by=cast.ada)
    assert counts([urgent], cast.mei, clock.now())[urgent.pk] == 3


def test_change_is_told_to_the_views_that_hold_or_held_the_ticket(cast: Cast, open_at: OpenTicket) -> None:
    urgent, normal = (
        save_view(view(), by=cast.ada),
        save_view(view(name="Normal", conditions={"all": [["priority", "is", ["normal"]]]}), by=cast.ada),
    )
    low = save_view(view(name="Low", conditions={"all": [["priority", "is", ["low"]]]}), by=cast.ada)
    ticket = open_at(MON + "09:00")
    LiveEvent.objects.all().delete()
    with clock.at(at(MON + "10:00")):
        set_priority(ticket, "urgent", by=cast.mei)
    topics = set(LiveEvent.objects.filter(kind="view.changed").values_list("topic", flat=True))
    assert {f"view:{urgent.pk}", f"view:{normal.pk}"} <= topics
    assert f"view:{low.pk}" not in topics


def test_view_that_speaks_of_its_reader_is_told_of_what_some_reader_has(cast: Cast, open_at: OpenTicket) -> None:
    mine = SavedView.objects.get(code="mine")
    ticket = open_at(MON + "09:00")
    LiveEvent.objects.all().delete()
    assign_ticket(ticket, to=cast.mei, by=cast.sun)
    assert LiveEvent.objects.filter(topic=f"view:{mine.pk}").exists()


@pytest.fixture
def mei(client: Client, cast: Cast) -> Client:
    client.force_login(cast.mei)
    return client


def test_view_is_made_shown_changed_and_removed(mei: Client, cast: Cast, open_at: OpenTicket) -> None:
    open_at(MON + "09:00", priority="urgent")
    open_at(MON + "09:00")
    page = mei.post(reverse("tickets:view_new"), posted(), follow=True)
    own = SavedView.objects.get(owner=cast.mei)
    assert (own.conditions, own.columns, own.sort) == (
        {"all": [["priority", "is", ["urgent"]]]},
        ["ticket", "customer", "grade"],
        "oldest",
    )
    assert page.content.count(b'id="ticket-row-') == 1
    mei.post(reverse("tickets:view_edit", args=[own.pk]), posted(name="Rot"))
    assert SavedView.objects.get(pk=own.pk).name == "Rot"
    mei.post(reverse("tickets:view_remove", args=[own.pk]))
    assert not SavedView.objects.filter(pk=own.pk).exists()


def test_what_was_typed_stays_when_something_is_missing(mei: Client) -> None:
    answer = mei.post(reverse("tickets:view_new"), posted(name="", **{"if-all-1-field": "subject"}))
    assert answer.status_code == 422
    assert 'value="urgent" checked' in answer.content.decode()


def test_others_view_cannot_be_opened_for_change(mei: Client, cast: Cast) -> None:
    shared = SavedView.objects.get(code="open")
    assert mei.get(reverse("tickets:view_edit", args=[shared.pk])).status_code == 404
    assert mei.post(reverse("tickets:view_remove", args=[shared.pk])).status_code == 404


def test_agent_cannot_give_a_view_to_everybody(mei: Client) -> None:
    assert mei.post(reverse("tickets:view_new"), posted(readers="all")).status_code == 422


def test_preview_shows_what_the_form_asks(mei: Client, open_at: OpenTicket) -> None:
    open_at(MON + "09:00", priority="urgent", subject="Flood")
    open_at(MON + "09:00", subject="Drip")
    page = mei.post(reverse("tickets:view_preview"), posted()).content.decode()
    assert "Flood" in page
    assert "Drip" not in page


def test_shelf_counts(mei: Client, open_at: OpenTicket) -> None:
    open_at(MON + "09:00")
    page = mei.get(reverse("tickets:shelf"), {"view": "open"}).content.decode()
    assert '<span class="sd-views__n">1</span>' in page


def test_head_of_a_column_sorts(mei: Client, open_at: OpenTicket) -> None:
    for minute in (10, 20):
        open_at(f"{MON}09:{minute}")
    page = mei.get(reverse("tickets:list"), {"view": "open", "sort": "quiet"}).content.decode()
    assert page.index(">T-1<" if ">T-1<" in page else "T-1") < page.index("T-2")
    assert 'aria-sort="ascending"' in page
