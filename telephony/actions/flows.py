"""Call flows: written as drafts, published as versions that never change, put in front of numbers and entries."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max

from crmcore import clock
from crmcore.actions import audit
from crmcore.models import User
from telephony.flows import checks, editing
from telephony.flows.editing import Tree
from telephony.models import CallFlow, FlowRecording, FlowVersion, PhoneLine, PortalEntry
from telephony.queries.flows import desk_of_flows

PORTAL = "portal"


class FlowRefused(Exception):
    """The draft cannot be published: it has faults, or is not the one that was looked at."""


@transaction.atomic
def create_flow(name: str, name_zh: str, *, by: User) -> CallFlow:
    """A flow with a draft that leads everybody into the line's own queue."""
    flow = CallFlow.objects.create(name=name, name_zh=name_zh)
    tree = editing.new_tree([code for code, _name in settings.LANGUAGES])
    FlowVersion.objects.create(flow=flow, number=1, tree=tree, changed_at=clock.now(), changed_by=by)
    audit.record("flow.created", flow, by=by)
    return flow


@transaction.atomic
def edit_flow(flow: CallFlow, change: Callable[[Tree], Tree], *, by: User) -> FlowVersion:
    """Change the draft, which begins as a copy of the version in use."""
    draft = _draft(flow, by)
    draft.tree = change(draft.tree)
    draft.revision += 1
    draft.changed_at, draft.changed_by = clock.now(), by
    draft.save()
    return draft


@transaction.atomic
def publish_flow(flow: CallFlow, *, revision: int, by: User) -> FlowVersion | None:
    """Put the draft into use; None where there is no draft (any more). Raises FlowRefused."""
    _lock(flow)
    draft = flow.draft
    if draft is None:
        return None
    if draft.revision != revision or checks.faults(draft.read(), desk_of_flows()):
        raise FlowRefused
    draft.published_at = clock.now()
    draft.save(update_fields=["published_at"])
    audit.record("flow.published", flow, by=by, detail={"version": draft.number})
    return draft


@transaction.atomic
def discard_draft(flow: CallFlow, *, by: User) -> None:
    """Go back to the version in use; a flow that was never published keeps its draft."""
    _lock(flow)
    if flow.in_use is not None and flow.versions.filter(published_at=None).delete()[0]:
        audit.record("flow.draft_discarded", flow, by=by)


@transaction.atomic
def take_up_version(flow: CallFlow, number: int, *, by: User) -> FlowVersion:
    """Let the draft become what an earlier version was. Raises FlowVersion.DoesNotExist."""
    old = flow.versions.get(number=number)
    return edit_flow(flow, lambda _tree: dict(old.tree), by=by)


@transaction.atomic
def add_recording(flow: CallFlow, file: "UploadedFile[Any]", *, content_type: str) -> FlowRecording:
    """Keep a recorded prompt."""
    return FlowRecording.objects.create(
        flow=flow,
        file=file,
        content_type=content_type,
        name=(file.name or "")[:120],
        created_at=clock.now(),
    )


def entry_of_portal() -> PortalEntry:
    """The portal's call page as an entry point."""
    names = {"name": "The portal's call page", "name_zh": "门户网站的呼叫页"}
    return PortalEntry.objects.get_or_create(code=PORTAL, defaults=names)[0]


@transaction.atomic
def lead_to(place: PhoneLine | PortalEntry, flow: CallFlow | None, *, by: User) -> None:
    """Let a number or an entry of the portal lead to a flow, or straight to its queue."""
    if place.flow == flow:
        return
    type(place)._default_manager.filter(pk=place.pk).update(flow=flow)
    audit.record("flow.connected", place, by=by, detail={"flow": flow.pk if flow else None})


def _draft(flow: CallFlow, by: User) -> FlowVersion:
    _lock(flow)
    draft = flow.draft
    if draft is not None:
        return draft
    in_use: Any = flow.in_use
    number = flow.versions.aggregate(last=Max("number"))["last"] + 1
    return FlowVersion.objects.create(flow=flow, number=number, tree=in_use.tree, changed_at=clock.now(), changed_by=by)


def _lock(flow: CallFlow) -> None:
    CallFlow.objects.select_for_update().get(pk=flow.pk)
