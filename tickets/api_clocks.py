"""REST resource of SLA clocks: what is promised, and the ledger that it is computed from."""

import django_filters  # type: ignore[import-untyped]
from django.db.models import QuerySet
from rest_framework import mixins, viewsets

from crmcore.rest import MayUseApi
from tickets.models import SlaClock, Ticket
from tickets.queries.ledger import with_ledger
from tickets.serializers import ClockSerializer


class ClockFilter(django_filters.FilterSet):  # type: ignore[misc]
    """By ticket number, metric, state and moments in ISO 8601."""

    ticket = django_filters.CharFilter(field_name="ticket__number")
    due_before = django_filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="lt")
    started_after = django_filters.IsoDateTimeFilter(field_name="started_at", lookup_expr="gte")
    started_before = django_filters.IsoDateTimeFilter(field_name="started_at", lookup_expr="lt")

    class Meta:
        model = SlaClock
        fields = ["metric", "state"]


class ClockViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[SlaClock]):
    """Clocks of the tickets that the caller may view, each with its segments and events."""

    permission_classes = [MayUseApi]
    queryset = SlaClock.objects.select_related("ticket")
    serializer_class = ClockSerializer
    filterset_class = ClockFilter

    def get_queryset(self) -> QuerySet[SlaClock]:
        tickets = Ticket.objects.visible_to(self.request.user)
        return with_ledger(super().get_queryset().filter(ticket__in=tickets))
