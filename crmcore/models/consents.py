"""What customers said about being contacted: written once, never changed; of each kind the latest counts."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crmcore.models.customers import Contact


class ConsentKind(models.TextChoices):
    """What a customer can agree to or refuse."""

    EMAIL = "email", _("Offers by e-mail")
    SMS = "sms", _("Offers by text message")
    PHONE = "phone", _("Offers by telephone")
    WECHAT = "wechat", _("Offers on WeChat")
    SURVEY = "survey", _("Questions about how it went")


class Consent(models.Model):
    """One statement. `words` is the sentence as it was read, `wording` its version, `source` where it was said.

    The database refuses to change a row (see the migration).
    """

    class Source(models.TextChoices):
        PORTAL = "portal", _("On the portal")
        DESK = "desk", _("To the desk")

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=10, choices=ConsentKind)
    is_given = models.BooleanField()
    wording = models.CharField(max_length=20)
    words = models.TextField()
    source = models.CharField(max_length=10, choices=Source)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["contact", "kind", "-id"], name="consent_latest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.is_given}"
