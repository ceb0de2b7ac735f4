"""The work on tickets through the API: merging, splitting, linking, tags, tasks, time."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from crmcore.viewsets import VisibleModelViewSet
from tickets.actions.linking import link_tickets
from tickets.actions.merging import merge_tickets, undo_merge
from tickets.actions.splitting import split_ticket
from tickets.actions.tagging import change_tags
from tickets.actions.time_worked import add_time
from tickets.actions.todos import add_todo, set_done
from tickets.api_conflicts import conflicts
from tickets.models import Ticket
from tickets.queries.linked import links_of
from tickets.queries.merged import standing_merges
from tickets.serializers import TicketSerializer
from tickets.work_serializers import (
    DoneSerializer,
    LinkSerializer,
    MergeSerializer,
    SplitSerializer,
    TagsSerializer,
    TimeEntrySerializer,
    TodoSerializer,
)

BARE: dict[str, Any] = {"detail": True, "pagination_class": None, "filterset_class": None}


class TicketWork(VisibleModelViewSet[Ticket]):
    """The actions of tickets that concern more than one of their own fields."""

    @extend_schema(request=MergeSerializer, responses=TicketSerializer)
    @action(methods=["post"], **BARE)
    def merge(self, request: Request, number: str) -> Response:
        """Let another ticket go into this one; both read as one from then on, and `part` takes them apart again."""
        asked = self._asked(MergeSerializer)
        with conflicts():
            merge_tickets(asked["number"], self.get_object(), by=self.staff())
        return self._as_it_is()

    @extend_schema(request=None, responses=TicketSerializer)
    @action(methods=["post"], **BARE)
    def part(self, request: Request, number: str) -> Response:
        """Undo the merge by which this ticket went into another one."""
        merge = standing_merges().filter(source=self.get_object()).select_related("source", "target").first()
        if merge is not None:
            with conflicts():
                undo_merge(merge, by=self.staff())
        return self._as_it_is()

    @extend_schema(request=SplitSerializer, responses={201: TicketSerializer})
    @action(methods=["post"], **BARE)
    def split(self, request: Request, number: str) -> Response:
        """Move interactions to a new ticket of the same customer, which is returned."""
        asked = self._asked(SplitSerializer)
        with conflicts():
            new = split_ticket(self.get_object(), asked.pop("entries"), by=self.staff(), **asked)
        return Response(self.get_serializer(new).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=LinkSerializer, responses=LinkSerializer(many=True))
    @action(methods=["get", "post"], **BARE)
    def links(self, request: Request, number: str) -> Response:
        """How the ticket has to do with others that the caller may see; a post adds one."""
        ticket = self.get_object()
        if request.method == "POST":
            asked = self._asked(LinkSerializer)
            with conflicts():
                link_tickets(ticket, asked["kind"], asked["number"], by=self.staff())
        rows = [
            {"kind": row.link.kind, "number": row.other.number, "reversed": not row.may_untie}
            for row in links_of(ticket, self.staff()).rows
        ]
        return Response(rows)

    @extend_schema(request=TagsSerializer, responses=TagsSerializer)
    @action(methods=["get", "post"], **BARE)
    def tags(self, request: Request, number: str) -> Response:
        """The ticket's tags; a post adds and removes some."""
        ticket = self.get_object()
        if request.method == "POST":
            with conflicts():
                change_tags(ticket, by=self.staff(), **self._asked(TagsSerializer))
        return Response({"tags": list(ticket.tags.order_by("key").values_list("name", flat=True))})

    @extend_schema(request=TodoSerializer, responses=TodoSerializer(many=True))
    @action(methods=["get", "post"], **BARE)
    def todos(self, request: Request, number: str) -> Response:
        """The ticket's tasks in their order; a post adds one at the end."""
        ticket = self.get_object()
        if request.method == "POST":
            with conflicts():
                add_todo(ticket, by=self.staff(), **self._asked(TodoSerializer))
        return Response(TodoSerializer(ticket.todos.all(), many=True).data)

    @extend_schema(request=DoneSerializer, responses=TodoSerializer)
    @action(methods=["patch"], url_path=r"todos/(?P<todo>\d+)", **BARE)
    def todo(self, request: Request, number: str, todo: str) -> Response:
        """Tick a task or take the tick back."""
        row = get_object_or_404(self.get_object().todos, pk=todo)
        with conflicts():
            set_done(row, by=self.staff(), done=self._asked(DoneSerializer)["done"])
        row.refresh_from_db()
        return Response(TodoSerializer(row).data)

    @extend_schema(request=TimeEntrySerializer, responses=TimeEntrySerializer(many=True))
    @action(methods=["get", "post"], **BARE)
    def time(self, request: Request, number: str) -> Response:
        """Who worked how long; a post writes down what the caller worked."""
        ticket = self.get_object()
        if request.method == "POST":
            asked = self._asked(TimeEntrySerializer)
            with conflicts():
                add_time(ticket, 60 * asked["minutes"], by=self.staff(), words=asked.get("words", ""))
        return Response(TimeEntrySerializer(ticket.time_entries.order_by("pk"), many=True).data)

    def _asked(self, kind: type[BaseSerializer[Any]]) -> dict[str, Any]:
        """What the request says, understood. Raises ValidationError."""
        asked = kind(data=self.request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        return dict(asked.validated_data)

    def _as_it_is(self) -> Response:
        return Response(self.get_serializer(self.get_object()).data)
