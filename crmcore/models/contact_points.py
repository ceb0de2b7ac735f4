"""Ways to reach a customer."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crmcore.models.customers import Account, Contact


class ContactPoint(models.Model):
    """A number, address or id of one contact, or of an account as a whole.

    `raw` is what was typed, `value` what is compared: E.164, folded e-mail or the id itself.
    """

    class Kind(models.TextChoices):
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("E-mail")
        WECHAT = "wechat", _("WeChat")
        WECOM = "wecom", _("WeCom")
        QQ = "qq", "QQ"
        FAX = "fax", _("Fax")

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, null=True, blank=True, related_name="points")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, blank=True, related_name="points")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    raw = models.CharField(_("number or address"), max_length=120)
    value = models.CharField(max_length=120)
    label = models.CharField(_("label"), max_length=40, blank=True)
    is_shared = models.BooleanField(_("shared by several people"), default=False)
    is_preferred = models.BooleanField(_("preferred"), default=False)
    opted_out = models.BooleanField(_("do not use"), default=False)
    verified_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["value", "kind"], name="point_lookup")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(contact=None, account__isnull=False) | models.Q(contact__isnull=False, account=None),
                name="point_has_one_holder",
            ),
            models.UniqueConstraint(fields=["contact", "kind", "value"], name="point_once_per_contact"),
            models.UniqueConstraint(fields=["account", "kind", "value"], name="point_once_per_account"),
        ]

    def __str__(self) -> str:
        return self.raw
