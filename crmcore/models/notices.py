"""Notices: lines for one person about what happened while they looked elsewhere."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crmcore.models.news_choice import NewsKind


class NoticeKind(models.TextChoices):
    """Why somebody is told; new kinds need no migration."""

    MENTION = "mention", _("Mentioned")
    REMINDER = "reminder", _("Reminder")
    ASSIGNED = "assigned", _("Assigned to you")
    WATCHED = "watched", _("Watched ticket")
    DUE_SOON = "due_soon", _("Due soon")
    OVERDUE = "overdue", _("Overdue")
    DISPATCH = "dispatch", _("Visit")
    RULE = "rule", _("Told by a rule")
    APPROVAL = "approval", _("Approval")
    DIGEST = "digest", _("While the desk was away")


ICONS: dict[str, str] = {
    NoticeKind.MENTION: "icon:at",
    NoticeKind.REMINDER: "icon:alarm",
    NoticeKind.ASSIGNED: "icon:user",
    NoticeKind.DISPATCH: "icon:truck",
    NoticeKind.RULE: "icon:bolt",
    NoticeKind.APPROVAL: "icon:rubber-stamp",
    NoticeKind.WATCHED: "icon:eye",
    NoticeKind.DUE_SOON: "icon:clock",
    NoticeKind.OVERDUE: "icon:alert-triangle",
    NoticeKind.DIGEST: "icon:history",
    NewsKind.ANSWER: "icon:message-circle",
    NewsKind.YOUR_TURN: "icon:hand-stop",
    NewsKind.SOLVED: "icon:circle-check",
    NewsKind.PROGRESS: "icon:user",
}


class Notice(models.Model):
    """`text` is in the language that its reader had; `url` is a path of this desk. A `key` is told a person once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20)
    text = models.CharField(max_length=300)
    url = models.CharField(max_length=200)
    key = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_latest"),
            models.Index(fields=["user"], condition=models.Q(read_at=None), name="notice_unread"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], condition=~models.Q(key=""), name="one_notice_per_key"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.text}"

    @property
    def icon(self) -> str:
        return ICONS.get(self.kind, "icon:bell")
