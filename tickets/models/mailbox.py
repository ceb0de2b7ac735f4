"""Mailboxes: an address of the desk, the servers behind it, and how far it has been read."""

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crmcore.models import Named, Queue
from tickets.mail.servers import Security as WayIn
from tickets.sealed_text import key_for, seal, unseal

PURPOSE = "mailbox secrets"


class Mailbox(Named):
    """Secrets are sealed. `last_uid` belongs to `uid_validity`; `leased_until`: somebody reads it until then.

    `fault` is what a server last said against us, since `fault_since`. A demo mailbox has no servers.
    """

    class SignIn(models.TextChoices):
        PASSWORD = "password", _("Password")
        GOOGLE = "google", "Google"
        MICROSOFT = "microsoft", "Microsoft 365"

    class Security(models.TextChoices):
        TLS = WayIn.TLS.value, _("TLS from the start")
        STARTTLS = WayIn.STARTTLS.value, _("STARTTLS")
        NONE = WayIn.NONE.value, _("None, only within this machine")

    address = models.EmailField(_("address"), max_length=120, unique=True)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="mailboxes", verbose_name=_("queue"))
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    signature = models.TextField(_("signature"), blank=True)
    signature_zh = models.TextField(_("Chinese signature"), blank=True)
    acknowledges = models.BooleanField(_("confirm new requests"), default=True)
    takes_strangers = models.BooleanField(_("unknown senders may open tickets"), default=True)
    tags_address = models.BooleanField(_("mark the reply address"), default=True)
    tags_subject = models.BooleanField(_("mark the subject"), default=True)
    sign_in = models.CharField(_("sign-in"), max_length=10, choices=SignIn, default=SignIn.PASSWORD)
    username = models.CharField(_("user name"), max_length=120, blank=True)
    imap_host = models.CharField(_("IMAP server"), max_length=120, blank=True)
    imap_port = models.PositiveIntegerField(_("IMAP port"), default=993)
    imap_security = models.CharField(_("IMAP encryption"), max_length=8, choices=Security, default=Security.TLS)
    imap_folder = models.CharField(_("folder"), max_length=120, default="INBOX")
    smtp_host = models.CharField(_("SMTP server"), max_length=120, blank=True)
    smtp_port = models.PositiveIntegerField(_("SMTP port"), default=465)
    smtp_security = models.CharField(_("SMTP encryption"), max_length=8, choices=Security, default=Security.TLS)
    password_sealed = models.TextField(blank=True)
    refresh_sealed = models.TextField(blank=True)
    access_sealed = models.TextField(blank=True)
    access_until = models.DateTimeField(null=True, blank=True)
    uid_validity = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    next_look_at = models.DateTimeField(null=True, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=300, blank=True)
    fault_since = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["name", "pk"]

    @property
    def signature_label(self) -> str:
        """The signature in the active language, the other one where that is missing."""
        chinese = (get_language() or "").startswith("zh")
        first, second = self.signature, self.signature_zh
        return (second or first) if chinese else (first or second)

    @property
    def reads(self) -> bool:
        """Whether there is a server to fetch mail from."""
        return bool(self.imap_host) and not self.is_demo

    @property
    def is_real(self) -> bool:
        """Whether what goes out reaches anybody."""
        return bool(self.smtp_host) and not self.is_demo

    def opened(self, field: str) -> str:
        """One of the secrets `password`, `refresh` and `access`. Raises CannotOpen."""
        return unseal(getattr(self, f"{field}_sealed"), sealing_key())

    def keep(self, field: str, secret: str) -> None:
        """Seal a secret; the caller saves."""
        setattr(self, f"{field}_sealed", seal(secret, sealing_key()))


def sealing_key() -> bytes:
    return key_for(PURPOSE, settings.SECRET_KEY)
