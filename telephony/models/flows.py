"""Call flows in their versions, the recordings they play, and the entry points that lead into them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crmcore.models import Named
from telephony.flows.tree import Flow


class CallFlow(Named):
    """What callers go through before somebody answers. The newest published version is the one in use."""

    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["name", "id"]

    @property
    def draft(self) -> "FlowVersion | None":
        return self.versions.filter(published_at=None).first()

    @property
    def in_use(self) -> "FlowVersion | None":
        return self.versions.exclude(published_at=None).order_by("-number").first()


class FlowVersion(models.Model):
    """One state of a flow: a draft while it has no `published_at`, unchangeable after.

    `tree` has the form of `telephony.flows.tree`; `revision` grows with every change of a draft.
    """

    flow = models.ForeignKey(CallFlow, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    tree = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["flow", "number"], name="one_flow_version"),
            models.UniqueConstraint(fields=["flow"], condition=Q(published_at=None), name="one_draft_per_flow"),
        ]

    def __str__(self) -> str:
        return f"{self.flow} v{self.number}"

    def read(self) -> Flow:
        """The version as a flow to walk through."""
        return Flow.read(self.tree)


class FlowRecording(models.Model):
    """A recorded prompt. It stays as long as its flow, because older versions may play it."""

    flow = models.ForeignKey(CallFlow, on_delete=models.CASCADE, related_name="recordings")
    file = models.FileField(upload_to="flow-recordings/")
    content_type = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class PortalEntry(Named):
    """A way to call from the portal, such as its call page; without a flow the call goes straight to a queue."""

    code = models.SlugField(unique=True)
    flow = models.ForeignKey(
        CallFlow, on_delete=models.PROTECT, null=True, blank=True, related_name="entries", verbose_name=_("call flow")
    )
