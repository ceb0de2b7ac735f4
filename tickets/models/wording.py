"""What a desk calls things: kinds of tickets, statuses with the category each belongs to, priorities."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crmcore.models import ApprovalPlan, ListEntry, Named


class Category(models.TextChoices):
    """What a status means to clocks and lists, whatever a desk calls it."""

    NEW = "new", _("New")
    OPEN = "open", _("Open")
    WAITING_CUSTOMER = "waiting_customer", _("Waiting for the customer")
    ON_HOLD = "on_hold", _("On hold")
    SOLVED = "solved", _("Solved")
    CLOSED = "closed", _("Closed")
    VOID = "void", _("Void")


ACTIVE = frozenset({Category.NEW, Category.OPEN, Category.WAITING_CUSTOMER, Category.ON_HOLD})


class Priority(models.TextChoices):
    LOW = "low", _("Low")
    NORMAL = "normal", _("Normal")
    HIGH = "high", _("High")
    URGENT = "urgent", _("Urgent")


class TicketType(ListEntry):
    """Consultation, suggestion, complaint, request, repair. Customers book visits by `visit_booking`."""

    class Booking(models.TextChoices):
        NO = "no", _("Not by themselves")
        ASKS = "asks", _("They choose, the office confirms")
        BOOKS = "books", _("They choose, and it holds")

    code = models.SlugField(unique=True)
    is_offered = models.BooleanField(_("customers may choose it"), default=True)
    reopen_days = models.PositiveSmallIntegerField(_("days to reopen"), default=14)
    visit_booking = models.CharField(max_length=5, choices=Booking, default=Booking.NO)


class TicketStatus(Named):
    """A status of the desk's own wording; customers read the portal wording instead."""

    code = models.SlugField(unique=True)
    category = models.CharField(max_length=20, choices=Category)
    portal_name = models.CharField(_("wording for customers"), max_length=120)
    portal_name_zh = models.CharField(_("Chinese wording for customers"), max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_retired = models.BooleanField(default=False)
    approval = models.ForeignKey(ApprovalPlan, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["position", "id"]

    @property
    def is_active(self) -> bool:
        return self.category in ACTIVE

    @property
    def portal_label(self) -> str:
        """What the customer reads, in the active language."""
        chinese = (get_language() or "").startswith("zh")
        return (self.portal_name_zh or self.portal_name) if chinese else self.portal_name
