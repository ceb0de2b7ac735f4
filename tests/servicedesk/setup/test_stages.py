"""The editor of stage flows: drafts, faults that stand against publishing, versions that never change."""

import pytest
from django.test import Client

from tests.cast import Cast, make_cast
from tickets.actions.defaults import ensure_ticket_defaults
from tickets.models import StageFlow, TicketType
from tickets.queries.wording import type_called
from tickets.shipped_loop import CATEGORIES, DOCUMENT


@pytest.fixture
def cast(db: None) -> Cast:
    cast = make_cast()
    ensure_ticket_defaults()
    return cast


@pytest.fixture
def admin(client: Client, cast: Cast) -> Client:
    client.force_login(cast.ada)
    return client


def here(kind: TicketType, more: str = "") -> str:
    return f"/settings/ticket-stages/{kind.pk}/{more}"


def add(admin: Client, kind: TicketType, name: str) -> None:
    admin.post(here(kind, "change/"), {"add": "1", "name": name})


def test_only_who_edits_settings_opens_the_editor(client: Client, admin: Client, cast: Cast) -> None:
    kind = type_called("property_complaint")
    for more in ("", "?stage=handling", "?all=1"):
        assert admin.get(here(kind, more)).status_code == 200
    client.force_login(cast.sun)
    assert client.get(here(kind)).status_code == 403


def test_a_flow_is_drawn_and_published_for_new_tickets(admin: Client) -> None:
    kind = type_called("repair")
    for name in ("Booked", "Repaired"):
        add(admin, kind, name)
    flow = StageFlow.objects.get(type=kind)
    assert flow.in_use is None
    admin.post(here(kind, "change/"), {"publish": flow.draft.revision})
    assert [stage.next for stage in flow.in_use.read().stages] == [("repaired",), ("end",)]


def test_faults_are_shown_and_stand_against_publishing(admin: Client) -> None:
    kind = type_called("repair")
    for name in ("Booked", "Repaired"):
        add(admin, kind, name)
    admin.post(here(kind, "stages/booked/"), {"name": "Booked", "next": ["end"]})
    assert "Nothing leads to this stage." in admin.get(here(kind)).content.decode()
    flow = StageFlow.objects.get(type=kind)
    admin.post(here(kind, "change/"), {"publish": flow.draft.revision})
    assert flow.in_use is None


def test_only_the_draft_that_was_seen_is_published(admin: Client) -> None:
    kind = type_called("repair")
    add(admin, kind, "Booked")
    admin.post(here(kind, "change/"), {"publish": "0"})
    assert StageFlow.objects.get(type=kind).in_use is None


def test_a_stage_is_written_with_its_differences_by_category(admin: Client) -> None:
    kind = type_called("property_complaint")
    form = {"name": "Handling", "name_zh": "处理", "tier": "company", "limit": "1.5", "next": ["closing"]}
    by_category = {"skip_sales_service": "on", "limit_planning_design": "12"}
    admin.post(here(kind, "stages/handling/"), {**form, **by_category})
    flow = kind.stage_flow
    stage = flow.draft.read().stage("handling")
    assert (stage.tier, stage.limit_s, stage.skips) == ("company", 5400, ("sales_service",))
    assert (stage.limit("planning_design"), stage.limit("property_repair")) == (43200, 5400)
    assert flow.in_use.document == DOCUMENT


def test_saving_every_stage_as_it_stands_changes_nothing_that_matters(admin: Client) -> None:
    kind = type_called("property_complaint")
    for before in kind.stage_flow.in_use.read().stages:
        page = admin.get(here(kind, f"?stage={before.code}"))
        form = page.context["form"]
        values = {name: form[name].value() for name in form.fields}
        sent = {name: value for name, value in values.items() if value not in (None, False, "")}
        admin.post(here(kind, f"stages/{before.code}/"), sent)
        after = kind.stage_flow.draft.read().stage(before.code)
        categories = [code for code, _name, _name_zh in CATEGORIES]
        assert [after.limit(code) for code in categories] == [before.limit(code) for code in categories]
        assert (after.needs, set(after.next), after.skips) == (before.needs, set(before.next), before.skips)


def test_what_holds_for_all_stages_is_kept(admin: Client) -> None:
    kind = type_called("property_complaint")
    admin.post(here(kind, "change/"), {"all": "1", "end_status": "solved", "rights_project": ["work", "skip"]})
    read = kind.stage_flow.draft.read()
    assert (read.end_status, dict(read.rights), read.alarms) == ("solved", {"project": ("work", "skip")}, ())


def test_a_discarded_draft_leaves_the_version_in_use(admin: Client) -> None:
    kind = type_called("property_complaint")
    admin.post(here(kind, "stages/inspection/"), {"remove": "1"})
    assert kind.stage_flow.draft is not None
    admin.post(here(kind, "change/"), {"discard": "1"})
    assert kind.stage_flow.draft is None
    assert kind.stage_flow.in_use.number == 1


def test_a_flow_at_rest_leaves_new_tickets_alone(admin: Client) -> None:
    kind = type_called("property_complaint")
    admin.post(here(kind, "change/"), {"active": "0"})
    assert not StageFlow.objects.get(type=kind).is_active
