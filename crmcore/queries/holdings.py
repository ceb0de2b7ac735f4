"""What a member of staff holds that belongs to the company: customers, running opportunities and quotes."""

from typing import Any

from django.db.models import QuerySet

from crmcore.models import Account, Opportunity, Quote, Stage, User

_State = Quote.State
RUNNING_QUOTES = (_State.DRAFT, _State.APPROVAL, _State.APPROVED, _State.SENT, _State.ACCEPTED)


def held_by(person: User) -> dict[str, QuerySet[Any]]:
    """The rows by their noun; what is won, lost or over stays with whoever did it."""
    return {
        "account": Account.objects.filter(owner=person, merged_into=None),
        "opportunity": Opportunity.objects.filter(owner=person, stage__kind=Stage.Kind.OPEN),
        "quote": Quote.objects.filter(owner=person, state__in=RUNNING_QUOTES),
    }


def assignable(rows: QuerySet[Any], by: User) -> QuerySet[Any]:
    """Those of the rows that `by` may give to somebody else."""
    within: Any = rows.model._default_manager
    return rows.filter(pk__in=within.visible_to(by, "assign").values("pk"))
