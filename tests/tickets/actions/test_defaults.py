"""The shipped types, statuses and policy: complete, and left alone once they exist."""

import pytest

from tickets.actions.defaults import ensure_ticket_defaults
from tickets.models import Category, SlaPolicy, SlaPolicyVersion, SlaTarget, TicketStatus, TicketType


@pytest.mark.django_db
def test_there_is_a_status_of_every_category_and_a_target_for_every_metric() -> None:
    ensure_ticket_defaults()
    assert set(TicketStatus.objects.values_list("category", flat=True)) == set(Category.values)
    metrics = set(SlaTarget.objects.values_list("metric", flat=True))
    assert metrics == {"first_reply", "next_reply", "resolution"}
    assert SlaPolicyVersion.objects.get().published_at is not None


@pytest.mark.django_db
def test_what_a_desk_changed_stays() -> None:
    ensure_ticket_defaults()
    TicketType.objects.filter(code="repair").update(name="Fault")
    SlaTarget.objects.all().delete()
    ensure_ticket_defaults()
    assert TicketType.objects.get(code="repair").name == "Fault"
    assert (SlaPolicy.objects.count(), SlaTarget.objects.count()) == (1, 0)
