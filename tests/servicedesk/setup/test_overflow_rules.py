"""Overflow rules and callback settings on the page of a queue."""

from typing import Any

import pytest

from crmcore.models import Queue
from servicedesk.setup.queue_forms import QueueForm
from servicedesk.setup.queue_rows import RuleForm
from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def rule(cast: Cast, **fields: Any) -> RuleForm:
    form = RuleForm({"when": "wait", "limit": "60", **fields})
    form.instance.queue = cast.support_queue
    return form


def test_number_is_kept_as_it_is_dialled(cast: Cast) -> None:
    form = rule(cast, target="number", to_number="+44 20 7946 0123")
    assert form.is_valid(), form.errors
    assert form.save(commit=False).to_number == "+442079460123"


@pytest.mark.parametrize("number", ["", "the plumber", "+449098790000"])
def test_what_is_not_called_is_refused_in_words(cast: Cast, number: str) -> None:
    assert rule(cast, target="number", to_number=number).errors["to_number"]


def test_callback_needs_no_words_of_its_own_but_a_farewell_does(cast: Cast) -> None:
    assert rule(cast, target="callback").is_valid()
    assert "message" in rule(cast, target="hang_up").errors


def test_callbacks_of_a_queue_are_tried_at_least_once(cast: Cast) -> None:
    form = QueueForm({"callback_attempts": "0", "callback_window_h": "4"}, instance=Queue())
    assert "callback_attempts" in form.errors and "callback_window_h" not in form.errors
