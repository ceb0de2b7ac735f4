"""What is written down about a customer: the form's groups, the page of details, filters, columns and the API."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from crmcore.actions import customers
from crmcore.models import Account, CodeEntry, Contact
from crmcore.queries.customers import search_accounts
from tests.cast import Cast
from tests.crmcore.conftest import signed_in
from tests.crmcore.test_api import client_of

NO_POINTS = {"points-TOTAL_FORMS": "0", "points-INITIAL_FORMS": "0"}
CODE = "91350100M000100Y43"


def pk_of(which: str, code: str) -> int:
    return CodeEntry.objects.get(list=which, code=code).pk


def form(**fields: object) -> dict[str, object]:
    return {"name": "Port Ellery Logistics", "kind": "company", "is_active": "on", **NO_POINTS, **fields}


def test_the_full_record_is_typed_read_back_and_shown(cast: Cast, ellery: Account) -> None:
    mei = signed_in(cast.mei)
    facts = {
        **{name: pk_of(name, code) for name, code in (("industry", "transport"), ("status", "active"))},
        **{name: pk_of(name, code) for name, code in (("type", "key"), ("nature", "state"), ("source", "event"))},
        "party": pk_of("party", "agent"),
        "relationship": pk_of("relationship", "proactive"),
        "credit_class": pk_of("credit_class", "aa"),
        "business_category": pk_of("business_category", "shop"),
        "legal_representative": "周建国",
        "credit_code": CODE,
        "tax_number": "T-77",
        "bank": "工商银行",
        "invoice_title": "Ellery Ltd",
        "bank_account": "6222 0001",
        "confidential_since": "2026-03-01",
        "postcode": "04021",
        "website": "ellery.example",
        "distance_km": "12.5",
        "bonus_points": "120",
        "unsuitable_times": "Mondays",
        "preferences": "Tea, no coffee",
        "needs": "A quick answer",
    }
    answer = mei.post(f"/crm/accounts/{ellery.pk}/edit/", form(**facts, next_contact_at="2026-12-01T09:30"))
    assert answer.status_code == 302
    stored = Account.objects.get(pk=ellery.pk)
    assert (stored.industry_id, stored.credit_code, stored.distance_km) == (facts["industry"], CODE, Decimal("12.5"))
    assert stored.website == "https://ellery.example"
    page = mei.get(f"/crm/accounts/{ellery.pk}/details/").content.decode()
    shown = (
        "周建国",
        CODE,
        "T-77",
        "工商银行",
        "Ellery Ltd",
        "6222 0001",
        "04021",
        "12.5",
        "Mondays",
        "Tea, no coffee",
    )
    assert [words for words in shown if words not in page] == []
    assert "Transport and logistics" in page


def test_a_wrong_credit_code_is_said_beside_its_field_and_nothing_is_lost(cast: Cast, ellery: Account) -> None:
    answer = signed_in(cast.mei).post(
        f"/crm/accounts/{ellery.pk}/edit/", form(credit_code="91350100M000100Y44", bank="ICBC")
    )
    page = answer.content.decode()
    assert "does not fit the others" in page
    assert 'value="ICBC"' in page
    assert Account.objects.get(pk=ellery.pk).bank == ""


def test_a_customer_of_somebody_elses_reach_has_no_details(cast: Cast, ellery: Account) -> None:
    assert signed_in(cast.zhao).get(f"/crm/accounts/{ellery.pk}/details/").status_code in (403, 404)


@pytest.mark.parametrize(("name", "code"), [("industry", "trade"), ("status", "active"), ("source", "event")])
def test_the_list_is_narrowed_by_entries_and_says_so(cast: Cast, ellery: Account, name: str, code: str) -> None:
    customers.update_account(ellery, by=cast.mei, **{name: CodeEntry.objects.get(list=name, code=code)})
    customers.create_account(by=cast.mei, name="Another One")
    page = signed_in(cast.mei).get("/crm/accounts/", {name: pk_of(name, code)}).content.decode()
    assert "Port Ellery Logistics" in page
    assert "Another One" not in page
    assert "sd-flt" in page


def test_customers_are_found_by_credit_code(cast: Cast, ellery: Account) -> None:
    customers.update_account(ellery, by=cast.mei, credit_code="9135 0100 M000 100Y 43")
    assert search_accounts(CODE, user=cast.mei) == [ellery]


def test_the_api_names_entries_by_code_and_refuses_those_of_other_lists(cast: Cast, ellery: Account) -> None:
    mei, url = client_of(cast.mei), f"/api/v1/accounts/{ellery.pk}/"
    patched = mei.patch(
        url, {"industry": "trade", "next_contact_at": "2026-12-01T09:30:00Z", "credit_code": CODE}, "json"
    )
    assert patched.status_code == 200, patched.content
    assert patched.json()["industry"] == "trade"
    assert Account.objects.get(pk=ellery.pk).next_contact_at == datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    assert mei.patch(url, {"industry": "event"}, "json").status_code == 400
    assert mei.patch(url, {"credit_code": "1" * 18}, "json").status_code == 400


def test_a_contact_takes_all_its_fields_and_no_code_twice(cast: Cast, ellery: Account) -> None:
    mei = signed_in(cast.mei)
    facts = {"nickname": "Maggie", "gender": "female", "code": "P-7", "department": "Quality", "hobbies": "Chess"}
    facts |= {"address": "1 Quay", "postcode": "04021", "title": "Head", "born_on": "1980-02-03"}
    salutation = pk_of("salutation", "dr")
    typed = {"name": "Margaret Doyle", "decision_role": "none", "salutation": salutation, **NO_POINTS, **facts}
    mei.post("/crm/contacts/new/", typed)
    made = Contact.objects.get(code="P-7")
    assert (made.nickname, made.gender, made.department) == ("Maggie", "female", "Quality")
    assert made.salutation_id == salutation
    page = mei.get(f"/crm/contacts/{made.pk}/").content.decode()
    assert [words for words in ("Maggie", "Female", "P-7", "Chess", "1 Quay", "04021", "Dr") if words not in page] == []
    again = mei.post("/crm/contacts/new/", typed | {"name": "Somebody Else"})
    assert "Another contact has this code" in again.content.decode()
    assert not Contact.objects.filter(name="Somebody Else").exists()
