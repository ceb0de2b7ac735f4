"""WeChat official accounts of the desk, the tokens by which they speak, and what followers sent along."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crmcore.models import Named, Queue
from telephony.models.texting import TextMessage
from tickets.sealed_text import key_for, seal, unseal

PURPOSE = "wechat secrets"


class WechatAccount(Named):
    """An official account, known by its AppID. Secrets are sealed; `heard_at`: its platform last came to our door.

    A demo account belongs to nobody, and what it sends reaches nobody.
    """

    class Mode(models.TextChoices):
        SAFE = "safe", _("Safe mode: messages come sealed")
        PLAIN = "plain", _("Plain mode: messages come as they are")

    app_id = models.CharField(
        _("AppID"),
        max_length=20,
        unique=True,
        validators=[RegexValidator(r"^wx[0-9a-f]{16}\Z", _("It begins with wx and has 16 more characters."))],
    )
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="wechat_accounts", verbose_name=_("queue"))
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    mode = models.CharField(_("message encryption"), max_length=5, choices=Mode, default=Mode.SAFE)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    secret_sealed = models.TextField(blank=True)
    token_sealed = models.TextField(blank=True)
    key_sealed = models.TextField(blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]

    def opened(self, field: str) -> str:
        """One of the secrets `secret`, `token` and `key`. Raises CannotOpen."""
        return unseal(getattr(self, f"{field}_sealed"), sealing_key())

    def keep(self, field: str, secret: str) -> None:
        """Seal a secret; the caller saves."""
        setattr(self, f"{field}_sealed", seal(secret, sealing_key()))


class WechatAccess(models.Model):
    """The account's access token, good until `until`, and what the platform last said against us.

    It is a row of its own, for it is locked while the platform is asked, and the account's door must not wait for that.
    """

    account = models.OneToOneField(WechatAccount, on_delete=models.CASCADE, related_name="access")
    token_sealed = models.TextField(blank=True)
    until = models.DateTimeField(null=True, blank=True)
    forced_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"access of {self.account_id}"

    def opened(self) -> str:
        """The token. Raises CannotOpen."""
        return unseal(self.token_sealed, sealing_key())

    def keep(self, token: str) -> None:
        """Seal the token; the caller saves."""
        self.token_sealed = seal(token, sealing_key())


class TextMedia(models.Model):
    """Something that came with a message and is fetched after it; `due_at` is when to ask (again)."""

    class State(models.TextChoices):
        WAITING = "waiting"
        KEPT = "kept"
        LOST = "lost"

    text = models.ForeignKey(TextMessage, on_delete=models.CASCADE, related_name="media")
    kind = models.CharField(max_length=8)
    reference = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="text_media_due")]
        constraints = [models.UniqueConstraint(fields=["text", "reference"], name="one_media_per_reference")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.text_id}"


def sealing_key() -> bytes:
    return key_for(PURPOSE, settings.SECRET_KEY)
