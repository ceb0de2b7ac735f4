"""REST resources of the service core: tickets, interactions, and the ledger of the clocks."""

import json
from typing import Any

import django_filters  # type: ignore[import-untyped]
from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from crmcore.clock import now
from crmcore.models import User
from crmcore.queries.rights import require_reach
from crmcore.viewsets import VisibleModelViewSet
from tickets.actions import lifecycle
from tickets.actions.changing import StaleTicket, unseen_words
from tickets.actions.fields import set_fields
from tickets.actions.interactions import log_interaction
from tickets.actions.stages import take_step
from tickets.api_conflicts import conflicts
from tickets.api_work import TicketWork
from tickets.models import Interaction, Ticket
from tickets.queries.merged import WENT_INTO
from tickets.queries.stages import stage_bar
from tickets.queries.worklists import search
from tickets.serializers import ClockSerializer, InteractionSerializer, TicketSerializer
from tickets.stage_serializers import StagesSerializer, StepSerializer


class TicketFilter(django_filters.FilterSet):  # type: ignore[misc]
    """`q` looks for all its words in number, subject and messages; moments are ISO 8601.

    `fields` is an object of values by field code, as in `{"building": "3"}`: tickets in which all of them stand.
    """

    q = django_filters.CharFilter(method="by_words")
    status = django_filters.CharFilter(field_name="status__code")
    category = django_filters.CharFilter(field_name="status__category")
    type = django_filters.CharFilter(field_name="type__code")
    queue = django_filters.CharFilter(field_name="queue__code")
    fields = django_filters.CharFilter(method="by_fields")
    opened_after = django_filters.IsoDateTimeFilter(field_name="opened_at", lookup_expr="gte")
    opened_before = django_filters.IsoDateTimeFilter(field_name="opened_at", lookup_expr="lt")

    class Meta:
        model = Ticket
        fields = ["priority", "assignee", "account", "contact", "channel", "is_active", "sla_state", "number"]

    def by_fields(self, rows: QuerySet[Ticket], name: str, value: str) -> QuerySet[Ticket]:
        try:
            wanted = json.loads(value)
        except ValueError:
            wanted = None
        return rows.filter(fields__contains=wanted) if isinstance(wanted, dict) else rows.none()

    def by_words(self, rows: QuerySet[Ticket], name: str, value: str) -> QuerySet[Ticket]:
        return search(rows, value)


class InteractionFilter(django_filters.FilterSet):  # type: ignore[misc]
    ticket = django_filters.CharFilter(field_name="ticket__number")
    occurred_after = django_filters.IsoDateTimeFilter(field_name="occurred_at", lookup_expr="gte")
    occurred_before = django_filters.IsoDateTimeFilter(field_name="occurred_at", lookup_expr="lt")

    class Meta:
        model = Interaction
        fields = ["account", "contact", "channel", "direction", "is_public", "reference"]


class TicketViewSet(TicketWork):
    """Tickets, by number. A change runs through the same actions as on screen, so clocks and screens follow."""

    http_method_names = ["get", "head", "options", "post", "patch"]
    queryset = Ticket.objects.select_related("type", "status", "queue").annotate(merged_into=WENT_INTO).defer("search")
    serializer_class = TicketSerializer
    filterset_class = TicketFilter
    lookup_field = "number"

    @extend_schema(responses=ClockSerializer(many=True))
    @action(detail=True, pagination_class=None, filterset_class=None)
    def clocks(self, request: Request, number: str) -> Response:
        """Every clock of the ticket with the segments and events that it is computed from."""
        rows = self.get_object().clocks.prefetch_related("segments", "events").order_by("pk")
        return Response(ClockSerializer(rows, many=True).data)

    @extend_schema(responses=StagesSerializer)
    @action(detail=True, pagination_class=None, filterset_class=None)
    def stages(self, request: Request, number: str) -> Response:
        """The stages of the ticket, the present visit with its clock, what it lacks, and the caller's moves."""
        bar = stage_bar(self.get_object(), self.staff(), now())
        return Response(StagesSerializer(bar).data if bar else {"stages": [], "visit": None})

    @extend_schema(request=StepSerializer, responses=StagesSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def step(self, request: Request, number: str) -> Response:
        """Take one step from the visit that was read; 409 where the ticket stands elsewhere or lacks something."""
        ticket, asked = self.get_object(), StepSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        with conflicts():
            ticket = take_step(ticket, by=self.staff(), **asked.validated_data)
        return Response(StagesSerializer(stage_bar(ticket, self.staff(), now())).data)

    def create_by(self, user: User, data: dict[str, Any]) -> Ticket:
        data.pop("seen_seq", None)
        data.pop("status", None)
        facts = {"account": None, "contact": None, "fields": {}} | data
        with conflicts():
            return lifecycle.open_ticket(by=user, **facts)

    def change_by(self, user: User, instance: Ticket, data: dict[str, Any]) -> Ticket:
        """All or nothing; what is left out stays."""
        if {"assignee", "queue"} & data.keys():
            require_reach(user, "assign", instance)
        with conflicts(), transaction.atomic():
            seen_seq = data.get("seen_seq")
            if seen_seq is not None and unseen_words(instance, seen_seq, user).exists():
                raise StaleTicket(instance.number)
            return _changed(instance, user, data)


class InteractionViewSet(VisibleModelViewSet[Interaction]):
    """What happened with customers, newest first; entries are added and never changed."""

    http_method_names = ["get", "head", "options", "post"]
    queryset = Interaction.objects.select_related("ticket")
    serializer_class = InteractionSerializer
    filterset_class = InteractionFilter

    def create_by(self, user: User, data: dict[str, Any]) -> Interaction:
        facts = {"ticket": None, "account": None, "contact": None, "body": "", "is_public": False} | data
        return log_interaction(by=user, **facts)


def _changed(ticket: Ticket, user: User, data: dict[str, Any]) -> Ticket:
    if {"subject", "type"} & data.keys():
        ticket = lifecycle.edit_ticket(ticket, by=user, subject=data.get("subject"), type=data.get("type"))
    if "fields" in data:
        ticket = set_fields(ticket, data["fields"], by=user)
    if "priority" in data:
        ticket = lifecycle.set_priority(ticket, data["priority"], by=user)
    if {"assignee", "queue"} & data.keys():
        to = data.get("assignee", ticket.assignee)
        ticket = lifecycle.assign_ticket(ticket, to=to, queue=data.get("queue"), by=user)
    if "status" in data:
        ticket = lifecycle.set_status(ticket, data["status"], by=user)
    return ticket
