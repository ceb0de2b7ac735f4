"""Cards of prospects: rules of the grades, contacts, the signature, the end and the conversion."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from crmcore import clock
from crmcore.actions import customers
from crmcore.actions.contact_points import NewPoint
from crmcore.actions.lead_contacts import log_contact, sign_lead
from crmcore.actions.lead_conversion import Conversion, convert_lead
from crmcore.actions.lead_notices import tell_overdue
from crmcore.actions.leads import close_lead, open_lead, reopen_lead, update_lead
from crmcore.models import Account, AuditEntry, Contact, Lead, Notice, Opportunity
from crmcore.queries.leads import in_view, page_of_leads, twins_of
from tests.at_once import at_once
from tests.cast import Cast
from tests.crmcore.leads import card, grade, source


def test_a_card_without_a_source_is_refused(cast: Cast) -> None:
    grade("a")
    with pytest.raises(ValidationError, match="heard of us"):
        open_lead(by=cast.mei, name="Somebody", source=None)


def test_cards_are_numbered_in_order_and_belong_to_who_opened_them(cast: Cast) -> None:
    first, second = card(cast.mei), card(cast.mei)
    assert int(second.number.removeprefix("L-")) == int(first.number.removeprefix("L-")) + 1
    assert first.owner == cast.mei


def test_the_first_contact_is_due_by_the_rule_of_the_grade(cast: Cast) -> None:
    lead = card(cast.mei, grade=grade("hot"))
    assert lead.due_at - lead.opened_at == timedelta(hours=2)


def test_a_contact_moves_the_next_one_by_the_rule_unless_a_day_was_chosen(cast: Cast) -> None:
    lead = card(cast.mei)
    made = log_contact(lead, by=cast.mei, method="call", summary="Wants a visit")
    lead.refresh_from_db()
    assert lead.due_at - made.at == timedelta(days=4)
    chosen = clock.now() + timedelta(days=20)
    log_contact(lead, by=cast.mei, method="call", summary="On holiday", due_at=chosen)
    lead.refresh_from_db()
    assert (lead.due_at, lead.is_due_by_hand) == (chosen, True)


def test_the_same_contact_sent_twice_is_one(cast: Cast) -> None:
    lead = card(cast.mei)
    for _again in range(2):
        log_contact(lead, by=cast.mei, method="call", summary="Wants a visit", once="x1")
    assert lead.contacts.count() == 1


def test_a_changed_grade_is_kept_and_moves_what_is_due(cast: Cast) -> None:
    lead = card(cast.mei)
    changed = update_lead(lead, by=cast.mei, grade=grade("hot"))
    change = lead.grade_changes.get()
    assert (change.before.code, change.after.code, change.by) == ("a", "hot", cast.mei)
    assert changed.due_at - changed.opened_at == timedelta(hours=2)


def test_nobody_signs_their_own_card(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        sign_lead(card(cast.sun), by=cast.sun)
    with pytest.raises(PermissionDenied):
        sign_lead(card(cast.sun, owner=cast.mei), by=cast.sun)
    with pytest.raises(PermissionDenied):
        sign_lead(card(cast.mei), by=cast.mei)


def test_a_change_of_what_was_signed_takes_the_signature_off(cast: Cast) -> None:
    lead = sign_lead(card(cast.mei), by=cast.sun)
    assert lead.signed_by == cast.sun
    assert update_lead(lead, by=cast.mei, help_needed="A sample").signed_by == cast.sun
    assert update_lead(lead, by=cast.mei, budget_minor=100_000).signed_by is None
    assert sign_lead(lead, by=cast.sun).signed_at is not None


def test_a_new_grade_by_a_contact_takes_the_signature_off(cast: Cast) -> None:
    lead = sign_lead(card(cast.mei), by=cast.sun)
    log_contact(lead, by=cast.mei, method="call", summary="Decides today", grade=grade("hot"))
    lead.refresh_from_db()
    assert lead.signed_at is None


def test_who_may_not_assign_gives_nothing_away(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        card(cast.mei, owner=cast.omar)
    assert card(cast.sun, owner=cast.mei).owner == cast.mei


def test_another_team_sees_nothing(cast: Cast) -> None:
    lead = card(cast.mei)
    assert not Lead.objects.visible_to(cast.omar).exists()
    with pytest.raises(PermissionDenied):
        update_lead(lead, by=cast.omar, name="X")


def test_an_end_needs_a_reason_of_its_kind(cast: Cast) -> None:
    lead = card(cast.mei)
    with pytest.raises(ValidationError):
        close_lead(lead, to="lost", reason="spam", by=cast.mei)
    ended = close_lead(lead, to="lost", reason="price", by=cast.mei)
    assert (ended.state, ended.close_reason) == ("lost", "price")
    with pytest.raises(ValidationError):
        log_contact(ended, by=cast.mei, method="call", summary="Hello again")
    assert reopen_lead(ended, by=cast.mei).is_open


def test_owners_are_told_once_what_is_overdue(cast: Cast) -> None:
    with clock.at(clock.now() - timedelta(days=2)):
        lead = card(cast.mei)
    assert (tell_overdue(), tell_overdue()) == (1, 0)
    assert lead.number in Notice.objects.get(user=cast.mei, kind="overdue").text


def test_the_same_key_of_another_system_opens_one_card(cast: Cast) -> None:
    first = card(cast.mei, idempotency_key="abc")
    assert card(cast.mei, idempotency_key="abc") == first


def test_a_lead_becomes_customer_contact_and_opportunity_with_its_origin(cast: Cast) -> None:
    lead = card(cast.mei, phone="+44 20 7946 0671", employer="Coyle Cold Stores", budget_minor=50_00)
    done = convert_lead(lead, Conversion(kind="company", amount_minor=50_00, currency="GBP"), by=cast.mei)
    assert done.account is not None and done.contact is not None and done.opportunity is not None
    assert (done.account.name, done.account.source) == ("Coyle Cold Stores", lead.source)
    assert done.contact.points.get().value == "+442079460671"
    assert (done.opportunity.lead, done.opportunity.amount_minor) == (done, 50_00)
    assert AuditEntry.objects.filter(verb="lead.converted", object_id=str(lead.pk)).exists()


def test_a_conversion_uses_the_customer_that_is_there(cast: Cast, ellery: Account) -> None:
    known = customers.create_contact(
        by=cast.mei, name="Harriet Coyle", account=ellery, points=[NewPoint("phone", "+44 20 7946 0671")]
    )
    lead = card(cast.mei, phone="020 7946 0671")
    before = Account.objects.count(), Contact.objects.count()
    done = convert_lead(lead, Conversion(account=ellery, contact=known), by=cast.mei)
    assert (Account.objects.count(), Contact.objects.count()) == before
    assert (done.account, done.contact) == (ellery, known)


@pytest.mark.django_db(transaction=True)
def test_clicked_twice_at_once_it_is_converted_once(cast: Cast) -> None:
    lead = card(cast.mei)
    at_once(*[lambda: convert_lead(Lead.objects.get(pk=lead.pk), Conversion(), by=cast.mei)] * 2)
    assert Opportunity.objects.count() == 1


def test_an_open_lead_with_the_same_number_is_found(cast: Cast) -> None:
    lead = card(cast.mei, phone="+44 20 7946 0671")
    assert [twin.lead for twin in twins_of(cast.mei, name="Somebody else", phone="+442079460671")] == [lead]
    assert not twins_of(cast.omar, name="Harriet Coyle")


def test_views_hold_what_they_say(cast: Cast) -> None:
    with clock.at(clock.now() - timedelta(days=3)):
        late = card(cast.mei)
    fresh, nobodys = card(cast.mei, grade=grade("c")), card(cast.sun, owner=None)
    now = clock.now()
    assert set(in_view(cast.mei, "mine", now)) == {late, fresh}
    assert list(in_view(cast.sun, "overdue", now)) == [late]
    assert list(in_view(cast.sun, "nobody", now)) == [nobodys]
    assert set(in_view(cast.sun, "unsigned", now)) == {late, fresh, nobodys}


def test_pages_go_on_behind_a_key(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crmcore.queries.leads.PAGE", 2)
    made = [card(cast.mei, name=f"Prospect {number}") for number in range(3)]
    first = page_of_leads(cast.mei, "mine", clock.now())
    second = page_of_leads(cast.mei, "mine", clock.now(), after=first.after)
    assert [*first.rows, *second.rows] == made
    assert source("website").leads.count() == 3
