"""What can be done with tickets as a whole through the API: merging, parting."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from crmcore.viewsets import VisibleModelViewSet
from tickets.actions.merging import merge_tickets, undo_merge
from tickets.api_conflicts import conflicts
from tickets.models import Ticket
from tickets.queries.merged import standing_merges
from tickets.serializers import TicketSerializer


class TicketNumberField(serializers.SlugRelatedField[Ticket]):
    """Another ticket by its number; one that the caller may not change does not exist for them."""

    def get_queryset(self) -> QuerySet[Ticket]:
        return Ticket.objects.visible_to(self.context["request"].user, "edit").select_related("status")


class MergeSerializer(serializers.Serializer[Ticket]):
    """`number` names the ticket that goes into the one of the address."""

    number = TicketNumberField(slug_field="number", queryset=Ticket.objects.all())


class TicketWork(VisibleModelViewSet[Ticket]):
    """The actions of tickets that concern more than one of their own fields."""

    @extend_schema(request=MergeSerializer, responses=TicketSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def merge(self, request: Request, number: str) -> Response:
        """Let another ticket go into this one; both read as one from then on, and `part` takes them apart again."""
        asked = MergeSerializer(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        with conflicts():
            merge_tickets(asked.validated_data["number"], self.get_object(), by=self.staff())
        return self._as_it_is()

    @extend_schema(request=None, responses=TicketSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def part(self, request: Request, number: str) -> Response:
        """Undo the merge by which this ticket went into another one."""
        merge = standing_merges().filter(source=self.get_object()).select_related("source", "target").first()
        if merge is not None:
            with conflicts():
                undo_merge(merge, by=self.staff())
        return self._as_it_is()

    def _as_it_is(self) -> Response:
        return Response(self.get_serializer(self.get_object()).data)
