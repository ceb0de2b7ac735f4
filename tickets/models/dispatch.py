"""Dispatch orders: somebody drives out for a ticket, at a time, and writes down what was done there."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.models.partners import Firm
from crmcore.scoping import ScopedManager, ScopePaths
from tickets.models.field_work import FailureReason, VisitKind
from tickets.models.ticket import Ticket

# The time of a technician as a box: its width is the person, its height the appointment less its last instant.
# Boxes have an index operator without any extension, which a range beside a number has not.
_TAKEN = """box(
    point(technician_id, extract(epoch from (starts_at - timestamptz '2000-01-01 00:00:00+00'))),
    point(technician_id, extract(epoch from (ends_at - timestamptz '2000-01-01 00:00:00+00')) - 0.5)
)"""


class DispatchOrder(models.Model):
    """One visit. The customer's name, place and number are copied, for outside firms see nothing of the ticket.

    One that a customer asked for (`asked_at`) may wait to be confirmed.
    `checks` are the lines of the checklist as [{"name", "name_zh", "done"}]; amounts are minor units of `currency`.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        ACCEPTED = "accepted", _("Accepted")
        ON_WAY = "on_way", _("On the way")
        ON_SITE = "on_site", _("On site")
        DONE = "done", pgettext_lazy("a visit", "Done")
        DECLINED = "declined", pgettext_lazy("a visit", "Declined")
        FAILED = "failed", pgettext_lazy("a visit", "Failed")
        CANCELLED = "cancelled", pgettext_lazy("a visit", "Cancelled")

    TAKING_TIME = (State.PLANNED, State.ACCEPTED, State.ON_WAY, State.ON_SITE)
    MOVABLE = (State.PLANNED, State.ACCEPTED, State.DECLINED)
    OVER = (State.DONE, State.FAILED, State.CANCELLED)

    SCOPE: ClassVar[ScopePaths] = {
        "noun": "dispatch",
        "owner": "technician",
        "team": "ticket__queue__team",
        "contact": "ticket__contact",
        "account": "ticket__account",
        "firm": "firm",
    }

    number = models.CharField(_("number"), max_length=30, unique=True)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="visits_out")
    kind = models.CharField(_("kind"), max_length=12, choices=VisitKind, default=VisitKind.REPAIR)
    task = models.TextField(_("what to do"))
    place = models.CharField(_("place"), max_length=240, blank=True)
    person = models.CharField(_("whom to ask for"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.PLANNED)
    technician = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="dispatch_orders"
    )
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, null=True, blank=True, related_name="orders")
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    over_at = models.DateTimeField(null=True, blank=True)
    failure = models.ForeignKey(FailureReason, on_delete=models.PROTECT, null=True, blank=True, related_name="orders")
    reason = models.CharField(max_length=300, blank=True)
    result = models.TextField(blank=True)
    checks = models.JSONField(default=list, blank=True)
    signed_by = models.CharField(max_length=120, blank=True)
    currency = models.CharField(max_length=3, default="CNY")
    once = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    objects: ClassVar[ScopedManager["DispatchOrder"]] = ScopedManager()

    class Meta:
        indexes = [
            models.Index(fields=["technician", "starts_at"], name="dispatch_of_technician"),
            models.Index(fields=["firm", "starts_at"], name="dispatch_of_firm"),
            models.Index(fields=["ticket", "id"], name="dispatch_of_ticket"),
            models.Index(fields=["starts_at", "id"], name="dispatch_by_time"),
            models.Index(
                fields=["created_at", "id"],
                name="dispatch_to_be_given",
                condition=Q(technician=None, firm=None, state="planned") | Q(state="declined"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at=None, ends_at=None) | Q(ends_at__gt=F("starts_at")), name="dispatch_window_whole"
            ),
            models.UniqueConstraint(
                fields=["ticket"],
                condition=Q(asked_at__isnull=False) & ~Q(state__in=("done", "failed", "cancelled")),
                name="one_visit_asked_for_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | Q(failure__isnull=False), name="failed_visit_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("accepted", "on_way", "on_site", "done"))
                | Q(technician__isnull=False)
                | Q(firm__isnull=False),
                name="work_has_somebody_who_does_it",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("done", "failed", "cancelled")) | Q(over_at__isnull=False),
                name="visit_over_at_a_time",
            ),
            ExclusionConstraint(
                name="technician_in_one_place",
                expressions=[(RawSQL(_TAKEN, []), "&&")],  # noqa: S611 - no value of anybody's goes in
                condition=Q(
                    technician__isnull=False,
                    starts_at__isnull=False,
                    state__in=("planned", "accepted", "on_way", "on_site"),
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("field:order", args=[self.number])

    @property
    def is_over(self) -> bool:
        return self.state in self.OVER

    @property
    def awaits_confirmation(self) -> bool:
        return self.asked_at is not None and self.confirmed_at is None

    @property
    def slot_key(self) -> str:
        """How forms name the slot in which it is, empty without a time."""
        return self.starts_at.strftime("%Y%m%dT%H%MZ") if self.starts_at else ""

    @property
    def seconds_on_site(self) -> int:
        """From the arrival to the end; 0 where nobody arrived or it lasts."""
        if self.arrived_at is None or self.over_at is None:
            return 0
        return max(0, int((self.over_at - self.arrived_at).total_seconds()))


class DispatchCost(models.Model):
    """A part that was used, or work that is charged. `key` is made by the phone that sends it: sent twice it is one."""

    class Kind(models.TextChoices):
        PART = "part", _("Part")
        LABOUR = "labour", _("Labour")
        TRAVEL = "travel", _("Travel")

    order = models.ForeignKey(DispatchOrder, on_delete=models.CASCADE, related_name="costs")
    key = models.UUIDField()
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.PART)
    name = models.CharField(_("name"), max_length=120)
    quantity = models.PositiveSmallIntegerField(_("quantity"), default=1)
    unit_minor = models.BigIntegerField(_("price each"), default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "key"], name="one_cost_per_key"),
            models.CheckConstraint(condition=Q(unit_minor__gte=0, quantity__gte=1), name="cost_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def total_minor(self) -> int:
        return self.quantity * self.unit_minor


class DispatchFile(models.Model):
    """A photo or the customer's signature; the same bytes on one order are one file."""

    class Kind(models.TextChoices):
        PHOTO = "photo", _("Photo")
        SIGNATURE = "signature", _("Signature")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey(DispatchOrder, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(max_length=9, choices=Kind)
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    file = models.CharField(max_length=120)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "digest"], name="one_file_per_digest"),
            models.UniqueConstraint(fields=["order"], condition=Q(kind="signature"), name="one_signature_per_order"),
        ]

    def __str__(self) -> str:
        return self.name
