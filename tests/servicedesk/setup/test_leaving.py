"""Claiming customers, and handing over the work of somebody who leaves."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse

from crmcore.actions import customers, opportunities, ownership
from crmcore.models import Account, AuditEntry, Opportunity, Stage, User
from tests.at_once import at_once
from tests.cast import Cast, make_cast
from tickets.actions.lifecycle import assign_ticket, open_ticket
from tickets.models import Ticket, TicketType


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def ellery(cast: Cast) -> Account:
    return customers.create_account(by=cast.ada, name="Port Ellery", owner=cast.mei)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_customer_that_nobody_looks_after_is_claimed_once(cast: Cast) -> None:
    ownership.claim(cast.account, by=cast.mei)
    assert ownership.claim(cast.account, by=cast.mei).owner == cast.mei
    assert AuditEntry.objects.filter(verb="account.claimed").count() == 1


def test_who_comes_second_is_told_who_was_first(cast: Cast) -> None:
    ownership.claim(cast.account, by=cast.mei)
    with pytest.raises(ownership.AlreadyOwned) as taken:
        ownership.claim(cast.account, by=cast.omar)
    assert taken.value.owner == cast.mei


@pytest.mark.django_db(transaction=True)
def test_of_two_who_claim_at_once_one_wins() -> None:
    cast = make_cast()
    results = at_once(
        lambda: ownership.claim(cast.account, by=cast.mei),
        lambda: ownership.claim(cast.account, by=cast.omar),
        refusals=(ownership.AlreadyOwned,),
    )
    assert sorted(type(each).__name__ for each in results) == ["Account", "AlreadyOwned"]
    assert AuditEntry.objects.filter(verb="account.claimed").count() == 1


def test_a_customer_on_the_portal_claims_nothing(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        ownership.claim(cast.account, by=cast.zhao)


def test_the_page_offers_to_claim_only_who_is_free(cast: Cast, ellery: Account) -> None:
    mei = signed_in(cast.mei)
    address = reverse("crm:account_claim", args=[cast.account.pk])
    assert address in mei.get(reverse("crm:account", args=[cast.account.pk])).content.decode()
    mei.post(address)
    assert Account.objects.get(pk=cast.account.pk).owner == cast.mei
    assert address not in mei.get(reverse("crm:account", args=[cast.account.pk])).content.decode()


def test_the_api_answers_a_conflict_to_who_comes_second(cast: Cast) -> None:
    address = f"/api/v1/accounts/{cast.account.pk}/claim/"
    assert signed_in(cast.mei).post(address).status_code == 200
    assert signed_in(cast.omar).post(address).status_code == 409


def test_all_that_a_leaver_holds_goes_over_in_one_step(cast: Cast, ellery: Account) -> None:
    opportunities.open_opportunity(by=cast.mei, name="Renewal", account=ellery)
    won = opportunities.open_opportunity(by=cast.mei, name="Won", account=ellery)
    opportunities.move_opportunity(won, to=Stage.objects.filter(kind=Stage.Kind.WON)[0], by=cast.mei)
    ticket = open_ticket(
        by=cast.mei,
        subject="Gate",
        type=TicketType.objects.order_by("pk")[0],
        channel=Ticket.Channel.PORTAL,
        queue=cast.support_queue,
        account=ellery,
        contact=None,
    )
    assign_ticket(ticket, to=cast.mei, by=cast.mei)
    ada, address = signed_in(cast.ada), reverse("setup:hand_over", args=[cast.mei.pk])
    assert [each.movable for each in ada.get(address).context["work"]] == [1, 1, 0, 1, 0]
    ada.post(address, {"to": cast.sun.pk})
    assert Account.objects.get(pk=ellery.pk).owner == cast.sun
    assert list(Opportunity.objects.order_by("pk").values_list("owner", flat=True)) == [cast.sun.pk, cast.mei.pk]
    assert Ticket.objects.get(pk=ticket.pk).assignee == cast.sun


def test_handing_over_again_is_no_change(cast: Cast, ellery: Account) -> None:
    assert ownership.hand_over(cast.mei, to=cast.sun, by=cast.ada)["account"] == 1
    assert not any(ownership.hand_over(cast.mei, to=cast.sun, by=cast.ada).values())
    assert AuditEntry.objects.filter(verb="user.handed_over").count() == 1


def test_an_agent_hands_nothing_over(cast: Cast, ellery: Account) -> None:
    with pytest.raises(PermissionDenied):
        ownership.hand_over(cast.mei, to=cast.omar, by=cast.omar)
    assert signed_in(cast.omar).get(reverse("setup:hand_over", args=[cast.mei.pk])).status_code == 403


def test_work_goes_to_a_colleague_who_still_works_here(cast: Cast, ellery: Account) -> None:
    User.objects.filter(pk=cast.omar.pk).update(is_active=False)
    cast.omar.refresh_from_db()
    for nobody in (cast.omar, cast.zhao, cast.mei):
        with pytest.raises(ValidationError), transaction.atomic():
            ownership.hand_over(cast.mei, to=nobody, by=cast.ada)
    assert Account.objects.get(pk=ellery.pk).owner == cast.mei
