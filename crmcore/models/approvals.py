"""Approvals: plans in versions that never change, requests that follow them, who was asked, and what they said.

A request of a certain kind of thing is a row of a model derived from `ApprovalRequest` that holds the key to it.
"""

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.approval_plan import Plan, read_plan
from crmcore.approval_subjects import subjects
from crmcore.models.naming import ListEntry
from crmcore.models.staff import User


class ApprovalPlan(ListEntry):
    """A named way to an approval, for one kind of thing (`crmcore.approval_subjects`)."""

    code = models.SlugField(unique=True)
    subject = models.SlugField(max_length=20)

    @property
    def in_use(self) -> "ApprovalPlanVersion":
        """The newest version: new requests follow it."""
        version = self.versions.first()
        assert version is not None
        return version


class ApprovalPlanVersion(models.Model):
    """A document of `crmcore.approval_plan`; requests stay on the one with which they began."""

    plan = models.ForeignKey(ApprovalPlan, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="one_approval_plan_version")]

    def __str__(self) -> str:
        return f"{self.plan} v{self.number}"

    def read(self) -> Plan:
        return read_plan(self.document)


class ApprovalRequestQuerySet(models.QuerySet["ApprovalRequest"]):
    """Requests are seen by who asked, was asked or gets a copy, and by who may see the thing that they are about."""

    def of(self, user: User) -> Self:
        """Those in which the person has a part."""
        seats = ApprovalSeat.objects.filter(user=user).values("step__request")
        copies = ApprovalRequest.copied_to.through.objects.filter(user=user).values("approvalrequest")
        return self.filter(Q(asked_by=user) | Q(pk__in=seats) | Q(pk__in=copies))

    def visible_to(self, user: User | AnonymousUser, action: str = "view") -> Self:
        if isinstance(user, AnonymousUser) or not user.is_active or user.is_portal:
            return self.none()
        reach = Q(pk__in=ApprovalRequest.objects.all().of(user).values("pk"))
        if action == "view":
            for subject in subjects():
                reach |= subject.reach(user)
        return self.filter(reach)


class ApprovalRequest(models.Model):
    """Somebody asks for leave. `about` names the thing, `facts` are those of `crmcore.approval_subjects`."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("approval", "Waiting")
        ASKED_BACK = "asked_back", pgettext_lazy("approval", "Asked back")
        APPROVED = "approved", pgettext_lazy("approval", "Approved")
        REJECTED = "rejected", pgettext_lazy("approval", "Rejected")
        WITHDRAWN = "withdrawn", pgettext_lazy("approval", "Withdrawn")
        OUTDATED = "outdated", pgettext_lazy("approval", "Outdated")

    LIVE = (State.WAITING, State.ASKED_BACK)

    subject = models.SlugField(max_length=20)
    about = models.CharField(max_length=60)
    title = models.CharField(max_length=250)
    plan = models.ForeignKey(ApprovalPlan, on_delete=models.PROTECT, related_name="requests")
    version = models.ForeignKey(ApprovalPlanVersion, on_delete=models.PROTECT, related_name="requests")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(blank=True)
    facts = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField()
    asked_back_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    copied_to = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")

    objects: ClassVar[models.Manager["ApprovalRequest"]] = models.Manager.from_queryset(ApprovalRequestQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["about", "plan"],
                condition=Q(state__in=["waiting", "asked_back"]),
                name="one_live_request_per_plan",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "asked_back"], settled_at=None)
                | (~Q(state__in=["waiting", "asked_back"]) & Q(settled_at__isnull=False)),
                name="settled_requests_have_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="asked_back", asked_back_at__isnull=False)
                | (~Q(state="asked_back") & Q(asked_back_at=None)),
                name="asked_back_since_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["asked_by", "-asked_at", "-id"], name="approval_asked_by"),
            models.Index(fields=["about", "-id"], name="approval_about"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("approvals:request", args=[self.pk])

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE


class ApprovalStep(models.Model):
    """A step that was begun. At `next_event_at` somebody is reminded, or the next person asked."""

    request = models.ForeignKey(ApprovalRequest, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField()
    begun_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    next_event_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="one_approval_step_per_number"),
            models.UniqueConstraint(fields=["request"], condition=Q(closed_at=None), name="one_open_approval_step"),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(next_event_at=None), name="closed_approval_steps_rest"
            ),
        ]
        indexes = [
            models.Index(fields=["next_event_at"], condition=Q(next_event_at__isnull=False), name="approval_step_due")
        ]

    def __str__(self) -> str:
        return f"{self.request} #{self.number}"


class ApprovalSeat(models.Model):
    """Somebody who was asked in a step; without an answer they are asked still, while the step is open."""

    class Answer(models.TextChoices):
        NONE = "", _("No answer yet")
        APPROVED = "approved", pgettext_lazy("answer", "Approved")
        REJECTED = "rejected", pgettext_lazy("answer", "Rejected")
        DELEGATED = "delegated", pgettext_lazy("answer", "Passed on")
        LAPSED = "lapsed", pgettext_lazy("answer", "Stayed silent")

    step = models.ForeignKey(ApprovalStep, on_delete=models.CASCADE, related_name="seats")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="approval_seats")
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    is_waiting = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["step", "user"], name="one_seat_per_person_and_step"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="answers_have_a_moment",
            ),
            models.CheckConstraint(condition=Q(is_waiting=False) | Q(answer=""), name="who_answered_is_not_waited_for"),
        ]
        indexes = [
            models.Index(fields=["user", "-asked_at", "-id"], condition=Q(is_waiting=True), name="seat_waiting"),
            models.Index(fields=["user", "-answered_at", "-id"], name="seat_answered"),
        ]

    def __str__(self) -> str:
        return f"{self.step}: {self.user}"


class ApprovalEvent(models.Model):
    """A line of a request's story; rows are added, never changed."""

    class What(models.TextChoices):
        ASKED = "asked", _("asked for approval")
        APPROVED = "approved", pgettext_lazy("deed", "approved")
        REJECTED = "rejected", pgettext_lazy("deed", "rejected")
        DELEGATED = "delegated", _("passed it on to %(name)s")
        ASKED_BACK = "asked_back", pgettext_lazy("deed", "asked back")
        ANSWERED = "answered", pgettext_lazy("deed", "answered")
        WITHDRAWN = "withdrawn", pgettext_lazy("deed", "withdrew the request")
        REMINDED = "reminded", _("reminded %(name)s")
        ESCALATED = "escalated", _("asked %(name)s, because nobody answered in time")
        OUTDATED = "outdated", _("what was to be approved has changed")

    request = models.ForeignKey(ApprovalRequest, on_delete=models.CASCADE, related_name="events")
    step = models.PositiveSmallIntegerField(default=0)
    what = models.CharField(max_length=10, choices=What)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.request}: {self.what}"
