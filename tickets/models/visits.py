"""Return visits: how and why customers are visited again, plans by which rules do it, and the visits themselves."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crmcore.models import Account, Contact, ListEntry, Team
from crmcore.scoping import ScopedManager, ScopePaths
from tickets.models.questionnaires import Answering, Questionnaire
from tickets.models.recurring_visits import RecurringVisits
from tickets.models.ticket import Ticket

SOON = timedelta(hours=4)


class VisitMethod(ListEntry):
    """By which means a customer is visited. With an owner it is that person's own, seen by others if `is_shared`."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("Phone")
        SMS = "sms", _("Text message")
        EMAIL = "email", _("E-mail")
        HOME = "visit", _("Home visit")
        OTHER = "other", pgettext_lazy("way of visiting", "Other")

    code = models.SlugField(unique=True)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.OTHER)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="visit_methods"
    )
    is_shared = models.BooleanField(default=True)


class VisitTheme(ListEntry):
    """What a visit is about; owned and shared like methods."""

    code = models.SlugField(unique=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="visit_themes"
    )
    is_shared = models.BooleanField(default=True)


class VisitPlan(ListEntry):
    """What a rule's step `visit` plans for a ticket: how, about what, with which words, by whom, within which time."""

    class Who(models.TextChoices):
        ASSIGNEE = "assignee", _("Who has the ticket")
        LEADER = "leader", _("The leader of the queue's team")
        OWNER = "owner", _("The customer's owner")

    code = models.SlugField(unique=True)
    method = models.ForeignKey(VisitMethod, on_delete=models.PROTECT, related_name="plans")
    theme = models.ForeignKey(VisitTheme, on_delete=models.PROTECT, related_name="plans")
    script = models.TextField(blank=True)
    script_zh = models.TextField(blank=True)
    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, null=True, blank=True, related_name="visit_plans"
    )
    who = models.CharField(max_length=10, choices=Who, default=Who.ASSIGNEE)
    after_hours = models.PositiveSmallIntegerField(default=24)
    window_hours = models.PositiveSmallIntegerField(default=48)


class Visit(Answering):
    """One return visit, due between two moments. `round` counts how often its ticket had been reopened by then.

    One that needs a further visit leads to it by `previous`. One that recurs names its `occasion` within its plan.
    """

    class Progress(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("visit", "Planned")
        FOLLOWING = "following", pgettext_lazy("visit", "Following up")
        MISSED = "missed", pgettext_lazy("visit", "Missed")
        COMPLETED = "completed", pgettext_lazy("visit", "Completed")
        CANCELLED = "cancelled", pgettext_lazy("visit", "Cancelled")

    class Result(models.TextChoices):
        SATISFIED = "satisfied", pgettext_lazy("visit", "Satisfied")
        ACCEPTABLE = "acceptable", pgettext_lazy("visit", "Acceptable")
        DISSATISFIED = "dissatisfied", pgettext_lazy("visit", "Not satisfied")
        NOT_REACHED = "not_reached", pgettext_lazy("visit", "Not reached")

    SCOPE: ClassVar[ScopePaths] = {"noun": "ticket", "owner": "assignee", "team": "team"}
    OPEN: ClassVar = (Progress.PLANNED, Progress.FOLLOWING, Progress.MISSED)

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, null=True, blank=True, related_name="return_visits")
    plan = models.ForeignKey(VisitPlan, on_delete=models.PROTECT, null=True, blank=True, related_name="visits")
    recurring = models.ForeignKey(
        RecurringVisits, on_delete=models.PROTECT, null=True, blank=True, related_name="visits"
    )
    occasion = models.CharField(max_length=60, blank=True)
    round = models.PositiveSmallIntegerField(default=0)
    previous = models.OneToOneField("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="next")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, blank=True, related_name="visits")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, null=True, blank=True, related_name="visits")
    method = models.ForeignKey(VisitMethod, on_delete=models.PROTECT, related_name="visits")
    theme = models.ForeignKey(VisitTheme, on_delete=models.PROTECT, related_name="visits")
    script = models.TextField(blank=True)
    script_zh = models.TextField(blank=True)
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="visits"
    )
    progress = models.CharField(max_length=10, choices=Progress, default=Progress.PLANNED)
    due_from = models.DateTimeField()
    due_by = models.DateTimeField()
    warned_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=12, choices=Result, blank=True)
    content = models.TextField(blank=True)
    objections = models.TextField(blank=True)
    chance = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects: ClassVar[ScopedManager["Visit"]] = ScopedManager()

    class Meta:
        indexes = [
            models.Index(fields=["assignee", "due_by", "id"], condition=Q(ended_at=None), name="visit_mine"),
            models.Index(fields=["due_by", "id"], condition=Q(ended_at=None), name="visit_open"),
            models.Index(fields=["-ended_at", "-id"], condition=Q(ended_at__isnull=False), name="visit_ended"),
            models.Index(fields=["contact", "-due_by"], name="visit_of_contact"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "plan", "round"],
                condition=Q(plan__isnull=False, previous=None),
                name="one_visit_per_plan_and_round",
            ),
            models.UniqueConstraint(
                fields=["recurring", "occasion"], condition=Q(recurring__isnull=False), name="one_visit_per_occasion"
            ),
            models.CheckConstraint(condition=Q(due_by__gt=models.F("due_from")), name="visit_window_has_a_length"),
            models.CheckConstraint(
                condition=Q(progress__in=["completed", "cancelled"], ended_at__isnull=False)
                | Q(progress__in=["planned", "following", "missed"], ended_at=None),
                name="visit_ends_once",
            ),
            models.CheckConstraint(
                condition=~Q(progress="completed") | ~Q(result=""), name="completed_visits_have_a_result"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.theme}: {self.contact or self.account}"

    def get_absolute_url(self) -> str:
        return reverse("console:visit", args=[self.pk])

    @property
    def words(self) -> str:
        """What is to be said, in the reader's language where it was written in both."""
        chinese = (get_language() or "").startswith("zh")
        return (self.script_zh or self.script) if chinese else self.script

    @property
    def is_open(self) -> bool:
        return self.progress in self.OPEN

    def mark(self, at: datetime) -> str:
        """How pressing an open visit is: late, soon, now, or not yet (empty)."""
        if not self.is_open:
            return ""
        if at >= self.due_by:
            return "late"
        if at >= self.due_by - SOON:
            return "soon"
        return "now" if at >= self.due_from else ""


class VisitTry(models.Model):
    """One attempt within a visit that goes on: by which way, and what came of it."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    method = models.ForeignKey(VisitMethod, on_delete=models.PROTECT, related_name="+")
    was_reached = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    token = models.CharField(max_length=40)

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["visit", "token"], name="one_visit_try_per_form")]

    def __str__(self) -> str:
        return f"{self.visit} {self.at}"
