"""Opportunities: opening, changing and moving them over the board."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from crmcore import clock, live, permissions
from crmcore.actions import audit
from crmcore.events import OpportunityChanged
from crmcore.models import Account, Contact, Opportunity, Stage, User
from crmcore.queries.rights import require_reach

FIELDS = frozenset({"name", "contact", "amount_minor", "currency", "probability", "close_on", "source", "owner"})


@transaction.atomic
def open_opportunity(
    *,
    by: User | None,
    name: str,
    account: Account,
    stage: Stage | None = None,
    is_demo: bool = False,
    **fields: Any,
) -> Opportunity:
    """Open an opportunity in the first stage, or in `stage`; `fields` as in FIELDS, amounts in minor units.

    The probability is the stage's and the owner is `by` unless given. Raises PermissionDenied.
    """
    _refuse_unknown(fields)
    if by is not None:
        permissions.require(by, "opportunity", "create")
        require_reach(by, "view", account)
        _require_linkable(by, fields)
    stage = stage or Stage.objects.filter(kind=Stage.Kind.OPEN).order_by("position")[0]
    fields.setdefault("owner", by)
    if fields.get("probability") is None:
        fields["probability"] = stage.probability
    now = clock.now()
    opportunity = Opportunity.objects.create(
        name=name.strip(),
        account=account,
        stage=stage,
        stage_since=now,
        created_at=now,
        is_demo=is_demo,
        **fields,
    )
    audit.record("opportunity.created", opportunity, by=by, detail={"stage": stage.code})
    _announce(opportunity)
    return opportunity


@transaction.atomic
def update_opportunity(opportunity: Opportunity, *, by: User | None, **changes: Any) -> Opportunity:
    """Change FIELDS of an opportunity. Raises PermissionDenied."""
    _refuse_unknown(changes)
    require_reach(by, "edit", opportunity)
    stored = Opportunity.objects.select_for_update(of=("self",)).get(pk=opportunity.pk)
    changed = {field: value for field, value in changes.items() if getattr(stored, field) != value}
    if not changed:
        return opportunity
    if by is not None:
        _require_linkable(by, changed)
    detail = {field: [_plain(getattr(stored, field)), _plain(value)] for field, value in changed.items()}
    for field, value in changed.items():
        setattr(opportunity, field, value)
    opportunity.save(update_fields=list(changed))
    audit.record("opportunity.changed", opportunity, by=by, detail=detail)
    _announce(opportunity)
    return opportunity


@transaction.atomic
def move_opportunity(opportunity: Opportunity, *, to: Stage, by: User | None, lost_reason: str = "") -> Opportunity:
    """Move to another stage, which sets its probability; to where it stands already is no change.

    Raises ValidationError when it is lost without a reason, PermissionDenied.
    """
    require_reach(by, "edit", opportunity)
    reason = lost_reason.strip()
    if to.kind == Stage.Kind.LOST and not reason:
        raise ValidationError({"lost_reason": _("Say why it was lost.")})
    stored = Opportunity.objects.select_for_update().get(pk=opportunity.pk)
    if stored.stage_id == to.pk:
        return stored
    came_from = stored.stage
    stored.stage, stored.stage_since, stored.probability = to, clock.now(), to.probability
    stored.lost_reason = reason if to.kind == Stage.Kind.LOST else ""
    stored.save(update_fields=["stage", "stage_since", "probability", "lost_reason"])
    audit.record("opportunity.moved", stored, by=by, detail={"stage": [came_from.code, to.code], "reason": reason})
    _announce(stored)
    return stored


def _announce(opportunity: Opportunity) -> None:
    event = OpportunityChanged(opportunity_id=opportunity.pk, account_id=opportunity.account_id)
    live.publish(f"account:{opportunity.account_id}", event)


def _require_linkable(by: User, fields: dict[str, Any]) -> None:
    """A link needs view on what it points to, and an owner who is someone else the right to assign."""
    contact: Contact | None = fields.get("contact")
    if contact is not None:
        require_reach(by, "view", contact)
    if fields.get("owner", by) not in {by, None}:
        permissions.require(by, "opportunity", "assign")


def _refuse_unknown(fields: dict[str, Any]) -> None:
    if unknown := fields.keys() - FIELDS:
        raise TypeError(f"no such fields: {', '.join(sorted(unknown))}")


def _plain(value: object) -> object:
    if isinstance(value, Model):
        return value.pk
    return value if isinstance(value, int | str | None) else str(value)
