"""Querysets that know who is looking."""

from typing import TYPE_CHECKING, Any, Self, TypedDict, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models

from crmcore.permissions import within

if TYPE_CHECKING:
    from crmcore.models import User

M_co = TypeVar("M_co", bound=models.Model, covariant=True)


class ScopePaths(TypedDict, total=False):
    """A model's `SCOPE`: its noun, and the lookups that lead from a row to those who own it."""

    noun: str
    owner: str
    team: str
    contact: str
    account: str
    firm: str


class ScopedQuerySet(models.QuerySet[M_co]):
    """Rows of a model with a `SCOPE`."""

    def visible_to(self, user: "User | AnonymousUser", action: str = "view") -> Self:
        """The rows on which `user` may do `action`, each once."""
        paths: ScopePaths = self.model.SCOPE  # type: ignore[attr-defined]
        reach = within(user, action=action, **paths)
        if not reach:
            return self
        if any(self._many(path) for key, path in paths.items() if key != "noun"):
            return self.filter(pk__in=self.model._base_manager.filter(reach).values("pk"))
        return self.filter(reach)

    def _many(self, path: object) -> bool:
        """Whether a lookup crosses a to-many relation and may find a row more than once."""
        model: Any = self.model
        for step in str(path).split("__"):
            field = model._meta.get_field(step) if step != "pk" else model._meta.pk
            if field.one_to_many or field.many_to_many:
                return True
            model = field.related_model or model
        return False


class ScopedManager(models.Manager[M_co]):
    """The manager of such a model."""

    def get_queryset(self) -> ScopedQuerySet[M_co]:
        return ScopedQuerySet(self.model, using=self._db)

    def visible_to(self, user: "User | AnonymousUser", action: str = "view") -> ScopedQuerySet[M_co]:
        """The rows on which `user` may do `action`, each once."""
        return self.get_queryset().visible_to(user, action)
