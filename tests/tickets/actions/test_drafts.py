"""Drafts: one text per person and place, forgotten when empty."""

from tests.cast import Cast
from tickets.actions.drafts import save_draft
from tickets.models import Draft


def test_the_last_text_counts(cast: Cast) -> None:
    for body in ("H", "He", "Hello"):
        save_draft(cast.mei, "ticket:1", body)
    assert Draft.objects.get(user=cast.mei).body == "Hello"


def test_an_empty_text_is_forgotten(cast: Cast) -> None:
    save_draft(cast.mei, "ticket:1", "Hello")
    save_draft(cast.mei, "ticket:1", "  ")
    assert not Draft.objects.exists()


def test_people_and_places_do_not_mix(cast: Cast) -> None:
    save_draft(cast.mei, "ticket:1", "Mine")
    save_draft(cast.sun, "ticket:1", "Hers")
    save_draft(cast.mei, "ticket:2", "Other")
    assert Draft.objects.count() == 3
