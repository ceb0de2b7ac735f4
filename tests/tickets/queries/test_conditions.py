"""Conditions give the same verdict in the database and in memory, and refuse what they cannot ask."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmcore import clock
from crmcore.models import Account, Region, Team, User
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tickets.actions.lifecycle import assign_ticket, resolve_ticket
from tickets.field_values import FieldKind
from tickets.models import Category, Priority, Tag, Ticket, TicketField
from tickets.queries.condition_fields import ME, Field, Kind, fields
from tickets.queries.conditions import holds, matching, operators_of, problems, understand

NOW = at("2026-03-04T12:00")


def found(conditions: Any, me: User | None = None) -> set[int]:
    return set(Ticket.objects.filter(matching(conditions, now=NOW, me=me)).values_list("pk", flat=True))


def held(conditions: Any, me: User | None = None) -> set[int]:
    return {ticket.pk for ticket in Ticket.objects.all() if holds(conditions, ticket, now=NOW, me=me)}


ANSWERS: list[dict[str, Any]] = [
    {"colour": "red", "size": 5, "due": "2026-03-03", "seen": "2026-03-04T03:30:00Z", "spare": True, "parts": ["a"]},
    {"colour": "blue", "size": 2.5, "due": "2026-03-05", "spare": False, "parts": ["a", "b"], "serial": "CX-发票"},
    {"seen": "2026-03-01T00:00:00Z", "size": 0},
]


@pytest.fixture
def own_fields(cast: Cast) -> None:
    """One of each kind that is compared in its own way."""
    choices = {
        "colour": [["red", "Red", "", True], ["blue", "Blue", "", True]],
        "parts": [["a", "A", "", True], ["b", "B", "", True]],
    }
    kinds = {
        "colour": FieldKind.CHOICE,
        "parts": FieldKind.CHOICES,
        "size": FieldKind.DECIMAL,
        "due": FieldKind.DATE,
        "seen": FieldKind.MOMENT,
        "spare": FieldKind.YES_NO,
        "serial": FieldKind.TEXT,
        "fitter": FieldKind.COLLEAGUE,
    }
    for code, kind in kinds.items():
        TicketField.objects.create(code=code, name=code, kind=kind, choices=choices.get(code, []))


@pytest.fixture
def tickets(cast: Cast, open_at: OpenTicket, own_fields: None) -> list[Ticket]:
    """Seven that differ in all that conditions ask about."""
    made = [
        open_at("2026-03-02T10:00"),
        open_at("2026-03-02T11:00", priority=Priority.URGENT, subject="Rechnung / 发票 falsch"),
        open_at("2026-03-03T10:00", account=None, contact=None, by=cast.mei, channel="call"),
        open_at("2026-03-03T11:00", assignee=cast.mei, subject="E3 again"),
        open_at("2026-03-04T10:00", account=None),
        open_at("2026-03-04T11:00", by=None, channel="email"),
    ]
    with clock.at(at("2026-03-04T11:30")):
        resolve_ticket(assign_ticket(made[0], to=cast.mei, by=cast.mei), by=cast.mei)
    made.append(open_at("2026-03-04T11:45", queue=cast.billing_queue))
    for place, answers in enumerate(ANSWERS):
        Ticket.objects.filter(pk=made[place].pk).update(fields=answers)
    for name, tagged in (("storm", made[1:4]), ("暴雨", made[2:3])):
        Tag.objects.create(name=name, key=name).tickets.set(tagged)
    return made


def values_for(field: Field) -> st.SearchStrategy[Any]:
    if field.kind in (Kind.CODE, Kind.ROW):
        return st.lists(st.sampled_from([value for value, _label in field.choices()] or [1]), min_size=1, max_size=3)
    if field.kind == Kind.WORDS:
        return st.sampled_from(["e3", "发票", "RECHNUNG", "%", "_", "\\", "敏"])
    return st.integers(0, 60)


@st.composite
def one_condition(draw: st.DrawFn) -> list[Any]:
    field = draw(st.sampled_from(list(fields().values())))
    operator = draw(st.sampled_from(operators_of(field)))
    return [field.code, operator.code, draw(values_for(field)) if operator.takes_value else None]


@pytest.mark.usefixtures("tickets")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_database_and_memory_agree(cast: Cast, data: st.DataObject) -> None:
    some = st.lists(one_condition(), max_size=3)
    conditions = {"all": data.draw(some), "any": data.draw(some)}
    me = data.draw(st.sampled_from([None, cast.mei]))
    assert problems(conditions) == []
    assert found(conditions, me) == held(conditions, me)


@pytest.mark.usefixtures("tickets")
def test_every_field_with_every_operator_can_be_asked(cast: Cast) -> None:
    some = {Kind.CODE: ["x"], Kind.ROW: [1], Kind.WORDS: "x"}
    for field in fields().values():
        for operator in operators_of(field):
            condition = [field.code, operator.code, some.get(field.kind, 1)]
            assert found({"all": [condition]}, cast.mei) == held({"all": [condition]}, cast.mei), condition


def test_all_and_any(tickets: list[Ticket]) -> None:
    conditions = {
        "all": [["active", "yes", None]],
        "any": [["priority", "is", ["urgent"]], ["channel", "is", ["call"]]],
    }
    assert found(conditions) == {tickets[1].pk, tickets[2].pk}


@pytest.mark.usefixtures("tickets")
def test_nothing_asked_is_everything() -> None:
    assert found({}) == held({}) == set(Ticket.objects.values_list("pk", flat=True))


def test_own_fields_and_tags_are_asked_like_others(tickets: list[Ticket]) -> None:
    storm = Tag.objects.get(name="storm").pk
    asked: dict[tuple[Any, ...], list[Ticket]] = {
        ("field:colour", "is", ("red",)): tickets[:1],
        ("field:parts", "is", ("b",)): tickets[1:2],
        ("field:parts", "is_not", ("b",)): [tickets[0], *tickets[2:]],
        ("field:size", "at_least", 3): tickets[:1],
        ("field:due", "before", 0): tickets[:1],
        ("field:seen", "within", 24): tickets[:1],
        ("field:spare", "no", None): tickets[1:],
        ("field:serial", "contains", "发票"): tickets[1:2],
        ("tags", "is", (storm,)): tickets[1:4],
        ("tags", "empty", None): [tickets[0], *tickets[4:]],
    }
    for (code, operator, value), expected in asked.items():
        condition = [code, operator, list(value) if isinstance(value, tuple) else value]
        assert found({"all": [condition]}) == held({"all": [condition]}) == {one.pk for one in expected}, condition


def test_me_is_the_reader(cast: Cast, tickets: list[Ticket]) -> None:
    mine = {"all": [["assignee", "is", [ME]]]}
    assert found(mine, cast.mei) == {tickets[0].pk, tickets[3].pk}
    assert found(mine, None) == held(mine, None) == set()


def test_my_queues(cast: Cast, tickets: list[Ticket]) -> None:
    mine = {"all": [["queue", "is", [ME]]]}
    assert tickets[6].pk not in found(mine, cast.mei)
    assert found(mine, cast.mei) == held(mine, cast.mei) != set()


def test_what_is_below_a_team_or_region_is_meant_with_it(cast: Cast, tickets: list[Ticket]) -> None:
    above = Team.objects.create(code="company", name="Company")
    Team.objects.filter(pk=cast.support_queue.team_id).update(parent=above)
    china = Region.objects.create(code="cn", name="China")
    Account.objects.filter(pk=cast.account.pk).update(
        region=Region.objects.create(code="sh", name="Shanghai", parent=china)
    )
    for condition in (["team", "is", [above.pk]], ["region", "is", [china.pk]]):
        assert found({"all": [condition]}) == held({"all": [condition]})
        assert tickets[0].pk in found({"all": [condition]})


def test_moments_are_hours_before_now(tickets: list[Ticket]) -> None:
    assert found({"all": [["opened", "before", 24]]}) == {ticket.pk for ticket in tickets[:4]}
    assert found({"all": [["opened", "within", 1]]}) == {tickets[5].pk, tickets[6].pk}
    assert tickets[5].opened_at == NOW - timedelta(hours=1)


@pytest.mark.usefixtures("tickets")
@pytest.mark.parametrize(
    "condition",
    [
        ["colour", "is", ["red"]],
        ["priority", "contains", "x"],
        ["priority", "is", []],
        ["priority", "is", "urgent"],
        ["assignee", "is", ["you"]],
        ["assignee", "is", [True]],
        ["subject", "contains", "  "],
        ["subject", "contains", "a\0b"],
        ["rating", "at_least", "5"],
        ["opened", "before", -1],
        ["opened", "before", 10**9],
        ["priority", "is"],
        [["priority"], "is", ["urgent"]],
    ],
)
def test_what_cannot_be_asked_is_said_and_holds_for_nothing(condition: list[Any]) -> None:
    conditions = {"all": [condition]}
    assert problems(conditions)
    assert found(conditions) == held(conditions) == set()


@pytest.mark.usefixtures("db")
def test_sentence_reads_like_one() -> None:
    assert understand(["priority", "is", ["urgent", "high"]]).sentence() == "Priority is Urgent or High"
    assert understand(["category", "is_not", [Category.NEW]]).sentence() == "Kind of status is not New"
    assert understand(["opened", "before", 24]).sentence() == "Opened longer ago than 24 h"
    assert understand(["active", "yes", None]).sentence() == "Still open: yes"
    assert understand(["rating", "empty", None]).sentence() == "Rating is empty"
