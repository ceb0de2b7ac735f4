"""Tickets, interactions and clocks as the REST API shows and takes them."""

from typing import Any

from rest_framework import serializers

from crmcore.models import Account, Contact, Queue, User
from crmcore.viewsets import VisibleRelatedField
from tickets.models import (
    Interaction,
    SlaClock,
    SlaEvent,
    SlaSegment,
    Ticket,
    TicketStatus,
    TicketType,
)


class TicketSerializer(serializers.ModelSerializer[Ticket]):
    """Types, statuses and queues go by code. `seen_seq` refuses a change that has not seen the latest entry."""

    type = serializers.SlugRelatedField(slug_field="code", queryset=TicketType.objects.all())
    status = serializers.SlugRelatedField(slug_field="code", queryset=TicketStatus.objects.all(), required=False)
    queue = serializers.SlugRelatedField(slug_field="code", queryset=Queue.objects.filter(is_active=True))
    assignee: serializers.PrimaryKeyRelatedField[User] = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.filter(kind=User.Kind.STAFF, is_active=True), required=False, allow_null=True
    )
    account: VisibleRelatedField[Account] = VisibleRelatedField(
        queryset=Account.objects.all(), required=False, allow_null=True
    )
    contact: VisibleRelatedField[Contact] = VisibleRelatedField(
        queryset=Contact.objects.all(), required=False, allow_null=True
    )
    body = serializers.CharField(write_only=True, required=False, allow_blank=True)
    contacted_at = serializers.DateTimeField(write_only=True, required=False)
    seen_seq = serializers.IntegerField(write_only=True, required=False, min_value=0)
    merged_into = serializers.CharField(read_only=True, default=None, allow_null=True)

    class Meta:
        model = Ticket
        read_only_fields = (
            "number",
            "opened_at",
            "first_reply_at",
            "last_reply_at",
            "solved_at",
            "closed_at",
            "reopened_count",
            "last_event_at",
            "seq",
            "waiting_on",
            "sla_due_at",
            "sla_state",
            "sla_metric",
            "rating",
            "rating_comment",
            "merged_into",
        )
        fields = (
            "id",
            "subject",
            "type",
            "status",
            "priority",
            "queue",
            "assignee",
            "account",
            "contact",
            "channel",
            "body",
            "contacted_at",
            "seen_seq",
            "fields",
            *read_only_fields,
        )

    def validate_fields(self, values: Any) -> dict[str, Any]:
        """Codes with values; whether each is right for its field is for the action to say."""
        if not isinstance(values, dict):
            raise serializers.ValidationError("An object of values by field code.")
        return values


class InteractionSerializer(serializers.ModelSerializer[Interaction]):
    """The ticket goes by number; without one the interaction stands on the customer alone."""

    ticket: serializers.SlugRelatedField[Ticket] = serializers.SlugRelatedField(
        slug_field="number", queryset=Ticket.objects.all(), required=False, allow_null=True
    )
    account: VisibleRelatedField[Account] = VisibleRelatedField(
        queryset=Account.objects.all(), required=False, allow_null=True
    )
    contact: VisibleRelatedField[Contact] = VisibleRelatedField(
        queryset=Contact.objects.all(), required=False, allow_null=True
    )
    channel = serializers.ChoiceField(
        choices=[choice for choice in Interaction.Channel.choices if choice[0] != "system"]
    )
    occurred_at = serializers.DateTimeField(required=False)
    answered_at = serializers.DateTimeField(write_only=True, required=False)

    class Meta:
        model = Interaction
        read_only_fields = ("seq", "event", "detail", "by", "recorded_at")
        fields = (
            "id",
            "ticket",
            "account",
            "contact",
            "channel",
            "direction",
            "body",
            "is_public",
            "occurred_at",
            "answered_at",
            "talk_seconds",
            "answered",
            "reference",
            *read_only_fields,
        )

    def validate_ticket(self, ticket: Ticket | None) -> Ticket | None:
        """A ticket that the caller may not change does not exist for them."""
        reach = Ticket.objects.visible_to(self.context["request"].user, "edit")
        if ticket is not None and not reach.filter(pk=ticket.pk).exists():
            raise serializers.ValidationError(f"There is no ticket {ticket.number}.")
        return ticket

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        ticket: Ticket | None = attrs.get("ticket")
        if ticket is not None:
            attrs.setdefault("account", ticket.account)
            attrs.setdefault("contact", ticket.contact)
        return attrs


class SegmentSerializer(serializers.ModelSerializer[SlaSegment]):
    class Meta:
        model = SlaSegment
        fields = ("category", "cause", "started_at", "ended_at")


class EventSerializer(serializers.ModelSerializer[SlaEvent]):
    class Meta:
        model = SlaEvent
        fields = ("kind", "ordinal", "step", "occurred_at", "processed_at", "detail")


class ClockSerializer(serializers.ModelSerializer[SlaClock]):
    """A clock with its whole ledger, so that anybody can check the sum."""

    ticket: serializers.SlugRelatedField[Ticket] = serializers.SlugRelatedField(slug_field="number", read_only=True)
    segments = SegmentSerializer(many=True)
    events = EventSerializer(many=True)

    class Meta:
        model = SlaClock
        fields = (
            "id",
            "ticket",
            "metric",
            "instance",
            "state",
            "policy_version",
            "calendar_version",
            "target_s",
            "pinned_due_at",
            "consumed_s",
            "started_at",
            "running_since",
            "warn_at",
            "due_at",
            "stopped_at",
            "segments",
            "events",
        )
