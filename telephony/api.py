"""REST resource of telephony: calls, to read."""

import django_filters  # type: ignore[import-untyped]
from django.conf import settings
from django.db.models import QuerySet
from rest_framework import serializers

from crmcore import phone_numbers
from crmcore.viewsets import VisibleModelViewSet
from telephony.models import Call, CallLeg


class CallLegSerializer(serializers.ModelSerializer[CallLeg]):
    """A party of a call; times in UTC, lengths in seconds."""

    outcome = serializers.SlugRelatedField[CallLeg](slug_field="code", read_only=True)

    class Meta:
        model = CallLeg
        fields = [
            "kind",
            "agent",
            "state",
            "joined_at",
            "left_at",
            "talk_seconds",
            "hold_seconds",
            "wrap_up_started_at",
            "wrap_up_ended_at",
            "outcome",
            "is_unclassified",
        ]


class CallSerializer(serializers.ModelSerializer[Call]):
    """A call with its parties."""

    queue = serializers.SlugRelatedField[Call](slug_field="code", read_only=True)
    legs = CallLegSerializer(many=True, read_only=True)

    class Meta:
        model = Call
        fields = [
            "id",
            "public_id",
            "provider",
            "direction",
            "state",
            "outcome",
            "end_reason",
            "hung_up_by",
            "from_e164",
            "to_e164",
            "queue",
            "agent",
            "account",
            "contact",
            "ticket",
            "note",
            "started_at",
            "queued_at",
            "answered_at",
            "ended_at",
            "legs",
        ]


class CallFilter(django_filters.FilterSet):  # type: ignore[misc]
    """`phone` in any written form; `started_after` and `started_before` in ISO 8601."""

    phone = django_filters.CharFilter(method="by_phone")
    queue = django_filters.CharFilter(field_name="queue__code")
    started_after = django_filters.IsoDateTimeFilter(field_name="started_at", lookup_expr="gte")
    started_before = django_filters.IsoDateTimeFilter(field_name="started_at", lookup_expr="lt")

    class Meta:
        model = Call
        fields = ["state", "outcome", "direction", "agent", "account", "contact", "ticket"]

    def by_phone(self, rows: QuerySet[Call], name: str, value: str) -> QuerySet[Call]:
        number = phone_numbers.normalise(value, settings.DEFAULT_PHONE_REGION)
        return rows.filter(from_e164=number.value) if number.value else rows.none()


class CallViewSet(VisibleModelViewSet[Call]):
    """Calls within the reader's reach, latest first."""

    queryset = Call.objects.select_related("queue").prefetch_related("legs__outcome")
    serializer_class = CallSerializer
    filterset_class = CallFilter
