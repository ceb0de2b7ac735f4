"""What owners of leads are told: that one is theirs, and that a contact is owed."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crmcore import clock
from crmcore.actions.notices import notify, notify_all
from crmcore.models import Lead, LeadState, NoticeKind, User
from crmcore.permissions import Scope

AT_ONCE = 200
# A promise that was broken long ago, as after a restore, is no news.
STALE = timedelta(days=14)


def tell_new_owner(lead: Lead, by: User | None) -> None:
    """Who was given a card by somebody else reads of it."""
    if lead.owner is not None and lead.owner != by:
        text = _("Lead %(number)s is yours: %(name)s")
        facts = {"number": lead.number, "name": lead.label}
        notify(lead.owner, NoticeKind.ASSIGNED, text, url=lead.get_absolute_url(), facts=facts)
    elif lead.owner is None and by is None:
        tell_nobodys(lead)


def tell_nobodys(lead: Lead) -> None:
    """A card without owner is told to those who may give out all leads."""
    giving = {"roles__grants__noun": "lead", "roles__grants__action": "assign", "roles__grants__scope": Scope.ALL}
    people = User.objects.filter(kind=User.Kind.STAFF, is_active=True, **giving).distinct()
    text = _("Lead %(number)s has no owner: %(name)s")
    facts = {"number": lead.number, "name": lead.label}
    notify_all(people, NoticeKind.ASSIGNED, text, url=lead.get_absolute_url(), facts=facts)


def tell_overdue() -> int:
    """Tell each owner once for each contact that was due by now; how many cards there were."""
    now = clock.now()
    late = Lead.objects.filter(state=LeadState.OPEN, due_at__lte=now, due_at__gt=now - STALE, owner__isnull=False)
    untold = late.filter(Q(told_due=None) | ~Q(told_due=F("due_at"))).order_by("due_at")
    with transaction.atomic():
        leads = list(untold.select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
        for lead in leads:
            _tell(lead)
    return len(leads)


def _tell(lead: Lead) -> None:
    Lead.objects.filter(pk=lead.pk).update(told_due=lead.due_at)
    if lead.owner is not None:
        text = _("Contact with %(name)s is overdue (lead %(number)s)")
        facts = {"number": lead.number, "name": lead.label}
        key = f"lead-due:{lead.pk}:{lead.due_at:%F %T}"
        notify(lead.owner, NoticeKind.OVERDUE, text, url=lead.get_absolute_url(), facts=facts, key=key)
