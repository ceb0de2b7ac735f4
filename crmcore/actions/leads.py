"""Leads: opening a card, changing it, giving it away, ending it."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from crmcore import clock, live, permissions, phone_numbers, search_keys
from crmcore.actions import audit, numbers
from crmcore.actions.contact_points import phone_region
from crmcore.actions.lead_notices import tell_new_owner
from crmcore.events import LeadChanged
from crmcore.follow_up import first_due, next_due
from crmcore.models import CloseReason, IntentionGrade, Lead, LeadGradeChange, LeadOrigin, LeadState, User
from crmcore.models.leads import REASONS_OF
from crmcore.queries.rights import require_reach
from crmcore.text_search import fold

WHO = frozenset({"name", "sex", "age", "employer", "occupation", "address", "phone", "email", "other_contact"})
NEED = frozenset({"wanted", "product", "details", "compared", "present_use", "purpose", "payment"})
MONEY = frozenset({"budget_minor", "currency"})
TALK = frozenset({"favourable", "unfavourable", "help_needed", "first_received_at", "first_summary", "next_plan"})
FIELDS = WHO | NEED | MONEY | TALK | {"language", "source", "grade", "owner", "due_at"}
# What a supervisor signs for: a change takes the signature off.
SIGNED = frozenset({"name", "phone", "email", "wanted", "product", "budget_minor", "currency", "source", "grade"})
_LONGEST_KEY = 80


@transaction.atomic
def open_lead(
    *,
    by: User | None,
    origin: str = LeadOrigin.TYPED,
    origin_number: str = "",
    idempotency_key: str = "",
    consent_wording: str = "",
    is_demo: bool = False,
    gives_away: bool = False,
    **fields: Any,
) -> Lead:
    """Open a card; `fields` as in FIELDS, with a source. `by` owns it unless somebody else is named.

    The grade is the list's last unless given, the first contact is due by its rule unless `due_at` is given.
    The same `idempotency_key` of the same person finds the card that it opened. `gives_away` names an owner without
    the right to assign, as the reception does. Raises ValidationError, PermissionDenied.
    """
    _refuse_unknown(fields)
    if by is not None:
        permissions.require(by, "lead", "create")
        if fields.get("owner", by) not in {by, None} and not gives_away:
            permissions.require(by, "lead", "assign")
    if idempotency_key and (known := _opened_with(by, idempotency_key)):
        return known
    lead = _new_lead(by, fields)
    lead.origin, lead.origin_number, lead.is_demo = origin, origin_number, is_demo
    lead.idempotency_key, lead.consent_wording = idempotency_key, consent_wording
    try:
        with transaction.atomic():
            lead.save()
    except IntegrityError:
        # The same key came at the same moment.
        if idempotency_key and (known := _opened_with(by, idempotency_key)):
            return known
        raise
    audit.record("lead.opened", lead, by=by, detail={"number": lead.number, "origin": origin})
    tell_new_owner(lead, by)
    announce(lead)
    return lead


@transaction.atomic
def update_lead(lead: Lead, *, by: User | None, **changes: Any) -> Lead:
    """Change FIELDS of an open card. Raises ValidationError for one that has ended, PermissionDenied."""
    _refuse_unknown(changes)
    require_reach(by, "edit", lead)
    stored = lock_open(lead)
    changed = {field: value for field, value in changes.items() if getattr(stored, field) != value}
    if not changed:
        return stored
    if by is not None and changed.get("owner", by) != by:
        permissions.require(by, "lead", "assign")
    was, grade_was = stored.owner_id, stored.grade
    detail = {field: [plain(getattr(stored, field)), plain(value)] for field, value in changed.items()}
    for field, value in changed.items():
        setattr(stored, field, value)
    if "due_at" in changed:
        stored.is_due_by_hand = True
    if "grade" in changed:
        regrade(stored, grade_was, by=by)
    _take_signature_off(stored, changed.keys())
    keep_keys(stored, by)
    stored.save()
    audit.record("lead.changed", stored, by=by, detail=detail)
    if "owner" in changed:
        tell_new_owner(stored, by)
    announce(stored, was)
    return stored


@transaction.atomic
def close_lead(lead: Lead, *, to: str, reason: str, by: User | None, note: str = "") -> Lead:
    """End a card as lost or invalid; one that has ended the same way is no change. Raises ValidationError."""
    require_reach(by, "edit", lead)
    state = LeadState(to)
    if reason not in {one.value for one in REASONS_OF.get(state, ())}:
        raise ValidationError({"reason": _("Say why.")})
    stored = Lead.objects.select_for_update(of=("self",)).get(pk=lead.pk)
    if stored.state == state:
        return stored
    _refuse_ended(stored)
    stored.state, stored.closed_at = state, clock.now()
    stored.close_reason, stored.close_note = CloseReason(reason), note.strip()
    stored.save(update_fields=["state", "closed_at", "close_reason", "close_note"])
    audit.record(f"lead.{state}", stored, by=by, detail={"reason": reason, "note": stored.close_note})
    announce(stored)
    return stored


@transaction.atomic
def reopen_lead(lead: Lead, *, by: User | None) -> Lead:
    """Take a lost or invalid card up again: it is due by its grade's rule from now. A converted one stays."""
    require_reach(by, "edit", lead)
    stored = Lead.objects.select_for_update(of=("self",)).get(pk=lead.pk)
    if stored.state == LeadState.CONVERTED:
        raise ValidationError(_("This lead has become a customer."))
    if not stored.is_open:
        stored.state, stored.closed_at, stored.close_reason, stored.close_note = LeadState.OPEN, None, "", ""
        stored.due_at, stored.is_due_by_hand = next_due(clock.now(), stored.grade), False
        stored.save(update_fields=["state", "closed_at", "close_reason", "close_note", "due_at", "is_due_by_hand"])
        audit.record("lead.reopened", stored, by=by)
        announce(stored)
    return stored


def usual_grade() -> IntentionGrade:
    """The grade of somebody of whom nothing is known: the last of the list."""
    return IntentionGrade.objects.filter(is_active=True).order_by("-position", "-pk")[0]


def lock_open(lead: Lead) -> Lead:
    """The stored card, locked. Raises ValidationError when it has ended."""
    stored = Lead.objects.select_for_update(of=("self",)).get(pk=lead.pk)
    _refuse_ended(stored)
    return stored


def regrade(lead: Lead, before: IntentionGrade, *, by: User | None) -> None:
    """Keep the change of the grade, and count the next contact by the new rule unless it was set by hand."""
    LeadGradeChange.objects.create(lead=lead, before=before, after=lead.grade, by=by, at=clock.now())
    if not lead.is_due_by_hand:
        last = lead.last_contacted_at
        lead.due_at = next_due(last, lead.grade) if last else first_due(lead.opened_at, lead.grade)
    _take_signature_off(lead, {"grade"})


def keep_keys(lead: Lead, by: User | None) -> None:
    """What the card is found and compared by, from its present name, number and address."""
    number = phone_numbers.normalise(lead.phone, phone_region(by, "")) if lead.phone else None
    lead.phone_value = number.value if number is not None and number.is_callable else ""
    lead.email_value = fold(lead.email.strip())
    keys = [*search_keys.code_keys(lead.number)]
    for name in filter(None, (lead.name, lead.employer)):
        keys += [*search_keys.name_keys(name), *search_keys.identity_keys(name)]
    keys += search_keys.phone_keys(lead.phone_value) if lead.phone_value else []
    keys += search_keys.email_keys(lead.email_value) if lead.email_value else []
    lead.search_keys = list(dict.fromkeys(key[:_LONGEST_KEY] for key in keys))


def announce(lead: Lead, *others: int | None) -> None:
    """Tell the screens of whose it is, and of `others` whose it was."""
    for user_id in sorted({one for one in (lead.owner_id, *others) if one is not None}):
        live.publish(f"agent:{user_id}", LeadChanged(lead_id=lead.pk))


def plain(value: object) -> object:
    """A value as the audit trail keeps it."""
    if isinstance(value, Model):
        return value.pk
    return value if isinstance(value, int | str | None) else str(value)


def _new_lead(by: User | None, fields: dict[str, Any]) -> Lead:
    """A card that is not stored yet, with its number, its grade and the moment of the first contact."""
    if fields.get("source") is None:
        raise ValidationError({"source": _("Say where they heard of us.")})
    grade, now = fields.get("grade") or usual_grade(), clock.now()
    by_hand: datetime | None = fields.get("due_at")
    facts = {"owner": by} | fields | {"grade": grade, "due_at": by_hand or first_due(now, grade)}
    number = numbers.next_number("lead", prefix="L-")
    lead = Lead(number=number, opened_by=by, opened_at=now, is_due_by_hand=by_hand is not None, **facts)
    keep_keys(lead, by)
    return lead


def _take_signature_off(lead: Lead, changed: Any) -> None:
    if SIGNED & set(changed):
        lead.signed_by, lead.signed_at = None, None


def _opened_with(by: User | None, key: str) -> Lead | None:
    return Lead.objects.filter(opened_by=by, idempotency_key=key).first()


def _refuse_ended(lead: Lead) -> None:
    if not lead.is_open:
        raise ValidationError(_("This lead has ended."))


def _refuse_unknown(fields: dict[str, Any]) -> None:
    if unknown := fields.keys() - FIELDS:
        raise TypeError(f"no such fields: {', '.join(sorted(unknown))}")
