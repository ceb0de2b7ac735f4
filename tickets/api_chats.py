"""Chats through the API: reading alone, under the rights of whoever asks."""

import django_filters  # type: ignore[import-untyped]
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from crmcore.viewsets import VisibleModelViewSet
from tickets.models import Chat, ChatLine
from tickets.queries.chats import all_lines


class ChatFilter(django_filters.FilterSet):  # type: ignore[misc]
    """By ticket number, queue code, state, agent and moments in ISO 8601."""

    ticket = django_filters.CharFilter(field_name="ticket__number")
    queue = django_filters.CharFilter(field_name="queue__code")
    started_after = django_filters.IsoDateTimeFilter(field_name="started_at", lookup_expr="gte")
    started_before = django_filters.IsoDateTimeFilter(field_name="started_at", lookup_expr="lt")

    class Meta:
        model = Chat
        fields = ["state", "agent", "channel", "end"]


class ChatSerializer(serializers.ModelSerializer[Chat]):
    """Ticket and queue go by number and code; `end` says why it is over."""

    ticket = serializers.SlugRelatedField(slug_field="number", read_only=True)  # type: ignore[var-annotated]
    queue = serializers.SlugRelatedField(slug_field="code", read_only=True)  # type: ignore[var-annotated]
    name = serializers.CharField(read_only=True)

    class Meta:
        model = Chat
        fields = (
            "id", "channel", "ticket", "queue", "name", "language", "state", "agent", "started_at", "answered_at",
            "ended_at", "end", "wrapped_at", "seq",
        )  # fmt: skip


class ChatLineSerializer(serializers.ModelSerializer[ChatLine]):
    """Words in `body`, or what happened in `event`."""

    body = serializers.SerializerMethodField()

    class Meta:
        model = ChatLine
        fields = ("seq", "side", "by", "event", "body", "interaction", "at")

    def get_body(self, line: ChatLine) -> str:
        """The words as they stand on the ticket."""
        return line.interaction.body if line.interaction else ""


class ChatViewSet(VisibleModelViewSet[Chat]):
    """Chats of the caller's reach, newest first."""

    queryset = Chat.objects.select_related("ticket__contact", "queue").defer("ticket__search")
    serializer_class = ChatSerializer
    filterset_class = ChatFilter

    @extend_schema(responses=ChatLineSerializer(many=True))
    @action(detail=True, pagination_class=None, filterset_class=None)
    def lines(self, request: Request, pk: str) -> Response:
        """The transcript, from the first line to the last."""
        return Response(ChatLineSerializer(all_lines(self.get_object()), many=True).data)
