"""Merges, links, splits, tags, tasks and time as the REST API shows and takes them."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from crmcore.models import Queue, User
from tickets.models import Ticket, TicketLink, TicketType, TimeEntry, Todo

DAY_MINUTES = 1440


class TicketNumberField(serializers.SlugRelatedField[Ticket]):
    """Another ticket by its number; one on which the caller may not do `right` does not exist for them."""

    def __init__(self, right: str = "edit", **kwargs: Any) -> None:
        self.right = right
        super().__init__(slug_field="number", queryset=Ticket.objects.all(), **kwargs)

    def get_queryset(self) -> QuerySet[Ticket]:
        return Ticket.objects.visible_to(self.context["request"].user, self.right).select_related("status")


class MergeSerializer(serializers.Serializer[Ticket]):
    """`number` names the ticket that goes into the one of the address."""

    number = TicketNumberField()


class LinkSerializer(serializers.Serializer[Any]):
    """How the ticket of the address has to do with another; `reversed` where the other one holds the link."""

    kind = serializers.ChoiceField(choices=TicketLink.Kind.choices)
    number = TicketNumberField(right="view")
    reversed = serializers.BooleanField(read_only=True)


class SplitSerializer(serializers.Serializer[Ticket]):
    """Ids of the interactions that move, and what the new ticket is about."""

    entries = serializers.ListField(child=serializers.IntegerField(min_value=1), min_length=1, max_length=500)
    subject = serializers.CharField(max_length=200)
    type = serializers.SlugRelatedField(slug_field="code", queryset=TicketType.objects.all())
    queue = serializers.SlugRelatedField(slug_field="code", queryset=Queue.objects.filter(is_active=True))


class TagsSerializer(serializers.Serializer[Any]):
    """Tags go by name, however they are written."""

    add = serializers.ListField(child=serializers.CharField(max_length=40), required=False, write_only=True)
    remove = serializers.ListField(child=serializers.CharField(max_length=40), required=False, write_only=True)
    tags = serializers.ListField(child=serializers.CharField(), read_only=True)


class TodoSerializer(serializers.ModelSerializer[Todo]):
    assignee: serializers.PrimaryKeyRelatedField[User] = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.filter(kind=User.Kind.STAFF, is_active=True), required=False, allow_null=True
    )

    class Meta:
        model = Todo
        read_only_fields = ("position", "done_at", "done_by")
        fields = ("id", "name", "name_zh", "assignee", "due_at", "is_mandatory", *read_only_fields)
        extra_kwargs = {"name_zh": {"read_only": True}}


class DoneSerializer(serializers.Serializer[Todo]):
    done = serializers.BooleanField()


class TimeEntrySerializer(serializers.ModelSerializer[TimeEntry]):
    """`seconds` is null while a timer runs."""

    minutes = serializers.IntegerField(write_only=True, min_value=1, max_value=DAY_MINUTES)

    class Meta:
        model = TimeEntry
        read_only_fields = ("user", "started_at", "seconds")
        fields = ("id", "words", "minutes", *read_only_fields)
