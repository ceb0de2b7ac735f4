"""The life of a contract: approved and countersigned, signed, in force, ended or terminated, evaluated."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crmcore.actions import audit
from crmcore.actions.announcements import announce_account
from crmcore.actions.approvals import Refused, ask, drop
from crmcore.actions.contracts import locked_contract
from crmcore.actions.notices import notify
from crmcore.clock import now
from crmcore.models import ApprovalRequest, Contract, User
from crmcore.models.notices import NoticeKind
from crmcore.queries.contracts import plans_for
from crmcore.queries.rights import require_reach

State = Contract.State
AT_ONCE = 500
ENDS = gettext_lazy("%(contract)s ends on %(day)s")


@transaction.atomic
def ask_for_leave(contract: Contract, *, by: User, reason: str = "") -> Contract:
    """Ask by every plan that is meant for the draft. Raises ValidationError where none is, or nobody could answer."""
    require_reach(by, "edit", contract)
    stored = locked_contract(contract)
    if stored.state == State.APPROVAL:
        return stored
    plans = plans_for(stored)
    if stored.state != State.DRAFT or not plans:
        raise ValidationError(_("This contract needs no approval."))
    _move(stored, State.APPROVAL, by=by)
    try:
        for plan in plans:
            ask(plan, stored, by=by, at=now(), reason=reason)
    except Refused as refusal:
        raise ValidationError(str(refusal)) from refusal
    return stored


def settle_leave(contract: Contract, what: str, *, by: User | None, at: datetime) -> None:
    """What became of a request about a locked contract: the last yes approves it, anything else ends the asking."""
    if contract.state != State.APPROVAL or what in ApprovalRequest.LIVE or what not in ApprovalRequest.State.values:
        return
    live = list(ApprovalRequest.objects.filter(contractapproval__contract=contract, state__in=ApprovalRequest.LIVE))
    if what == ApprovalRequest.State.APPROVED:
        if not live:
            _move(contract, State.APPROVED, by=by)
        return
    _move(contract, State.DRAFT, by=by)
    drop(contract, live, by=by, at=at)


@transaction.atomic
def sign_contract(contract: Contract, *, by: User | None, day: date) -> Contract:
    """Both sides have signed on this day; in force at once when its first day has come.

    Raises ValidationError without leave.
    """
    require_reach(by, "edit", contract)
    stored = locked_contract(contract)
    if stored.state in Contract.SIGNED_STATES:
        return stored
    if stored.state == State.APPROVAL or (stored.state == State.DRAFT and plans_for(stored)):
        raise ValidationError(_("This contract needs an approval first."))
    stored.signed_on = day
    begins = stored.starts_on <= timezone.localdate(now())
    _move(stored, State.IN_FORCE if begins else State.SIGNED, by=by)
    return stored


@transaction.atomic
def terminate_contract(contract: Contract, *, by: User | None, reason: str) -> Contract:
    """End it before its time, and say why. Raises ValidationError."""
    require_reach(by, "edit", contract)
    stored = locked_contract(contract)
    if stored.state == State.TERMINATED:
        return stored
    if stored.state not in (State.SIGNED, State.IN_FORCE):
        raise ValidationError(_("Only a signed contract can be terminated."))
    if not reason.strip():
        raise ValidationError(_("Say why it ends."))
    stored.reason, stored.remind_on = reason.strip()[:240], None
    _move(stored, State.TERMINATED, by=by)
    return stored


@transaction.atomic
def evaluate_contract(contract: Contract, *, by: User | None, rating: int, text: str) -> Contract:
    """Say how it went, from 1 to 5. Raises ValidationError before it is over."""
    require_reach(by, "edit", contract)
    stored = locked_contract(contract)
    if stored.state not in Contract.OVER:
        raise ValidationError(_("A contract is evaluated when it is over."))
    if not 1 <= rating <= 5:
        raise ValidationError(_("Choose 1 to 5."))
    stored.rating, stored.evaluation = rating, text.strip()
    stored.save(update_fields=["rating", "evaluation"])
    audit.record("contract.evaluated", stored, by=by, detail={"rating": rating})
    announce_account(stored.account_id)
    return stored


@transaction.atomic
def turn_contracts(at: datetime) -> int:
    """Put in force what begins, end what is over, and tell owners of ends that come near; how many were touched."""
    today = timezone.localdate(at)
    rows = Contract.objects.select_for_update(of=("self",), skip_locked=True).order_by("pk")
    begun = list(rows.filter(state=State.SIGNED, starts_on__lte=today)[:AT_ONCE])
    for contract in begun:
        _move(contract, State.IN_FORCE, by=None)
    over = list(rows.filter(state=State.IN_FORCE, ends_on__lt=today)[:AT_ONCE])
    for contract in over:
        _move(contract, State.ENDED, by=None)
    near = list(rows.filter(state=State.IN_FORCE, remind_on__lte=today).select_related("owner")[:AT_ONCE])
    for contract in near:
        _remind(contract)
    return len(begun) + len(over) + len(near)


def _remind(contract: Contract) -> None:
    Contract.objects.filter(pk=contract.pk).update(remind_on=None)
    if contract.owner is not None:
        facts = {"contract": contract, "day": contract.ends_on}
        url, key = contract.get_absolute_url(), f"contract-ends:{contract.pk}:{contract.ends_on}"
        notify(contract.owner, NoticeKind.REMINDER, ENDS, url=url, facts=facts, key=key)


def _move(contract: Contract, to: str, *, by: User | None) -> None:
    came_from, contract.state = contract.state, to
    contract.save(update_fields=["state", "signed_on", "reason", "remind_on"])
    audit.record("contract.moved", contract, by=by, detail={"state": [came_from, to], "reason": contract.reason})
    announce_account(contract.account_id)
