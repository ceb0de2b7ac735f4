"""A customer that went into another one: what was moved, so that it can be undone row by row."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class CustomerMerge(models.Model):
    """`source_id` ended and leads to `survivor_id`; both are keys of the `kind`.

    `before` holds `customers` (both rows as they stood), `written` (what the survivor got), `moved` (keys of rows by
    `model.field`), `removed` (rows that stood twice) and `changed` (pairs of a row before and after).
    """

    class Kind(models.TextChoices):
        ACCOUNT = "account", _("Customer")
        CONTACT = "contact", _("Contact")

    kind = models.CharField(max_length=8, choices=Kind)
    source_id = models.BigIntegerField()
    survivor_id = models.BigIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    before: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "source_id"],
                condition=models.Q(undone_at=None),
                name="a_customer_goes_into_one_other",
            ),
            models.CheckConstraint(
                condition=~models.Q(source_id=models.F("survivor_id")), name="no_customer_goes_into_itself"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "survivor_id", "-at"], name="customer_merge_into"),
            models.Index(fields=["at"], condition=models.Q(undone_at=None), name="customer_merge_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source_id} → {self.survivor_id}"
