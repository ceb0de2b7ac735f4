"""Keeping saved views: whose they are decides who may change them."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from crmcore.actions import audit
from crmcore.models import User
from tickets.models import SavedView
from tickets.queries.conditions import problems
from tickets.queries.saved_views import may_change


class BadView(Exception):
    """A view that cannot be kept, with a sentence that says why."""


@transaction.atomic
def save_view(view: SavedView, *, by: User) -> SavedView:
    """Keep a new or changed view. Raises PermissionDenied for another's, BadView for what cannot be asked."""
    if view.pk is not None:
        _require(SavedView.objects.select_for_update().get(pk=view.pk), by)
    _require(view, by)
    if wrong := problems(view.conditions):
        raise BadView(" ".join(wrong))
    view.save()
    audit.record("view.saved", view, by=by, detail={"conditions": view.conditions})
    return view


@transaction.atomic
def remove_view(view: SavedView, *, by: User) -> None:
    """Remove a view; everybody's last one stays. Raises PermissionDenied, BadView."""
    _require(view, by)
    if view.is_shared and _shared() == [view.pk]:
        raise BadView(_("The last view for everybody stays: lists need one to begin with."))
    audit.record("view.removed", view, by=by, detail={"name": view.name})
    view.delete()


def _shared() -> Sequence[int]:
    """The ids of everybody's views, locked so that two removals do not take the last two."""
    rows = SavedView.objects.filter(owner=None, team=None).select_for_update().order_by("pk")
    return list(rows.values_list("pk", flat=True))


def _require(view: SavedView, by: User) -> None:
    if not may_change(by, view):
        raise PermissionDenied(view.name)
