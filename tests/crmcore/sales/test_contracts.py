"""Contracts: approved and countersigned, signed, in force, ended, evaluated; their files and their payment plans."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from crmcore import clock
from crmcore.actions import approvals, contract_steps, contracts, receivables
from crmcore.actions.approval_plans import publish
from crmcore.actions.receivables import Instalment
from crmcore.approval_plan import Needs, Plan, PlanStep, Whom
from crmcore.models import Account, ApprovalPlan, ApprovalSeat, Contract, Due, Notice
from crmcore.queries.receivables import overdue_of
from tests.cast import Cast
from tests.crmcore.conftest import signed_in

Made = Callable[..., Contract]
State = Contract.State


@pytest.fixture
def drafted(cast: Cast, ellery: Account) -> Made:
    """Makes a contract of Mei's with Port Ellery over 10,000.00 yuan."""

    def make(**fields: Any) -> Contract:
        facts = {"title": "Service", "amount_minor": 1_000_000, "starts_on": timezone.localdate()} | fields
        return contracts.draft_contract(by=cast.mei, account=ellery, **facts)

    return make


def countersigned_by(*people: Any) -> ApprovalPlan:
    plan = ApprovalPlan.objects.create(code="sign", name="Countersign", subject="contract")
    who = tuple((Whom.USER.value, str(person.pk)) for person in people)
    publish(plan, Plan((PlanStep("All", who=who, needs=Needs.ALL),), facts=("amount", "ends_on", "files")), by=None)
    return plan


def test_all_must_countersign_before_it_is_signed(cast: Cast, drafted: Made) -> None:
    ApprovalPlan.objects.filter(subject="contract").delete()
    countersigned_by(cast.sun, cast.ada)
    contract = contract_steps.ask_for_leave(drafted(), by=cast.mei)
    for person in (cast.sun, cast.ada):
        with pytest.raises(ValidationError, match="needs an approval first"):
            contract_steps.sign_contract(contract, by=cast.mei, day=timezone.localdate())
        approvals.approve(ApprovalSeat.objects.get(user=person, is_waiting=True).pk, by=person)
    assert contract_steps.sign_contract(contract, by=cast.mei, day=timezone.localdate()).state == State.IN_FORCE


def test_a_file_added_meanwhile_outdates_the_asking(cast: Cast, drafted: Made, files: Path) -> None:
    ApprovalPlan.objects.filter(subject="contract").delete()
    countersigned_by(cast.sun)
    contract = contract_steps.ask_for_leave(drafted(), by=cast.mei)
    contracts.add_file(contract, ContentFile(b"new terms"), "terms.txt", by=cast.mei)
    with pytest.raises(approvals.Refused, match="has changed"):
        approvals.approve(ApprovalSeat.objects.get(user=cast.sun).pk, by=cast.sun)
    contract.refresh_from_db()
    assert contract.state == State.DRAFT


def test_it_begins_and_ends_by_itself_and_its_owner_is_reminded_once(cast: Cast, drafted: Made) -> None:
    today = timezone.localdate()
    contract = drafted(starts_on=today + timedelta(days=2), ends_on=today + timedelta(days=40), remind_days=30)
    contract = contract_steps.sign_contract(contract, by=cast.mei, day=today)
    assert contract.state == State.SIGNED

    def on(days: int) -> str:
        contract_steps.turn_contracts(clock.now() + timedelta(days=days))
        contract.refresh_from_db()
        return contract.state

    assert [on(1), on(2), on(10), on(11), on(40), on(41)] == ["signed", *["in_force"] * 4, "ended"]
    assert Notice.objects.filter(user=cast.mei, url=contract.get_absolute_url()).count() == 1


def test_terminated_with_a_reason_and_evaluated_when_over(cast: Cast, drafted: Made) -> None:
    contract = contract_steps.sign_contract(drafted(), by=cast.mei, day=timezone.localdate())
    with pytest.raises(ValidationError, match="when it is over"):
        contract_steps.evaluate_contract(contract, by=cast.mei, rating=5, text="")
    with pytest.raises(ValidationError, match="Say why"):
        contract_steps.terminate_contract(contract, by=cast.mei, reason="")
    contract_steps.terminate_contract(contract, by=cast.mei, reason="closed down")
    assert contract_steps.evaluate_contract(contract, by=cast.mei, rating=4, text="fair").rating == 4


def test_a_signed_contract_is_not_changed(cast: Cast, drafted: Made) -> None:
    contract = contract_steps.sign_contract(drafted(), by=cast.mei, day=timezone.localdate())
    with pytest.raises(ValidationError, match="Only a draft"):
        contracts.change_contract(contract, by=cast.mei, amount_minor=1)


def test_files_are_downloads_for_who_sees_the_contract(cast: Cast, drafted: Made, files: Path) -> None:
    contract, mei = drafted(), signed_in(cast.mei)
    sent = SimpleUploadedFile("page.html", b"<script>alert(1)</script>")
    mei.post(f"/crm/contracts/{contract.pk}/act/", {"do": "file", "file": sent})
    url = f"/crm/contracts/{contract.pk}/files/{contract.files.get().pk}/"
    answer = mei.get(url)
    assert answer.content == b"<script>alert(1)</script>"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    assert signed_in(cast.omar).get(url).status_code == 404


def due(cast: Cast, account: Account, days: int = 0, amount: int = 10_000) -> Due:
    day = timezone.localdate() + timedelta(days=days)
    return receivables.plan_payments(account, [Instalment("Part", day, amount)], currency="CNY", by=cast.sun)[0]


def test_parts_never_exceed_the_contract(cast: Cast, drafted: Made) -> None:
    contract = drafted()
    parts = [Instalment("First", date(2027, 1, 1), 600_000)]
    receivables.plan_payments(contract.account, parts, currency="CNY", by=cast.sun, contract=contract)
    with pytest.raises(ValidationError, match="more than the contract"):
        receivables.plan_payments(contract.account, parts, currency="CNY", by=cast.sun, contract=contract)


def test_payments_come_in_parts_and_each_is_booked_once(cast: Cast, ellery: Account) -> None:
    owed, key = due(cast, ellery), uuid4()
    for _time in range(2):
        receivables.book_payment(owed, key=key, amount_minor=4_000, paid_on=date(2026, 11, 1), by=cast.sun)
    owed.refresh_from_db()
    assert (owed.left_minor, owed.is_open) == (6_000, True)
    with pytest.raises(ValidationError):
        receivables.book_payment(owed, key=uuid4(), amount_minor=6_001, paid_on=date(2026, 11, 1), by=cast.sun)
    receivables.book_payment(owed, key=uuid4(), amount_minor=6_000, paid_on=date(2026, 11, 1), by=cast.sun)
    owed.refresh_from_db()
    assert not owed.is_open


def test_late_after_its_day_with_what_is_left(cast: Cast, ellery: Account) -> None:
    today = timezone.localdate()
    due(cast, ellery, days=0)
    late = due(cast, ellery, days=-3)
    receivables.book_payment(late, key=uuid4(), amount_minor=1_000, paid_on=today, by=cast.sun)
    (found,) = overdue_of(ellery, cast.mei, today)
    assert (found.left_minor, found.number, found.since) == (9_000, 1, today - timedelta(days=3))


def test_agents_see_payments_and_only_who_may_books_them(cast: Cast, ellery: Account) -> None:
    owed, mei = due(cast, ellery, days=-3), signed_in(cast.mei)
    assert "Part" in mei.get(f"/crm/accounts/{ellery.pk}/sales/").content.decode()
    with pytest.raises(PermissionDenied):
        receivables.book_payment(owed, key=uuid4(), amount_minor=1, paid_on=date(2026, 11, 1), by=cast.mei)
    typed = {"key": str(uuid4()), "amount": "60", "paid_on": "2026-11-20", "note": ""}
    signed_in(cast.sun).post(f"/crm/dues/{owed.pk}/", typed)
    owed.refresh_from_db()
    assert owed.left_minor == 4_000
    assert "Part" in signed_in(cast.sun).get("/crm/receivables/").content.decode()


def test_the_api_reads_contracts_and_dues_under_the_same_rights(cast: Cast, drafted: Made, ellery: Account) -> None:
    contract, owed = drafted(), due(cast, ellery)
    mei, zhao = signed_in(cast.mei), signed_in(cast.zhao)
    assert mei.get(f"/api/v1/contracts/{contract.pk}/").json()["number"] == contract.number
    assert mei.get(f"/api/v1/dues/{owed.pk}/").json()["left_minor"] == 10_000
    assert zhao.get("/api/v1/dues/").status_code in {200, 403}
    assert signed_in(cast.omar).get(f"/api/v1/contracts/{contract.pk}/").status_code == 404
