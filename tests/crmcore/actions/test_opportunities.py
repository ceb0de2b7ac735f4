"""Opening and moving opportunities."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError

from crmcore.actions import customers, opportunities
from crmcore.models import Account, AuditEntry, LiveEvent, Opportunity, Stage
from tests.cast import Cast


@pytest.fixture
def renewal(cast: Cast, ellery: Account) -> Opportunity:
    return opportunities.open_opportunity(by=cast.mei, name="Core renewal", account=ellery, amount_minor=14_800_000)


def stage(code: str) -> Stage:
    return Stage.objects.get(code=code)


def test_it_opens_in_the_first_stage_with_its_probability_and_owner(cast: Cast, renewal: Opportunity) -> None:
    assert (renewal.stage.code, renewal.probability, renewal.owner) == ("lead", 10, cast.mei)


def test_opening_is_audited_and_announced_on_the_account(renewal: Opportunity) -> None:
    assert AuditEntry.objects.filter(verb="opportunity.created", object_id=str(renewal.pk)).exists()
    assert LiveEvent.objects.filter(topic=f"account:{renewal.account_id}", kind="opportunity.changed").exists()


def test_probability_may_be_given(cast: Cast, ellery: Account) -> None:
    deal = opportunities.open_opportunity(by=cast.mei, name="Switches", account=ellery, probability=0)
    assert deal.probability == 0


def test_moving_sets_the_probability_of_the_stage(cast: Cast, renewal: Opportunity) -> None:
    moved = opportunities.move_opportunity(renewal, to=stage("quoted"), by=cast.mei)
    assert (moved.stage.code, moved.probability) == ("quoted", 50)


def test_moving_to_where_it_stands_is_no_change(cast: Cast, renewal: Opportunity) -> None:
    opportunities.move_opportunity(renewal, to=stage("lead"), by=cast.mei)
    assert not AuditEntry.objects.filter(verb="opportunity.moved").exists()


def test_losing_needs_a_reason(cast: Cast, renewal: Opportunity) -> None:
    with pytest.raises(ValidationError):
        opportunities.move_opportunity(renewal, to=stage("lost"), by=cast.mei, lost_reason="  ")
    lost = opportunities.move_opportunity(renewal, to=stage("lost"), by=cast.mei, lost_reason="Price")
    assert (lost.lost_reason, lost.probability) == ("Price", 0)


def test_coming_back_forgets_the_reason(cast: Cast, renewal: Opportunity) -> None:
    opportunities.move_opportunity(renewal, to=stage("lost"), by=cast.mei, lost_reason="Price")
    assert opportunities.move_opportunity(renewal, to=stage("lead"), by=cast.mei).lost_reason == ""


def test_outsider_may_neither_move_nor_change(cast: Cast, renewal: Opportunity) -> None:
    with pytest.raises(PermissionDenied):
        opportunities.move_opportunity(renewal, to=stage("quoted"), by=cast.omar)
    with pytest.raises(PermissionDenied):
        opportunities.update_opportunity(renewal, by=cast.omar, name="Mine")


def test_agent_may_not_give_it_away_but_the_supervisor_may(cast: Cast, renewal: Opportunity) -> None:
    with pytest.raises(PermissionDenied):
        opportunities.update_opportunity(renewal, by=cast.mei, owner=cast.omar)
    assert opportunities.update_opportunity(renewal, by=cast.sun, owner=cast.omar).owner == cast.omar


def test_customer_may_not_open_one(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        opportunities.open_opportunity(by=cast.zhao, name="Discount", account=cast.account)


def test_contact_is_kept(cast: Cast, ellery: Account) -> None:
    dana = customers.create_contact(by=cast.mei, name="Dana Whitlock", account=ellery)
    deal = opportunities.open_opportunity(by=cast.mei, name="Switches", account=ellery, contact=dana)
    assert deal.contact == dana


def test_amount_may_not_be_negative(cast: Cast, ellery: Account) -> None:
    with pytest.raises(IntegrityError):
        opportunities.open_opportunity(by=cast.mei, name="Switches", account=ellery, amount_minor=-1)
