"""Quotes: lines with prices and tax, in versions of which a sent one never changes."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.models.customers import Account, Contact
from crmcore.models.opportunities import Opportunity
from crmcore.models.products import Product
from crmcore.sales_sums import LineSum, Sums, line_sum, sums
from crmcore.scoping import ScopedManager, ScopePaths


class Quote(models.Model):
    """One version of a quote; amounts in the currency's minor unit, rates in hundredths of a percent."""

    SCOPE: ClassVar[ScopePaths] = {"noun": "quote", "owner": "owner", "team": "owner__teams"}

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("quote", "Draft")
        APPROVAL = "approval", pgettext_lazy("quote", "Waits for approval")
        APPROVED = "approved", pgettext_lazy("quote", "Approved")
        SENT = "sent", pgettext_lazy("quote", "Sent")
        ACCEPTED = "accepted", pgettext_lazy("quote", "Accepted")
        DECLINED = "declined", pgettext_lazy("quote", "Declined")
        EXPIRED = "expired", pgettext_lazy("quote", "Expired")
        REPLACED = "replaced", pgettext_lazy("quote", "Replaced")

    # What the customer may have in hands.
    GONE_OUT = (State.SENT, State.ACCEPTED, State.DECLINED, State.EXPIRED, State.REPLACED)

    number = models.CharField(max_length=24)
    version = models.PositiveSmallIntegerField(default=1)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="quotes", verbose_name=_("customer"))
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="quotes")
    opportunity = models.ForeignKey(
        Opportunity, on_delete=models.SET_NULL, null=True, blank=True, related_name="quotes"
    )
    title = models.CharField(_("title"), max_length=160)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    valid_until = models.DateField(_("valid until"))
    terms = models.TextField(_("terms"), blank=True)
    total_minor = models.BigIntegerField(default=0)
    greatest_discount = models.PositiveSmallIntegerField(default=0)
    owner = models.ForeignKey(
        "crmcore.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="quotes", verbose_name=_("owner")
    )
    reason = models.CharField(max_length=240, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    is_demo = models.BooleanField(default=False)

    objects: ClassVar[ScopedManager["Quote"]] = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number", "version"], name="one_quote_per_number_and_version"),
            models.UniqueConstraint(
                fields=["number"],
                condition=models.Q(state__in=["draft", "approval", "approved", "sent", "accepted"]),
                name="one_living_version_of_a_quote",
            ),
            models.CheckConstraint(condition=models.Q(total_minor__gte=0), name="quote_total_not_negative"),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "approval", "approved"]) | models.Q(sent_at__isnull=False),
                name="quote_goes_out_before_it_ends",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-id"], name="quote_by_account"),
            models.Index(fields=["valid_until", "id"], condition=models.Q(state="sent"), name="quote_open_by_validity"),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("crm:quote", args=[self.pk])

    @property
    def label(self) -> str:
        """Number and version, as in Q-12/2."""
        return f"{self.number}/{self.version}"

    def sums(self) -> Sums:
        """The sums of its lines."""
        return sums(line.sum() for line in self.lines.all())

    def is_valid_on(self, day: date) -> bool:
        """The last day belongs to it."""
        return day <= self.valid_until


class QuoteLine(models.Model):
    """A product with the price that held when the line was written."""

    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="quote_lines")
    note = models.CharField(max_length=160, blank=True)
    quantity = models.DecimalField(max_digits=12, decimal_places=3)
    price_minor = models.BigIntegerField()
    discount_rate = models.PositiveSmallIntegerField(default=0)
    tax_rate = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["quote", "position"], name="one_quote_line_per_place"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="quote_line_of_something"),
            models.CheckConstraint(condition=models.Q(discount_rate__lte=10_000), name="quote_line_discount_pct"),
            models.CheckConstraint(condition=models.Q(tax_rate__lte=10_000), name="quote_line_tax_pct"),
        ]

    def __str__(self) -> str:
        return f"{self.quote}: {self.product}"

    def sum(self) -> LineSum:
        return line_sum(self.quantity, self.price_minor, discount_rate=self.discount_rate, tax_rate=self.tax_rate)
