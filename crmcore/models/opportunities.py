"""Opportunities: money that hangs off service."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from crmcore.models.customers import Account, Contact
from crmcore.models.naming import Named
from crmcore.scoping import ScopedManager, ScopePaths


class Stage(Named):
    """A column of the board; `probability` in percent."""

    class Kind(models.TextChoices):
        OPEN = "open", _("Open")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")

    code = models.SlugField(unique=True)
    probability = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=5, choices=Kind, default=Kind.OPEN)

    class Meta:
        ordering = ["position"]
        constraints = [models.CheckConstraint(condition=models.Q(probability__lte=100), name="stage_probability_pct")]


class Opportunity(models.Model):
    """A possible sale. Amounts are in the currency's minor unit (cents, fen)."""

    SCOPE: ClassVar[ScopePaths] = {
        "noun": "opportunity",
        "owner": "owner",
        "team": "owner__teams",
    }

    name = models.CharField(_("name"), max_length=160)
    account = models.ForeignKey(
        Account,
        on_delete=models.CASCADE,
        related_name="opportunities",
        verbose_name=_("customer"),
    )
    contact = models.ForeignKey(
        Contact,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="opportunities",
        verbose_name=_("contact"),
    )
    stage = models.ForeignKey(
        Stage,
        on_delete=models.PROTECT,
        related_name="opportunities",
        verbose_name=_("stage"),
    )
    amount_minor = models.BigIntegerField(_("amount"), default=0)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    probability = models.PositiveSmallIntegerField(_("probability"))
    close_on = models.DateField(_("expected close"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=40, blank=True)
    owner = models.ForeignKey(
        "crmcore.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="opportunities",
        verbose_name=_("owner"),
    )
    lost_reason = models.CharField(_("reason it was lost"), max_length=160, blank=True)
    stage_since = models.DateTimeField()
    created_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    objects = ScopedManager()

    class Meta:
        indexes = [
            models.Index(fields=["stage", "-stage_since", "-id"], name="opportunity_by_stage"),
            models.Index(fields=["account", "-created_at"], name="opportunity_by_account"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_minor__gte=0),
                name="opportunity_amount_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(probability__lte=100),
                name="opportunity_probability_pct",
            ),
        ]

    def __str__(self) -> str:
        return self.name
