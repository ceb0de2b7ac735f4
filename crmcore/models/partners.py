"""Outside firms that work for the desk; their people sign in and have what their firm was given, nothing else."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from crmcore import firm_rights
from crmcore.models.naming import ListEntry


class Firm(ListEntry):
    """A contractor. `crews` is how many visits it makes at the same time.

    `allowed` holds operations as `crmcore.firm_rights` names them.
    """

    code = models.SlugField(max_length=60, unique=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    crews = models.PositiveSmallIntegerField(_("crews"), default=1)
    allowed = ArrayField(models.CharField(max_length=40), default=firm_rights.usual, blank=True)

    class Meta(ListEntry.Meta):
        constraints = [models.CheckConstraint(condition=models.Q(crews__gte=1), name="firm_has_a_crew")]

    @property
    def modules(self) -> list[firm_rights.Module]:
        """What its people find on their start page."""
        return firm_rights.modules_in(firm_rights.effective(self.allowed))
