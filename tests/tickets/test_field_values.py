"""What a value of each kind must be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.field_values import GREATEST, BadValue, FieldKind, checked


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        ("text", "  Building 3\x00 ", "Building 3"),
        ("long_text", "one\r\ntwo", "one\ntwo"),
        ("whole", 42, 42),
        ("decimal", 0.1, 0.1),
        ("decimal", 12.0, 12),
        ("money", 1250, 1250),
        ("date", "2026-11-22", "2026-11-22"),
        ("moment", "2026-11-22T15:30+08:00", "2026-11-22T07:30:00Z"),
        ("yes_no", False, False),
        ("choice", "b", "b"),
        ("choices", ["b", "a", "b"], ["a", "b"]),
        ("customer", 7, 7),
        ("colleague", 7, 7),
    ],
)
def test_each_kind_keeps_its_values_in_one_form(kind: str, value: object, stored: object) -> None:
    assert checked(kind, value, ["a", "b"]) == stored
    assert type(checked(kind, value, ["a", "b"])) is type(stored)


@pytest.mark.parametrize(
    ("kind", "value", "problem"),
    [
        ("text", 3, "text"),
        ("text", "x" * 201, "too_long"),
        ("whole", True, "number"),
        ("whole", 1.5, "number"),
        ("whole", GREATEST + 1, "too_great"),
        ("decimal", float("nan"), "number"),
        ("decimal", float("inf"), "number"),
        ("decimal", 1e300, "too_great"),
        ("money", 12.5, "number"),
        ("date", "22/11/2026", "date"),
        ("date", "2026-02-30", "date"),
        ("moment", "2026-11-22T15:30", "moment"),
        ("moment", "0001-01-01T00:00+14:00", "moment"),
        ("yes_no", 1, "yes_no"),
        ("choice", "c", "choice"),
        ("choices", ["a", "c"], "choice"),
        ("choices", "a", "choice"),
        ("choices", [{}], "choice"),
        ("customer", -1, "reference"),
        ("colleague", "7", "reference"),
    ],
)
def test_a_wrong_value_is_refused_with_its_reason(kind: str, value: object, problem: str) -> None:
    with pytest.raises(BadValue) as refused:
        checked(kind, value, ["a", "b"])
    assert refused.value.code == problem
    assert refused.value.message


@pytest.mark.parametrize("kind", FieldKind.values)
@pytest.mark.parametrize("nothing", [None, "", "  ", []])
def test_nothing_is_nothing_in_every_kind(kind: str, nothing: object) -> None:
    assert checked(kind, nothing, ["a"]) is None


@given(
    kind=st.sampled_from(FieldKind.values),
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=2),
    ),
)
def test_whatever_json_brings_is_kept_or_refused_and_what_is_kept_is_kept_again(kind: str, value: object) -> None:
    try:
        once = checked(kind, value, ["a", "b"])
    except BadValue:
        return
    assert checked(kind, once, ["a", "b"]) == once
