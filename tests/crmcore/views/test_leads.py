"""The pages of leads and of the reception's register."""

import pytest
from django.test import Client

from crmcore.actions import customers
from crmcore.actions.contact_points import NewPoint
from crmcore.models import Account, Lead, Reception
from tests.cast import Cast
from tests.crmcore.conftest import signed_in
from tests.crmcore.leads import card, grade, source

LEADS = "/crm/leads/"
REGISTER = "/crm/reception/"


@pytest.fixture
def mei(cast: Cast) -> Client:
    grade("a")
    return signed_in(cast.mei)


def typed(**fields: object) -> dict[str, object]:
    return {"name": "Harriet Coyle", "currency": "GBP", "source": source().pk, "grade": grade("a").pk} | fields


def test_a_card_is_typed_in_and_read_back(cast: Cast, mei: Client) -> None:
    answer = mei.post(f"{LEADS}new/", typed(budget="380.50", wanted="Two switches", owner=cast.mei.pk), follow=True)
    html = answer.content.decode()
    assert "Harriet Coyle" in html
    assert "£380.50" in html
    assert "Two switches" in html


def test_without_a_source_the_form_comes_back_as_typed(mei: Client) -> None:
    answer = mei.post(f"{LEADS}new/", typed(source=""))
    assert answer.status_code == 422
    assert "Say where they heard of us." in answer.content.decode()
    assert "Harriet Coyle" in answer.content.decode()


def test_a_call_fills_the_card_in(mei: Client) -> None:
    source("call")
    html = mei.get(f"{LEADS}new/?phone=%2B442079460671&origin=call&source=call").content.decode()
    assert "+442079460671" in html
    assert f'<option value="{source("call").pk}" selected>' in html


def test_a_ticket_fills_the_card_in_from_its_person(cast: Cast, mei: Client, ellery: Account) -> None:
    person = customers.create_contact(
        by=cast.mei, name="Dana Whitlock", account=ellery, points=[NewPoint("email", "dana@example.com")]
    )
    address = f"{LEADS}new/?contact={person.pk}&origin=ticket&number=KW-1&wanted=More+switches"
    html = mei.get(address).content.decode()
    assert all(words in html for words in ("Dana Whitlock", "dana@example.com", "Port Ellery", "More switches"))
    mei.post(address, typed())
    lead = Lead.objects.get()
    assert (lead.origin, lead.origin_number) == ("ticket", "KW-1")


def test_customers_and_leads_that_look_alike_are_named_while_typing(cast: Cast, mei: Client, ellery: Account) -> None:
    customers.create_contact(
        by=cast.mei, name="Harriet Coyle", account=ellery, points=[NewPoint("phone", "+44 20 7946 0671")]
    )
    other = card(cast.mei, name="H. Coyle", phone="+44 20 7946 0671")
    html = mei.post(f"{LEADS}duplicates/", typed(phone="+44 20 7946 0671")).content.decode()
    assert "Port Ellery Logistics" in html
    assert other.number in html


@pytest.mark.parametrize("path", ["", "edit/", "convert/", "end/lost/"])
def test_outsiders_find_no_page(cast: Cast, path: str) -> None:
    lead = card(cast.mei)
    assert signed_in(cast.omar).get(f"{LEADS}{lead.pk}/{path}").status_code == 404


def test_the_supervisor_signs_and_the_owner_is_offered_no_button(cast: Cast, mei: Client) -> None:
    lead = card(cast.mei)
    assert "/sign/" not in mei.get(f"{LEADS}{lead.pk}/").content.decode()
    sun = signed_in(cast.sun)
    assert "/sign/" in sun.get(f"{LEADS}{lead.pk}/").content.decode()
    sun.post(f"{LEADS}{lead.pk}/sign/")
    lead.refresh_from_db()
    assert lead.signed_by == cast.sun


def test_a_contact_is_written_down_on_the_card(cast: Cast, mei: Client) -> None:
    lead = card(cast.mei)
    facts = {"method": "call", "summary": "Wants a visit", "grade": grade("hot").pk, "objections": "Too late"}
    html = mei.post(f"{LEADS}{lead.pk}/contacted/", facts, follow=True).content.decode()
    assert "Wants a visit" in html
    assert "Too late" in html


def test_the_dialog_offers_who_is_there_with_reasons_and_uses_them(cast: Cast, mei: Client, ellery: Account) -> None:
    known = customers.create_contact(
        by=cast.mei, name="Harriet Coyle", account=ellery, points=[NewPoint("phone", "+44 20 7946 0671")]
    )
    lead = card(cast.mei, phone="+44 20 7946 0671")
    html = mei.get(f"{LEADS}{lead.pk}/convert/").content.decode()
    assert "same phone" in html
    facts = {"account": ellery.pk, "contact": known.pk, "kind": "person", "opportunity_name": "Switches"}
    for _again in range(2):
        mei.post(f"{LEADS}{lead.pk}/convert/", facts | {"amount": "12", "currency": "GBP"})
    lead.refresh_from_db()
    assert (lead.account, lead.contact, lead.state) == (ellery, known, "converted")
    assert ellery.opportunities.count() == 1


def test_a_lead_is_ended_with_its_reason(cast: Cast, mei: Client) -> None:
    lead = card(cast.mei)
    mei.post(f"{LEADS}{lead.pk}/end/lost/", {"reason": "price"})
    assert "Too expensive" in mei.get(f"{LEADS}{lead.pk}/").content.decode()
    assert mei.get(f"{LEADS}{lead.pk}/end/converted/").status_code == 404


def test_number_of_queries_does_not_grow_with_leads(
    cast: Cast, mei: Client, django_assert_max_num_queries: object
) -> None:
    for number in range(8):
        card(cast.mei, name=f"Prospect {number}")
    with django_assert_max_num_queries(25):  # type: ignore[operator]
        mei.get(LEADS)


def test_the_front_desk_writes_and_opens_a_card_in_one_step(cast: Cast, mei: Client) -> None:
    facts = {"kind": "walk_in", "arrived_at": "2026-01-05T10:00", "name": "Ivo", "source": source().pk, "once": "a"}
    answer = mei.post(f"{REGISTER}new/", facts | {"card": "1"})
    lead = Lead.objects.get()
    assert answer["Location"] == lead.get_absolute_url()
    assert Reception.objects.get().lead == lead


def test_an_entry_without_a_name_is_taken(mei: Client) -> None:
    mei.post(f"{REGISTER}new/", {"kind": "call", "arrived_at": "2026-01-05T10:00"})
    assert "No name left" in mei.get(f"{REGISTER}?view=incomplete").content.decode()


def test_the_supervisor_returns_an_entry_with_a_remark(cast: Cast, mei: Client) -> None:
    mei.post(f"{REGISTER}new/", {"kind": "call", "arrived_at": "2026-01-05T10:00"})
    made = Reception.objects.get()
    sun = signed_in(cast.sun)
    sun.post(f"{REGISTER}{made.pk}/check/", {"answer": "returned", "remark": "Ask for the source"})
    assert "Ask for the source" in mei.get(f"{REGISTER}?view=returned").content.decode()
