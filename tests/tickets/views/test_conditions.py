"""Rows of conditions: what was stored is shown, what was typed is read, and nothing typed is lost."""

from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from tests.cast import Cast
from tickets.condition_forms import ConditionsForm

URGENT_FOR_DAYS = {
    "all": [["priority", "is", ["high", "urgent"]], ["opened", "before", 48]],
    "any": [["assignee", "is", ["me"]], ["subject", "contains", "发票"]],
}


def posted(form: ConditionsForm) -> QueryDict:
    """What a browser sends for a form as it is shown."""
    data = QueryDict(mutable=True)
    for row in [row for part in form.parts for row in part.rows]:
        data[f"{row.key}-field"] = row.field.code if row.field else ""
        data[f"{row.key}-operator"] = row.operator.code if row.operator else ""
        data.setlist(f"{row.key}-value", [str(one) for one in _listed(row.value)])
    return data


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


@pytest.mark.usefixtures("cast")
def test_stored_conditions_come_back_from_the_form() -> None:
    form = ConditionsForm(initial=URGENT_FOR_DAYS)
    again = ConditionsForm(posted(form))
    assert again.is_valid()
    assert form.value == again.value == URGENT_FOR_DAYS


@pytest.mark.usefixtures("cast")
def test_row_without_a_value_is_kept_and_said() -> None:
    data = QueryDict("if-all-0-field=priority&if-all-0-operator=is&if-all-1-field=subject&if-all-1-value=E3")
    form = ConditionsForm(data)
    assert not form.is_valid()
    assert [bool(row.error) for row in form.parts[0].rows] == [True, False, False]
    assert form.parts[0].rows[1].value == "E3"


@pytest.mark.usefixtures("cast")
def test_value_that_is_not_in_the_list_is_dropped() -> None:
    data = QueryDict("if-any-0-field=priority&if-any-0-value=urgent&if-any-0-value=%27or+1%3D1")
    assert ConditionsForm(data).value == {"any": [["priority", "is", ["urgent"]]]}


@pytest.mark.usefixtures("cast")
def test_field_that_was_removed_is_said() -> None:
    form = ConditionsForm(initial={"all": [["colour", "is", ["red"]]]})
    assert not form.is_valid()
    assert form.value == {}


def test_chosen_field_brings_its_operators_and_the_next_row(client: Client, cast: Cast) -> None:
    client.force_login(cast.mei)
    page = client.get("/tickets/conditions/if-all-0/", {"if-all-0-field": "priority", "add": "1"}).content.decode()
    assert 'name="if-all-0-value" value="urgent"' in page
    assert 'id="cond-if-all-1"' in page


def test_field_taken_away_removes_the_row(client: Client, cast: Cast) -> None:
    client.force_login(cast.mei)
    assert client.get("/tickets/conditions/if-all-0/", {"if-all-0-field": ""}).content == b""


def test_strange_key_is_not_found(client: Client, cast: Cast) -> None:
    client.force_login(cast.mei)
    assert client.get("/tickets/conditions/if-some-0/").status_code == 404
