"""Changing stage flows: one draft for each, published as it was looked at, never changed after."""

from collections.abc import Callable

from django.db import transaction

from crmcore.actions import audit
from crmcore.clock import now
from crmcore.models import ApprovalPlan, Queue, User
from crmcore.permissions import require
from tickets.field_values import FieldKind
from tickets.models import StageFlow, StageFlowVersion, TicketField, TicketType
from tickets.queries.fields import fields_of
from tickets.stage_editing import Document
from tickets.stage_faults import Fault, Known, faults
from tickets.stage_flow import Flow


class FlowRefused(Exception):
    """The draft has faults, or is no longer the one that was looked at."""


@transaction.atomic
def flow_for(kind: TicketType, *, by: User) -> StageFlow:
    """The flow of a type, made empty where it has none."""
    require(by, "settings", "edit")
    flow, created = StageFlow.objects.get_or_create(type=kind)
    if created:
        audit.record("stage_flow.created", flow, by=by, detail={"type": kind.code})
    return flow


@transaction.atomic
def edit_flow(flow: StageFlow, change: Callable[[Document], Document], *, by: User) -> StageFlowVersion:
    """Change the draft, begun from the version in use where there is none."""
    require(by, "settings", "edit")
    draft = _draft(flow)
    draft.document, draft.revision = change(draft.document), draft.revision + 1
    draft.save(update_fields=["document", "revision"])
    return draft


@transaction.atomic
def publish_flow(flow: StageFlow, *, revision: int, by: User) -> StageFlowVersion:
    """Let new tickets follow the draft; those on their way stay on theirs. Raises FlowRefused."""
    require(by, "settings", "edit")
    StageFlow.objects.select_for_update().get(pk=flow.pk)
    draft = flow.draft
    if draft is None or draft.revision != revision or faults_of(flow, draft.read()):
        raise FlowRefused(flow.type.code)
    draft.published_at, draft.published_by = now(), by
    draft.save(update_fields=["published_at", "published_by"])
    audit.record("stage_flow.published", flow, by=by, detail={"type": flow.type.code, "number": draft.number})
    return draft


@transaction.atomic
def discard_draft(flow: StageFlow, *, by: User) -> None:
    require(by, "settings", "edit")
    flow.versions.filter(published_at=None).delete()


@transaction.atomic
def set_flow_active(flow: StageFlow, *, by: User, active: bool) -> None:
    """Whether new tickets of the type pass stages; those on their way go on."""
    require(by, "settings", "edit")
    if StageFlow.objects.filter(pk=flow.pk).exclude(is_active=active).update(is_active=active):
        audit.record("stage_flow.resumed" if active else "stage_flow.rested", flow, by=by)


def faults_of(flow: StageFlow, read: Flow) -> list[Fault]:
    """What stands against publishing, by the fields and queues of the desk."""
    return faults(read, known_to(flow.type, read))


def known_to(kind: TicketType, flow: Flow) -> Known:
    """The desk as a flow of this type may name it."""
    fields: list[TicketField] = list(fields_of(kind))
    by_code = {field.code: field for field in fields}
    chosen = by_code.get(flow.category_field)
    is_list = chosen is not None and chosen.kind == FieldKind.CHOICE
    return Known(
        fields=set(by_code),
        queues=set(Queue.objects.filter(is_active=True).values_list("code", flat=True)),
        categories=[one.code for one in chosen.all_choices] if chosen and is_list else [],
        plans=set(ApprovalPlan.objects.filter(is_active=True).values_list("code", flat=True)),
        marks={field.code for field in fields if field.kind == FieldKind.YES_NO},
    )


def _draft(flow: StageFlow) -> StageFlowVersion:
    StageFlow.objects.select_for_update().get(pk=flow.pk)
    if (draft := flow.draft) is not None:
        return draft
    newest = flow.versions.order_by("-number").first()
    document = newest.document if newest else {"stages": []}
    return StageFlowVersion.objects.create(flow=flow, number=newest.number + 1 if newest else 1, document=document)
