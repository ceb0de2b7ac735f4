"""Our own telephone numbers, and the tokens by which exchanges report calls."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crmcore.models import Named, Queue
from telephony.models.flows import CallFlow


class PhoneLine(Named):
    """A number that customers dial. `region` (ISO 3166) reads the numbers of its callers.

    Callers go through its `flow`; without one, or where that ends, they wait in `queue`. Messages come in and go out
    on the channels that it `takes_texts` and `takes_whatsapp` for.
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="lines")
    flow = models.ForeignKey(
        CallFlow, on_delete=models.PROTECT, null=True, blank=True, related_name="lines", verbose_name=_("call flow")
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    region = models.CharField(_("country"), max_length=2, blank=True)
    takes_texts = models.BooleanField(_("text messages"), default=False)
    takes_whatsapp = models.BooleanField(_("WhatsApp"), default=False)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)


class CtiToken(models.Model):
    """The secret in an exchange's webhook address, kept as SHA-256. Calls to an unknown line go to `queue`."""

    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    region = models.CharField(_("country"), max_length=2, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
