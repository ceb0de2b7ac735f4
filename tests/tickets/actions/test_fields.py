"""A ticket's own fields: asked for by type, told in both languages, never overwritten unseen."""

import pytest
from django.utils import translation

from crmcore import clock
from crmcore.models import AuditEntry
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tickets.actions.changing import StaleTicket
from tickets.actions.field_setup import attach_field
from tickets.actions.fields import BadFields, set_fields
from tickets.actions.lifecycle import resolve_ticket
from tickets.actions.moves import WrongMove
from tickets.models import Ticket, TicketField, TypeField
from tickets.queries.fields import shown_fields
from tickets.queries.timeline import timeline
from tickets.queries.wording import type_called
from tickets.queries.worklists import search

MON = "2026-01-05T"


@pytest.fixture
def fault(cast: Cast) -> TicketField:
    """Repairs ask which fault it is."""
    return asked(
        cast,
        "fault",
        kind="choice",
        name="Fault",
        name_zh="故障",
        choices=[["leak", "Leak", "漏水", True], ["noise", "Noise", "异响", True]],
        is_searchable=True,
    )


def asked(cast: Cast, code: str, *, required: str = "", **facts: object) -> TicketField:
    field = TicketField.objects.create(code=code, **{"kind": "text", "name": code.title(), **facts})
    attach_field(type_called("repair"), field, by=cast.ada)
    TypeField.objects.filter(field=field).update(required=required)
    return field


def test_a_change_stands_on_the_timeline_in_the_readers_language(
    cast: Cast, open_at: OpenTicket, fault: TicketField
) -> None:
    ticket = open_at(MON + "09:00")
    set_fields(ticket, {"fault": "leak"}, by=cast.mei)
    set_fields(ticket, {"fault": "noise"}, by=cast.mei)
    set_fields(ticket, {"fault": None}, by=cast.mei)
    said = [entry.did for entry in timeline(ticket, cast.mei, show="changes").entries[-3:]]
    assert said == ["set Fault to Leak", "changed Fault from Leak to Noise", "emptied Fault, which was Noise"]
    with translation.override("zh-hans"):
        assert "异响" in timeline(ticket, cast.mei, show="changes").entries[-1].did
    assert AuditEntry.objects.filter(verb="ticket.fields_set").count() == 3


def test_saying_the_same_again_changes_nothing(cast: Cast, open_at: OpenTicket, fault: TicketField) -> None:
    ticket = set_fields(open_at(MON + "09:00"), {"fault": "leak"}, by=cast.mei)
    assert set_fields(ticket, {"fault": "leak"}, by=cast.mei).seq == ticket.seq


def test_nobody_overwrites_a_field_that_changed_unseen(cast: Cast, open_at: OpenTicket, fault: TicketField) -> None:
    asked(cast, "floor")
    ticket = open_at(MON + "09:00")
    set_fields(ticket, {"fault": "leak"}, by=cast.mei)
    with pytest.raises(StaleTicket):
        set_fields(ticket, {"fault": "noise"}, by=cast.ada, seen_seq=ticket.seq)
    set_fields(ticket, {"floor": "3"}, by=cast.ada, seen_seq=ticket.seq)
    ticket.refresh_from_db()
    assert ticket.fields == {"fault": "leak", "floor": "3"}


def test_unknown_fields_and_wrong_values_are_refused_together_and_nothing_is_kept(
    cast: Cast, open_at: OpenTicket, fault: TicketField
) -> None:
    ticket = open_at(MON + "09:00")
    with pytest.raises(BadFields) as refused:
        set_fields(ticket, {"fault": "fire", "colour": "red"}, by=cast.mei)
    assert {code: bad.code for code, bad in refused.value.problems.items()} == {"fault": "choice", "colour": "unknown"}
    ticket.refresh_from_db()
    assert ticket.fields == {}


def test_a_choice_no_longer_offered_stays_readable_and_may_stay(
    cast: Cast, open_at: OpenTicket, fault: TicketField
) -> None:
    ticket = set_fields(open_at(MON + "09:00"), {"fault": "leak"}, by=cast.mei)
    fault.choices = [["leak", "Leak", "漏水", False], ["noise", "Noise", "异响", True]]
    fault.save()
    assert [one.text for one in shown_fields(ticket)] == ["Leak"]
    set_fields(ticket, {"fault": "leak"}, by=cast.mei)
    with pytest.raises(BadFields):
        set_fields(open_at(MON + "10:00"), {"fault": "leak"}, by=cast.mei)


def test_what_a_type_asks_on_opening_is_asked_of_forms_and_not_of_calls(cast: Cast, open_at: OpenTicket) -> None:
    asked(cast, "floor", required="opening")
    with pytest.raises(BadFields):
        open_at(MON + "09:00", by=cast.mei, fields={})
    assert open_at(MON + "09:00", by=cast.mei, fields={"floor": "3"}).fields == {"floor": "3"}
    assert open_at(MON + "09:00").fields == {}


def test_customers_are_asked_only_for_what_they_see(cast: Cast, open_at: OpenTicket) -> None:
    asked(cast, "cause", required="opening")
    assert open_at(MON + "09:00", by=cast.zhao, fields={}).fields == {}


def test_the_desk_does_not_solve_what_lacks_a_required_field(cast: Cast, open_at: OpenTicket) -> None:
    asked(cast, "cause", required="solving", name="Root cause")
    ticket = open_at(MON + "09:00")
    with pytest.raises(WrongMove, match="Root cause"):
        resolve_ticket(ticket, by=cast.mei)
    set_fields(ticket, {"cause": "Seal"}, by=cast.mei)
    assert not resolve_ticket(ticket, by=cast.mei).is_active


def test_its_customer_may_say_that_it_is_solved(cast: Cast, open_at: OpenTicket) -> None:
    asked(cast, "cause", required="solving")
    assert not resolve_ticket(open_at(MON + "09:00"), by=cast.zhao).is_active


def test_searchable_fields_find_the_ticket_in_both_languages(
    cast: Cast, open_at: OpenTicket, fault: TicketField
) -> None:
    ticket = set_fields(open_at(MON + "09:00"), {"fault": "noise"}, by=cast.mei)
    for words in ("noise", "异响"):
        assert list(search(Ticket.objects.all(), words)) == [ticket]


def test_a_value_from_a_former_type_stays_readable(cast: Cast, open_at: OpenTicket, fault: TicketField) -> None:
    ticket = set_fields(open_at(MON + "09:00"), {"fault": "noise"}, by=cast.mei)
    Ticket.objects.filter(pk=ticket.pk).update(type=type_called("complaint"))
    ticket.refresh_from_db()
    assert [one.text for one in shown_fields(ticket)] == ["Noise"]


def test_people_and_customers_must_exist(cast: Cast, open_at: OpenTicket) -> None:
    asked(cast, "fitter", kind="colleague")
    ticket = open_at(MON + "09:00")
    for nobody in (10**9, cast.zhao.pk):
        with pytest.raises(BadFields):
            set_fields(ticket, {"fitter": nobody}, by=cast.mei)
    set_fields(ticket, {"fitter": cast.omar.pk}, by=cast.mei)
    ticket.refresh_from_db()
    assert [one.text for one in shown_fields(ticket)] == ["Omar"]


def test_a_moment_is_told_in_the_readers_zone(cast: Cast, open_at: OpenTicket) -> None:
    asked(cast, "visit", kind="moment")
    with clock.at(at(MON + "10:00")):
        ticket = set_fields(open_at(MON + "09:00"), {"visit": "2026-01-06T15:00+08:00"}, by=cast.mei)
    assert "6 Jan 2026 07:00" in timeline(ticket, cast.mei).entries[-1].did
