"""Rights: a role grants actions on nouns within a scope."""

from django.db import models

from crmcore.models.naming import Named


class Role(Named):
    code = models.SlugField(unique=True)


class Grant(models.Model):
    """One cell of a role's matrix. `scope` is the value of `crmcore.permissions.Scope`."""

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="grants")
    noun = models.CharField(max_length=30)
    action = models.CharField(max_length=30)
    scope = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["role", "noun", "action"], name="one_grant_per_cell"),
            models.CheckConstraint(condition=models.Q(scope__lte=4), name="grant_scope_known"),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.action} {self.noun} ({self.scope})"
