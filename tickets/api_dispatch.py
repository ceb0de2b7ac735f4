"""REST resource of dispatch orders: read only."""

import django_filters  # type: ignore[import-untyped]
from rest_framework import serializers

from crmcore.models import Firm
from crmcore.viewsets import VisibleModelViewSet
from tickets.models import DispatchCost, DispatchOrder, FailureReason, Ticket


class CostSerializer(serializers.ModelSerializer[DispatchCost]):
    """A part or work; amounts are minor units of the order's currency."""

    class Meta:
        model = DispatchCost
        fields = ("kind", "name", "quantity", "unit_minor", "total_minor")


class DispatchOrderSerializer(serializers.ModelSerializer[DispatchOrder]):
    """One visit; firm and reason of a failure go by code."""

    ticket: serializers.SlugRelatedField[Ticket] = serializers.SlugRelatedField(slug_field="number", read_only=True)
    firm: serializers.SlugRelatedField[Firm] = serializers.SlugRelatedField(slug_field="code", read_only=True)
    failure: serializers.SlugRelatedField[FailureReason] = serializers.SlugRelatedField(
        slug_field="code", read_only=True
    )
    costs = CostSerializer(many=True, read_only=True)

    class Meta:
        model = DispatchOrder
        fields = (
            *("number", "ticket", "kind", "task", "place", "person", "phone", "state", "technician", "firm"),
            *("starts_at", "ends_at", "accepted_at", "left_at", "arrived_at", "over_at", "seconds_on_site"),
            *("failure", "reason", "result", "checks", "signed_by", "currency", "costs", "created_at"),
        )


class DispatchOrderFilter(django_filters.FilterSet):  # type: ignore[misc]
    """By ticket number, state, people, and the beginning in ISO 8601."""

    ticket = django_filters.CharFilter(field_name="ticket__number")
    firm = django_filters.CharFilter(field_name="firm__code")
    starts_after = django_filters.IsoDateTimeFilter(field_name="starts_at", lookup_expr="gte")
    starts_before = django_filters.IsoDateTimeFilter(field_name="starts_at", lookup_expr="lt")

    class Meta:
        model = DispatchOrder
        fields = ["state", "kind", "technician"]


class DispatchOrderViewSet(VisibleModelViewSet[DispatchOrder]):
    """The visits that the caller may see, with their costs."""

    queryset = DispatchOrder.objects.select_related("ticket", "firm", "failure").prefetch_related("costs")
    serializer_class = DispatchOrderSerializer
    filterset_class = DispatchOrderFilter
    lookup_field = "number"
