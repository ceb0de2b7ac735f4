"""Things an organisation names itself, in its two languages."""

from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Named(models.Model):
    """A name with a Chinese twin; `label` is the one for the reader."""

    name = models.CharField(_("name"), max_length=120)
    name_zh = models.CharField(_("Chinese name"), max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the active language, in the other one where that is missing."""
        chinese = (get_language() or "").startswith("zh")
        return (self.name_zh or self.name) if chinese else self.name


class ListEntry(Named):
    """An entry of a list that the desk keeps itself: it has a place, and is retired instead of deleted."""

    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        abstract = True
        ordering = ["position", "id"]

    def neighbours(self) -> "models.QuerySet[Any]":
        """The entries in use among which this one has its place, itself included."""
        return type(self)._default_manager.filter(is_active=True)
