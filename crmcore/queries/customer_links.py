"""Every key in the whole product that leads to a customer, found by walking Django's model relations."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models
from django.db.models import Q

from crmcore.models import Account, Contact

Customer = Account | Contact


@dataclass(frozen=True)
class Link:
    """A foreign key to accounts or contacts, of any package, also those of many-to-many tables."""

    model: type[models.Model]
    field: str

    @property
    def name(self) -> str:
        """How records call it."""
        return f"{self.model._meta.label_lower}.{self.field}"

    def rows(self, customer_id: int) -> "models.QuerySet[Any]":
        """The rows that lead to one customer."""
        return self.model._base_manager.filter(**{self.field: customer_id})

    def slots(self) -> Iterator["Slot"]:
        """What can stand only once at one customer."""
        field: Any = self.model._meta.get_field(self.field)
        if field.unique:
            yield Slot(field.name, (), Q())
        for together in self.model._meta.unique_together:
            if self.field in together:
                yield Slot("+".join(together), tuple(name for name in together if name != self.field), Q())
        for rule in self.model._meta.constraints:
            if isinstance(rule, models.UniqueConstraint) and self.field in rule.fields:
                others = tuple(name for name in rule.fields if name != self.field)
                yield Slot(rule.name, others, rule.condition or Q())


@dataclass(frozen=True)
class Slot:
    """A unique constraint over a link: `others` are its other fields, `where` the rows that it holds for."""

    name: str
    others: tuple[str, ...]
    where: Q


@cache
def links_to(model: type[Customer]) -> tuple[Link, ...]:
    """All links to this kind of customer, in the order of their names."""
    found = {
        Link(relation.related_model, relation.field.name)
        for relation in model._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel)
    }
    return tuple(sorted(found, key=lambda link: link.name))
