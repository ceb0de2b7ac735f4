"""What customers have of us: the products of the desk, the estates where they stand, and each single one of them."""

from datetime import date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crmcore.models.customers import Account, Region
from crmcore.models.naming import ListEntry
from crmcore.scoping import ScopedManager, ScopePaths


class Product(ListEntry):
    """A model that the company sells or hands over; new ones get a warranty of so many months.

    Its price is without tax, in the currency's minor unit, None for what is not sold; the tax rate is in hundredths of
    a percent.
    """

    code = models.SlugField(max_length=60, unique=True)
    model = models.CharField(_("model"), max_length=80, blank=True)
    warranty_months = models.PositiveSmallIntegerField(_("warranty in months"), default=24)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    price_minor = models.BigIntegerField(_("list price"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    tax_rate = models.PositiveSmallIntegerField(_("tax rate"), default=1300)


class Estate(ListEntry):
    """A housing estate, site or project where products stand close together."""

    code = models.SlugField(max_length=60, unique=True)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="estates", verbose_name=_("region")
    )


class Warranty(models.TextChoices):
    """Whether the warranty holds on a day."""

    HOLDS = "holds", _("In warranty")
    ENDED = "ended", _("Out of warranty")
    UNKNOWN = "unknown", _("Warranty not known")


class InstalledProduct(models.Model):
    """One washing machine, boiler or flat of one customer. Serial numbers are kept as `crmcore.serials` writes them."""

    SCOPE: ClassVar[ScopePaths] = {
        "noun": "account",
        "owner": "account__owner",
        "team": "account__owner__teams",
        "contact": "account__memberships__contact",
    }

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="products", verbose_name=_("customer"))
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="installed", verbose_name=_("product"))
    serial_number = models.CharField(_("serial number"), max_length=60, blank=True)
    place = models.CharField(_("place"), max_length=240, blank=True)
    estate = models.ForeignKey(
        Estate, on_delete=models.PROTECT, null=True, blank=True, related_name="installed", verbose_name=_("estate")
    )
    bought_on = models.DateField(_("bought on"), null=True, blank=True)
    installed_on = models.DateField(_("installed on"), null=True, blank=True)
    warranty_until = models.DateField(_("warranty until"), null=True, blank=True)
    warranty_terms = models.CharField(_("warranty terms"), max_length=240, blank=True)
    note = models.TextField(_("note"), blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    created_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    objects: ClassVar[ScopedManager["InstalledProduct"]] = ScopedManager()

    class Meta:
        indexes = [
            models.Index(fields=["account", "id"], name="installed_of_account"),
            models.Index(fields=["estate", "id"], name="installed_at_estate"),
            models.Index(fields=["serial_number"], name="installed_by_serial", opclasses=["varchar_pattern_ops"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "serial_number"],
                condition=~models.Q(serial_number=""),
                name="one_serial_per_product",
            ),
            models.CheckConstraint(
                condition=models.Q(bought_on=None)
                | models.Q(warranty_until=None)
                | models.Q(warranty_until__gte=models.F("bought_on")),
                name="warranty_ends_after_purchase",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("crm:product", args=[self.pk])

    @property
    def label(self) -> str:
        """The product's name with its model, for the reader."""
        return f"{self.product.label} {self.product.model}".strip()

    @property
    def where(self) -> str:
        """Where it stands: its own place, else the customer's address."""
        return self.place or self.account.address

    def warranty_at(self, moment: datetime) -> Warranty:
        """Whether the warranty holds on the customer's day of an aware moment."""
        zone = ZoneInfo(self.account.time_zone) if self.account.time_zone else None
        return self.warranty_on(timezone.localtime(moment, zone).date())

    def warranty_on(self, day: date) -> Warranty:
        """The last day belongs to the warranty."""
        if self.warranty_until is None:
            return Warranty.UNKNOWN
        return Warranty.HOLDS if day <= self.warranty_until else Warranty.ENDED
