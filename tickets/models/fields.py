"""A desk's own fields: what is asked beside the subject, for which types of tickets, and who reads the answers."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crmcore.models import ListEntry
from tickets.field_values import FieldKind
from tickets.models.wording import TicketType


@dataclass(frozen=True)
class Choice:
    """One entry of a field's list; one that is no longer offered stays readable."""

    code: str
    name: str
    name_zh: str = ""
    is_offered: bool = True

    @property
    def label(self) -> str:
        return in_reader_tongue(self.name, self.name_zh)


def in_reader_tongue(english: str, chinese: str) -> str:
    """The wording for the active language, the other one where it is missing."""
    is_chinese = (get_language() or "").startswith("zh")
    return (chinese or english) if is_chinese else (english or chinese)


class TicketField(ListEntry):
    """A question with a kind; `choices` are rows of [code, name, Chinese name, offered]."""

    class Audience(models.TextChoices):
        STAFF = "staff", _("The desk alone")
        READ = "read", _("Customers read it")
        WRITE = "write", _("Customers fill it in")

    code = models.SlugField(unique=True, max_length=40)
    kind = models.CharField(_("kind"), max_length=10, choices=FieldKind)
    help = models.CharField(_("help"), max_length=240, blank=True)
    help_zh = models.CharField(_("Chinese help"), max_length=240, blank=True)
    choices = models.JSONField(default=list, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    audience = models.CharField(_("who sees it"), max_length=6, choices=Audience, default=Audience.STAFF)
    is_searchable = models.BooleanField(_("found by search"), default=False)
    types: "models.ManyToManyField[TicketType, Any]" = models.ManyToManyField(
        TicketType, through="TypeField", related_name="fields"
    )

    class Meta(ListEntry.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind=FieldKind.MONEY) | ~models.Q(currency=""), name="money_field_has_currency"
            ),
        ]

    @property
    def help_label(self) -> str:
        return in_reader_tongue(self.help, self.help_zh)

    @property
    def all_choices(self) -> list[Choice]:
        return [Choice(*row) for row in self.choices]

    @property
    def is_required(self) -> str:
        """When it must be filled for the type it was read for: "", opening or solving."""
        return str(getattr(self, "required", ""))


class TypeField(models.Model):
    """A field on a type of tickets, in its place."""

    class Required(models.TextChoices):
        NEVER = "", _("Never")
        OPENING = "opening", _("On opening")
        SOLVING = "solving", _("Before solving")

    type = models.ForeignKey(TicketType, on_delete=models.CASCADE, related_name="type_fields")
    field = models.ForeignKey(TicketField, on_delete=models.CASCADE, related_name="type_fields")
    position = models.PositiveSmallIntegerField(default=0)
    required = models.CharField(max_length=8, choices=Required, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["type", "field"], name="one_field_per_type")]

    def __str__(self) -> str:
        return f"{self.type}: {self.field}"
