"""Duplicates found while a customer is being typed in."""

import pytest

from crmcore.actions import customers
from crmcore.actions.contact_points import NewPoint
from crmcore.duplicates import Reason
from crmcore.models import Account, Contact, ContactPoint
from crmcore.queries.duplicates import Suspect, profile, suspects
from tests.cast import Cast

NUMBER = "+8613800138000"


def typed(
    cast: Cast, model: type[Account] | type[Contact], name: str, *values: tuple[str, str], **extra: bool
) -> list[Suspect]:
    points = [ContactPoint(kind=kind, value=value) for kind, value in values]
    return suspects(model, profile(name, points, **extra), name=name, user=cast.mei)  # type: ignore[arg-type]


def test_same_phone_and_name_warn_in_red(cast: Cast) -> None:
    twin = customers.create_contact(by=None, name="王 芳", points=[NewPoint("phone", NUMBER)])
    (found,) = typed(cast, Contact, "王芳", ("phone", NUMBER))
    assert found.customer == twin
    assert found.likeness.is_certain


def test_shared_phone_is_no_evidence(cast: Cast) -> None:
    customers.create_contact(by=None, name="李强", points=[NewPoint("phone", NUMBER, is_shared=True)])
    assert typed(cast, Contact, "王芳", ("phone", NUMBER)) == []


@pytest.mark.parametrize("name", ["Calder Mills Ltd.", "CALDER  MILLS", "calder mills, inc"])
def test_company_is_recognised_through_its_legal_form(cast: Cast, name: str) -> None:
    customers.create_account(by=None, name="Calder Mills LLP")
    (found,) = typed(cast, Account, name, is_company=True)
    assert found.likeness.reasons == (Reason.COMPANY_NAME,)


def test_traditional_and_simplified_are_one_company(cast: Cast) -> None:
    customers.create_account(by=None, name="杭州德信物業有限公司")
    assert typed(cast, Account, "杭州德信物业（集团）股份有限公司", is_company=True)


def test_namesake_alone_is_not_suggested(cast: Cast) -> None:
    customers.create_contact(by=None, name="王芳")
    assert typed(cast, Contact, "王芳") == []


def test_likeliest_comes_first(cast: Cast) -> None:
    customers.create_contact(by=None, name="李强", points=[NewPoint("phone", NUMBER)])
    twin = customers.create_contact(by=None, name="王芳", points=[NewPoint("phone", NUMBER)])
    (first, *_rest) = typed(cast, Contact, "王芳", ("phone", NUMBER))
    assert first.customer == twin


def test_the_customer_being_edited_is_not_its_own_duplicate(cast: Cast) -> None:
    twin = customers.create_contact(by=None, name="王芳", points=[NewPoint("phone", NUMBER)])
    points = list(twin.points.all())
    assert suspects(Contact, profile("王芳", points), name="王芳", user=cast.mei, besides=twin.pk) == []


def test_nothing_typed_finds_nothing(cast: Cast) -> None:
    assert typed(cast, Account, "", is_company=True) == []
