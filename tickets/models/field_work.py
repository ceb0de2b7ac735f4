"""What field work is arranged by: the desk's terms, its technicians with their hours, checks, and why visits fail."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crmcore.models import Calendar, Queue
from crmcore.models.naming import ListEntry


class VisitKind(models.TextChoices):
    """What somebody drives out for."""

    REPAIR = "repair", _("Repair")
    INSPECTION = "inspection", _("Site inspection")
    INSTALLATION = "installation", _("Installation")
    HOME_VISIT = "home_visit", _("Home visit")


class FieldTerms(models.Model):
    """The desk's one set of terms: how long a slot is, how soon and how far ahead customers book, what a repeat is.

    Photos of visits lose what cameras write into them, unless `keeps_photo_places` keeps it as proof.
    """

    slot_minutes = models.PositiveSmallIntegerField(default=120)
    notice_hours = models.PositiveSmallIntegerField(default=4)
    days_ahead = models.PositiveSmallIntegerField(default=14)
    repeat_days = models.PositiveSmallIntegerField(default=30)
    customers_book = models.BooleanField(default=True)
    keeps_photo_places = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_set_of_field_terms"),
            models.CheckConstraint(condition=models.Q(slot_minutes__range=(15, 720)), name="slot_15_min_to_12_h"),
        ]

    def __str__(self) -> str:
        return f"{self.slot_minutes} min"

    @classmethod
    def current(cls) -> "FieldTerms":
        """The terms that hold; the usual ones until somebody sets others."""
        return cls._default_manager.filter(pk=1).first() or cls(pk=1)


class Technician(models.Model):
    """Somebody who drives out, in the hours of a calendar, for the requests of these queues or, without any, of all."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="technician")
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="technicians")
    queues = models.ManyToManyField(Queue, blank=True, related_name="technicians")
    most_a_day = models.PositiveSmallIntegerField(_("visits a day at most"), default=6)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return str(self.user)


class VisitCheck(ListEntry):
    """One line of the list that is ticked on site; of one kind of visit, or of all."""

    code = models.SlugField(max_length=60, unique=True)
    visit_kind = models.CharField(_("kind"), max_length=12, choices=VisitKind, blank=True)


class FailureReason(ListEntry):
    """Why a visit came to nothing."""

    code = models.SlugField(max_length=60, unique=True)
