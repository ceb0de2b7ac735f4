"""The reception's register: entries without a name, their flaws, the check, and the card of a visitor."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from crmcore import clock
from crmcore.actions.reception import card_of, check_reception, correct_reception, record_reception
from crmcore.models import Lead, Reception, User
from crmcore.queries.reception import by_recorder, in_view
from tests.cast import Cast
from tests.crmcore.leads import grade, source


def entry(by: User, **fields: Any) -> Reception:
    return record_reception(by=by, **({"arrived_at": clock.now() - timedelta(minutes=5)} | fields))


def test_somebody_without_a_name_is_written_down_and_found_incomplete(cast: Cast) -> None:
    made = entry(cast.mei)
    assert made.flaws == ["no_source", "no_summary", "no_product", "no_consultant"]
    assert list(in_view(cast.sun, "no_source")) == [made]


def test_late_short_and_copied_entries_are_suspicious(cast: Cast) -> None:
    now = clock.now()
    late = entry(cast.mei, arrived_at=now - timedelta(days=2), summary="Asked about prices")
    short = entry(cast.mei, left_at=now - timedelta(minutes=4, seconds=30))
    copied = entry(cast.mei, summary="Asked about prices")
    assert set(in_view(cast.sun, "suspicious")) == {late, short, copied}


def test_the_same_form_twice_is_one_entry(cast: Cast) -> None:
    assert entry(cast.mei, once="a") == entry(cast.mei, once="a")


def test_nobody_leaves_before_they_come(cast: Cast) -> None:
    now = clock.now()
    with pytest.raises(ValidationError):
        entry(cast.mei, left_at=now - timedelta(hours=1))
    with pytest.raises(ValidationError):
        entry(cast.mei, arrived_at=now + timedelta(hours=1))


def test_a_returned_entry_waits_again_once_it_is_corrected(cast: Cast) -> None:
    made = entry(cast.mei)
    with pytest.raises(ValidationError):
        check_reception(made, by=cast.sun, is_right=False)
    returned = check_reception(made, by=cast.sun, is_right=False, remark="Ask for the source")
    assert returned.check_state == "returned"
    corrected = correct_reception(made, by=cast.mei, source=source())
    assert (corrected.check_state, "no_source" in corrected.flaws) == ("open", False)


def test_recorders_check_nothing_of_their_own(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        check_reception(entry(cast.mei), by=cast.mei, is_right=True)
    with pytest.raises(ValidationError):
        check_reception(entry(cast.sun), by=cast.sun, is_right=True)


def test_figures_tell_who_writes_poorly(cast: Cast) -> None:
    now = clock.now()
    entry(cast.mei)
    check_reception(entry(cast.mei, source=source()), by=cast.sun, is_right=False, remark="Who?")
    (figures,) = by_recorder(cast.sun, now - timedelta(days=1), now + timedelta(days=1))
    assert (figures.recorder, figures.entries, figures.no_source, figures.returned) == (cast.mei, 2, 1, 1)
    assert by_recorder(cast.omar, now - timedelta(days=1), now + timedelta(days=1)) == []


def test_an_entry_becomes_one_card_of_its_consultant(cast: Cast) -> None:
    grade("a")
    made = entry(cast.mei, name="Ivo", phone="+44 20 7946 0680", source=source(), consultant=cast.omar)
    lead = card_of(made, by=cast.mei)
    assert (lead.owner, lead.origin, lead.name) == (cast.omar, "register", "Ivo")
    assert card_of(made, by=cast.mei) == lead
    assert Lead.objects.count() == 1


def test_a_card_needs_the_source_that_the_entry_lacks(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        card_of(entry(cast.mei), by=cast.mei)
