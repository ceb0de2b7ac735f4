"""Stage flows as data: where a ticket may go, and every fault that is found before one is published."""

from typing import Any

import pytest

from tickets.shipped_loop import CATEGORIES, DOCUMENT, FIELDS
from tickets.stage_editing import add_stage, move_stage, remove_stage, write_stage
from tickets.stage_faults import FAULTS, Known, faults
from tickets.stage_flow import END, Flow, read_flow

CODES = [code for code, _name, _name_zh in CATEGORIES]
KNOWN = Known(
    fields={row[0] for row in FIELDS},
    categories=CODES,
    marks={row[0] for row in FIELDS if row[1] == "yes_no"},
)


def stage(code: str, *ways: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "name": code, "next": list(ways), **more}


def flow(*stages: dict[str, Any], **more: Any) -> Flow:
    return read_flow({"stages": list(stages), **more})


def found(read: Flow, known: Known = Known()) -> set[str]:  # noqa: B008  it never changes
    return {fault.code for fault in faults(read, known)}


def test_the_shipped_loop_has_no_faults() -> None:
    assert faults(read_flow(DOCUMENT), KNOWN) == []


@pytest.mark.parametrize("category", CODES)
def test_each_category_passes_its_stages_and_ends_with_a_return_visit(category: str) -> None:
    read = read_flow(DOCUMENT)
    here, passed = read.first(category), []
    while here is not None:
        passed.append(here.code)
        here = read.stage(read.ways(here, category)[0])
    skips = category in ("customer_service", "sales_service")
    inspection = [] if skips else ["inspection"]
    assignment = [] if category == "sales_service" else ["assignment"]
    assert passed == ["reception", *inspection, *assignment, "handling", "closing", "return_visit"]


@pytest.mark.parametrize(
    ("read", "fault"),
    [
        (flow(), "empty"),
        (flow(stage("a", END), stage("a", END)), "twice"),
        (flow({"code": "a", "next": [END]}), "nameless"),
        (flow(stage("a")), "no_way"),
        (flow(stage("a", "b")), "nowhere"),
        (flow(stage("a", "b", tier="project"), stage("b", END), rights={"project": ["work"]}), "no_role"),
        (flow(stage("a", END, tier="planet"), rights={"project": ["work"]}), "bad_tier"),
        (flow(stage("a", END, tier="project")), "no_work"),
        (flow(stage("a", END, needs=["nose"])), "no_field"),
        (flow(stage("a", END, queues={"": "nowhere"})), "no_queue"),
        (flow(stage("a", END, done=["danced"])), "no_doing"),
        (flow(stage("a", END), category_field="nose"), "no_category"),
        (flow(stage("a", END), alarms=["nose"]), "no_alarm"),
        (flow(stage("a", END), stage("b", END)), "unreachable"),
        (flow(stage("a", "b"), stage("b", "a")), "no_end"),
        (flow(stage("a", END, "b"), stage("b", "c"), stage("c", "b")), "no_exit"),
        (flow(stage("a", END, limit_s=5)), "negative"),
        (flow(stage("a", END, is_mandatory=True, skips=["x"])), "mandatory_skipped"),
    ],
)
def test_each_fault_is_found(read: Flow, fault: str) -> None:
    assert fault in found(read)
    assert FAULTS[fault]


def test_a_loop_with_an_exit_is_no_fault() -> None:
    assert found(flow(stage("a", "b"), stage("b", "a", END))) == set()


def test_what_one_category_cannot_finish_is_found_for_it_alone() -> None:
    read = flow(stage("a", "b"), stage("b", "c"), stage("c", END, skips=["x"]), category_field="kind")
    assert not faults(read, Known(categories=["x"]))
    trapped = flow(stage("a", "b"), stage("b", "a", "c"), stage("c", END, "b", skips=["x"]), category_field="kind")
    assert not faults(trapped, Known(categories=["y"]))


def test_ways_pass_over_what_the_category_skips_even_in_a_ring() -> None:
    read = flow(stage("a", "b"), stage("b", "c", skips=["x"]), stage("c", "b", END, skips=["x"]))
    first = read.stages[0]
    assert (read.ways(first, "x"), read.ways(first, "")) == ([END], ["b"])


def test_a_new_stage_comes_before_the_end_and_a_removed_one_leaves_no_gap() -> None:
    document: dict[str, Any] = {"stages": []}
    for code in ("a", "b", "c"):
        document = add_stage(document, code.upper(), "", code)
    assert [row["next"] for row in document["stages"]] == [["b"], ["c"], [END]]
    assert [row["next"] for row in remove_stage(document, "b")["stages"]] == [["c"], [END]]
    assert [row["code"] for row in move_stage(document, "c", up=True)["stages"]] == ["a", "c", "b"]
    assert write_stage(document, "b", {"name": "Bee"})["stages"][1] == {"code": "b", "name": "Bee"}
    assert document["stages"][1]["name"] == "B"


def test_tiers_rise_for_alarmed_tickets_alone() -> None:
    read = read_flow(DOCUMENT)
    first = read.stages[0]
    assert read.tier_of(first, {}) == "project"
    assert read.tier_of(first, {"group_action": False}) == "project"
    assert read.tier_of(first, {"group_action": True}) == "company"
