"""Contacts with a prospect, and the supervisor's signature under the card."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from crmcore import clock
from crmcore.actions import audit
from crmcore.actions.leads import announce, lock_open, regrade
from crmcore.follow_up import next_due
from crmcore.models import IntentionGrade, Lead, LeadContact, User
from crmcore.queries.rights import reaches, require_reach


@transaction.atomic
def log_contact(
    lead: Lead,
    *,
    by: User | None,
    method: str,
    summary: str,
    objections: str = "",
    next_plan: str = "",
    grade: IntentionGrade | None = None,
    was_demonstrated: bool = False,
    due_at: datetime | None = None,
    at: datetime | None = None,
    once: str = "",
) -> LeadContact:
    """Write a contact down; the next one is due by the grade's rule unless `due_at` says otherwise.

    The same form twice (`once`) is one contact. `at` is now unless given; only the latest contact moves the next one.
    Raises ValidationError for a moment to come and for a card that has ended, PermissionDenied.
    """
    require_reach(by, "edit", lead)
    spoken = at or clock.now()
    if at is not None and at > clock.now():
        raise ValidationError({"at": _("This lies in the future.")})
    stored = lock_open(lead)
    if once and (known := stored.contacts.filter(once=once).first()):
        return known
    grade_was = stored.grade
    _plan_next(stored, spoken, grade, due_at, next_plan)
    words = {"summary": summary.strip(), "objections": objections.strip(), "next_plan": next_plan.strip()}
    facts = {"method": method, "at": spoken, "by": by, "was_demonstrated": was_demonstrated, "once": once}
    made = LeadContact.objects.create(lead=stored, grade=stored.grade, **facts, **words)
    if stored.grade != grade_was:
        regrade(stored, grade_was, by=by)
    stored.save()
    audit.record("lead.contacted", stored, by=by, detail={"method": method, "contact": made.pk})
    announce(stored)
    return made


def _plan_next(
    lead: Lead, spoken: datetime, grade: IntentionGrade | None, due_at: datetime | None, next_plan: str
) -> None:
    """The latest contact says what comes next; one that is written down late changes no plan."""
    if lead.last_contacted_at is None or spoken >= lead.last_contacted_at:
        lead.last_contacted_at, lead.next_plan = spoken, next_plan.strip()
        lead.grade = grade or lead.grade
        lead.due_at, lead.is_due_by_hand = due_at or next_due(spoken, lead.grade), due_at is not None
    lead.first_contacted_at = min(filter(None, (lead.first_contacted_at, spoken)))


@transaction.atomic
def sign_lead(lead: Lead, *, by: User) -> Lead:
    """A supervisor signs the card as it stands; one that is signed stays signed. Nobody signs their own."""
    require_reach(by, "assign", lead)
    stored = Lead.objects.select_for_update(of=("self",)).get(pk=lead.pk)
    if not may_sign(stored, by):
        raise PermissionDenied("sign one's own lead")
    if stored.signed_at is None:
        stored.signed_by, stored.signed_at = by, clock.now()
        stored.save(update_fields=["signed_by", "signed_at"])
        audit.record("lead.signed", stored, by=by)
        announce(stored)
    return stored


def may_sign(lead: Lead, user: User) -> bool:
    """Whether this person may sign this card: with the right to assign, and neither its owner nor its writer."""
    return user.pk not in {lead.owner_id, lead.opened_by_id} and reaches(user, "assign", lead)
