"""How a customer is organised: its units, who leads them, and the days that matter to it."""

from datetime import date
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.lunar import LONGEST_MONTH, next_lunar, next_solar
from crmcore.models.customers import Account, AccountContact, Contact
from crmcore.scoping import ScopedManager, ScopePaths

OF_ACCOUNT: ScopePaths = {
    "noun": "account",
    "owner": "account__owner",
    "team": "account__owner__teams",
}
DAYS, MONTHS = 31, 12


class Unit(models.Model):
    """A department or branch of a customer."""

    SCOPE: ClassVar[ScopePaths] = OF_ACCOUNT

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="units")
    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="children", verbose_name=_("belongs to")
    )
    head = models.ForeignKey(
        AccountContact, on_delete=models.SET_NULL, null=True, blank=True, related_name="leads", verbose_name=_("head")
    )
    note = models.CharField(_("remarks"), max_length=240, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "name"], name="unit_once_per_account"),
            models.CheckConstraint(condition=~models.Q(parent=models.F("id")), name="unit_is_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return self.name


class ImportantDate(models.Model):
    """A day of every year that matters to a customer or one of its people, by our calendar or the Chinese one."""

    class Calendar(models.TextChoices):
        SOLAR = "solar", _("Solar")
        LUNAR = "lunar", _("Lunar")

    SCOPE: ClassVar[ScopePaths] = OF_ACCOUNT

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="important_dates")
    contact = models.ForeignKey(
        Contact,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="important_dates",
        verbose_name=_("whose day"),
    )
    occasion = models.CharField(_("occasion"), max_length=80)
    calendar = models.CharField(
        pgettext_lazy("of dates", "calendar"), max_length=5, choices=Calendar, default=Calendar.SOLAR
    )
    month = models.PositiveSmallIntegerField(_("month"), validators=[MinValueValidator(1), MaxValueValidator(MONTHS)])
    day = models.PositiveSmallIntegerField(_("day"), validators=[MinValueValidator(1), MaxValueValidator(DAYS)])
    is_leap_month = models.BooleanField(_("leap month"), default=False)
    since_year = models.PositiveSmallIntegerField(_("since the year"), null=True, blank=True)
    note = models.CharField(_("remarks"), max_length=240, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["month", "day", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(month__range=(1, MONTHS), day__range=(1, DAYS)), name="important_date_is_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(calendar="lunar", day__lte=LONGEST_MONTH)
                | models.Q(calendar="solar", is_leap_month=False),
                name="important_date_fits_its_calendar",
            ),
        ]

    def __str__(self) -> str:
        return self.occasion

    @property
    def is_lunar(self) -> bool:
        return self.calendar == self.Calendar.LUNAR

    def next_on(self, today: date) -> date:
        """The next day on which it falls, today among them."""
        if self.is_lunar:
            return next_lunar(self.month, self.day, leap=self.is_leap_month, today=today)
        return next_solar(self.month, self.day, today=today)
