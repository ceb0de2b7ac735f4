"""What is to be done on a ticket, and the lists with which tickets of a type begin."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crmcore.models import Named
from crmcore.models.naming import ListEntry
from tickets.models.ticket import Ticket
from tickets.models.wording import TicketType


class Todo(Named):
    """One task of a ticket. One that is mandatory stands in the way of solving, until somebody says otherwise."""

    name = models.CharField(_("name"), max_length=200)
    name_zh = models.CharField(_("Chinese name"), max_length=200, blank=True)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="todos")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="todos"
    )
    due_at = models.DateTimeField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_mandatory = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["position", "id"]
        indexes = [
            models.Index(fields=["ticket", "position"], name="todo_of_ticket"),
            models.Index(fields=["assignee", "due_at", "id"], condition=Q(done_at=None), name="todo_mine"),
        ]


class TodoTemplate(ListEntry):
    """A task with which every new ticket of a type begins; it is due so many hours after the opening."""

    name = models.CharField(_("name"), max_length=200)
    name_zh = models.CharField(_("Chinese name"), max_length=200, blank=True)
    code = models.SlugField(unique=True)
    type = models.ForeignKey(TicketType, on_delete=models.CASCADE, related_name="todo_templates")
    is_mandatory = models.BooleanField(default=False)
    due_hours = models.PositiveSmallIntegerField(null=True, blank=True)

    def neighbours(self) -> "models.QuerySet[TodoTemplate]":
        return TodoTemplate.objects.filter(is_active=True, type=self.type_id)
