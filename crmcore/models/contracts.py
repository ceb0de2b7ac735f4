"""Contracts from draft to evaluation, with their files."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.models.approvals import ApprovalRequest
from crmcore.models.customers import Account
from crmcore.models.quotes import Quote
from crmcore.scoping import ScopedManager, ScopePaths


class Contract(models.Model):
    """One contract with a customer; the amount is in the currency's minor unit."""

    SCOPE: ClassVar[ScopePaths] = {"noun": "contract", "owner": "owner", "team": "owner__teams"}

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("contract", "Draft")
        APPROVAL = "approval", pgettext_lazy("contract", "Waits for approval")
        APPROVED = "approved", pgettext_lazy("contract", "Approved")
        SIGNED = "signed", pgettext_lazy("contract", "Signed")
        IN_FORCE = "in_force", pgettext_lazy("contract", "In force")
        ENDED = "ended", pgettext_lazy("contract", "Ended")
        TERMINATED = "terminated", pgettext_lazy("contract", "Terminated")

    SIGNED_STATES = (State.SIGNED, State.IN_FORCE, State.ENDED, State.TERMINATED)
    OVER = (State.ENDED, State.TERMINATED)

    number = models.CharField(max_length=24, unique=True)
    title = models.CharField(_("title"), max_length=160)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="contracts", verbose_name=_("customer"))
    quote = models.ForeignKey(Quote, on_delete=models.SET_NULL, null=True, blank=True, related_name="contracts")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    amount_minor = models.BigIntegerField(_("amount"), default=0)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    remind_days = models.PositiveSmallIntegerField(_("reminder, days before the end"), default=30)
    remind_on = models.DateField(null=True, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=240, blank=True)
    rating = models.PositiveSmallIntegerField(null=True, blank=True)
    evaluation = models.TextField(blank=True)
    owner = models.ForeignKey(
        "crmcore.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="contracts",
        verbose_name=_("owner"),
    )
    created_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    objects: ClassVar[ScopedManager["Contract"]] = ScopedManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="contract_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="contract_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "approval", "approved"]) | Q(signed_on__isnull=False),
                name="contract_is_signed_before_it_counts",
            ),
            models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__gte=1, rating__lte=5), name="contract_rating_of_five"
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-id"], name="contract_by_account"),
            models.Index(fields=["starts_on"], condition=Q(state="signed"), name="contract_to_begin"),
            models.Index(fields=["ends_on"], condition=Q(state="in_force"), name="contract_to_end"),
            models.Index(fields=["remind_on"], condition=Q(remind_on__isnull=False), name="contract_to_remind"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("crm:contract", args=[self.pk])


class ContractFile(models.Model):
    """A file of a contract, as it was sent or signed; it is only ever downloaded."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=160)
    file = models.FileField(upload_to="contracts/%Y/%m/")
    size = models.PositiveIntegerField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey("crmcore.User", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class ContractApproval(ApprovalRequest):
    """The contract for which leave is asked."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="approvals")
