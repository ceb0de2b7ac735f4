"""What products cost: price lists by currency, dates, quantity, and customer or grade."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from crmcore.models.customers import Account
from crmcore.models.naming import ListEntry
from crmcore.models.products import Product


class PriceList(ListEntry):
    """Prices without tax, in minor units; for one customer, for a grade, or for everybody."""

    code = models.SlugField(max_length=60, unique=True)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    account = models.ForeignKey(
        Account,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="price_lists",
        verbose_name=_("customer"),
    )
    grade = models.CharField(_("grade"), max_length=1, blank=True, choices=Account.Grade.choices)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_from=None)
                | models.Q(valid_until=None)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="price_list_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(account=None) | models.Q(grade=""), name="price_list_for_customer_or_grade"
            ),
        ]

    def holds_on(self, day: date) -> bool:
        """Both days of its dates belong to it."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


class Price(models.Model):
    """One product on a list, from a quantity on."""

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="prices")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="prices")
    min_quantity = models.DecimalField(max_digits=12, decimal_places=3, default=1)
    price_minor = models.BigIntegerField()

    class Meta:
        ordering = ["product__position", "product_id", "min_quantity"]
        constraints = [
            models.UniqueConstraint(
                fields=["price_list", "product", "min_quantity"], name="one_price_per_product_and_quantity"
            ),
            models.CheckConstraint(condition=models.Q(price_minor__gte=0), name="price_not_negative"),
            models.CheckConstraint(condition=models.Q(min_quantity__gt=0), name="price_from_some_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.product}: {self.price_minor}"
