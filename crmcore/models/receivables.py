"""What customers owe: dues with their days, and the payments that came."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crmcore.models.contracts import Contract
from crmcore.models.customers import Account
from crmcore.scoping import ScopedManager, ScopePaths


class Due(models.Model):
    """One line of a payment plan, in the currency's minor unit; open until it is paid in full."""

    SCOPE: ClassVar[ScopePaths] = {"noun": "payment", "owner": "account__owner", "team": "account__owner__teams"}

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="dues")
    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, null=True, blank=True, related_name="dues")
    title = models.CharField(_("title"), max_length=160)
    due_on = models.DateField(_("due on"))
    amount_minor = models.BigIntegerField(_("amount"))
    paid_minor = models.BigIntegerField(default=0)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    is_open = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    objects: ClassVar[ScopedManager["Due"]] = ScopedManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="due_of_something"),
            models.CheckConstraint(
                condition=Q(paid_minor__gte=0, paid_minor__lte=F("amount_minor")), name="due_paid_up_to_its_amount"
            ),
            models.CheckConstraint(
                condition=Q(is_open=True, paid_minor__lt=F("amount_minor"))
                | Q(is_open=False, paid_minor=F("amount_minor")),
                name="due_open_until_paid",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on", "id"], condition=Q(is_open=True), name="due_open_by_day"),
            models.Index(fields=["account", "due_on"], name="due_by_account"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def left_minor(self) -> int:
        """What is still owed."""
        return self.amount_minor - self.paid_minor

    def is_overdue_on(self, day: date) -> bool:
        """On its day itself a due is not late."""
        return self.is_open and self.due_on < day

    def days_late(self, day: date) -> int:
        return (day - self.due_on).days if self.is_overdue_on(day) else 0


class Payment(models.Model):
    """Money that came for a due; `key` is the form that brought it, so that sending twice books once."""

    due = models.ForeignKey(Due, on_delete=models.CASCADE, related_name="payments")
    key = models.UUIDField(unique=True)
    amount_minor = models.BigIntegerField()
    paid_on = models.DateField()
    note = models.CharField(max_length=160, blank=True)
    booked_by = models.ForeignKey("crmcore.User", on_delete=models.SET_NULL, null=True, related_name="+")
    booked_at = models.DateTimeField()

    class Meta:
        ordering = ["paid_on", "id"]
        constraints = [models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payment_of_something")]

    def __str__(self) -> str:
        return f"{self.due}: {self.amount_minor}"
