"""The register of the reception: everybody who came in or rang up, also those who left no details."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.models.code_lists import CodeEntry, CodeList
from crmcore.models.leads import Lead
from crmcore.models.products import Product
from crmcore.scoping import ScopedManager, ScopePaths


class ReceptionFlaw(models.TextChoices):
    """What is wrong with an entry; the last three make it suspicious."""

    NO_SOURCE = "no_source", _("No source")
    NO_SUMMARY = "no_summary", _("No summary")
    NO_PRODUCT = "no_product", _("No product")
    NO_CONSULTANT = "no_consultant", _("No consultant")
    LATE = "late", _("Written down a day later or more")
    SHORT = "short", _("Left within a minute")
    COPIED = "copied", _("Same words as an entry before")


SUSPICIOUS = (ReceptionFlaw.LATE, ReceptionFlaw.SHORT, ReceptionFlaw.COPIED)


class Reception(models.Model):
    """One visitor or caller. `flaws` is kept by the actions."""

    class Kind(models.TextChoices):
        WALK_IN = "walk_in", _("Walk-in")
        CALL = "call", pgettext_lazy("reception", "Call")

    class Check(models.TextChoices):
        """What the supervisor said of the entry."""

        OPEN = "open", _("Not checked")
        RIGHT = "right", _("Checked and right")
        RETURNED = "returned", pgettext_lazy("reception", "Returned")

    SCOPE: ClassVar[ScopePaths] = {"noun": "lead", "owner": "recorded_by", "team": "recorded_by__teams"}

    kind = models.CharField(max_length=8, choices=Kind, default=Kind.WALK_IN)
    name = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=120, blank=True)
    companions = models.CharField(max_length=160, blank=True)
    arrived_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, blank=True, related_name="receptions")
    source = models.ForeignKey(
        CodeEntry,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="receptions",
        limit_choices_to={"list": CodeList.SOURCE},
    )
    summary = models.TextField(blank=True)
    consultant = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="receptions"
    )
    was_demonstrated = models.BooleanField(default=False)
    flaws = ArrayField(models.CharField(max_length=16, choices=ReceptionFlaw), default=list, blank=True)
    check_state = models.CharField(max_length=8, choices=Check, default=Check.OPEN)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    checked_at = models.DateTimeField(null=True, blank=True)
    check_remark = models.CharField(max_length=240, blank=True)
    lead = models.OneToOneField(Lead, on_delete=models.SET_NULL, null=True, blank=True, related_name="reception")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="recorded_receptions"
    )
    once = models.CharField(max_length=40, blank=True)
    recorded_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    objects: ClassVar[ScopedManager["Reception"]] = ScopedManager()

    class Meta:
        indexes = [models.Index(fields=["-arrived_at", "-id"], name="reception_latest")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(left_at=None) | models.Q(left_at__gte=models.F("arrived_at")),
                name="reception_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=~models.Q(check_state="returned") | ~models.Q(check_remark=""),
                name="reception_returned_with_remark",
            ),
            models.UniqueConstraint(
                fields=["recorded_by", "once"], condition=~models.Q(once=""), name="reception_written_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.phone or str(self.Kind(self.kind).label)

    @property
    def flaw_labels(self) -> list[str]:
        """What is wrong with it, in the reader's words."""
        return [str(ReceptionFlaw(flaw).label) for flaw in self.flaws]

    @property
    def is_suspicious(self) -> bool:
        return any(flaw in SUSPICIOUS for flaw in self.flaws)
