"""Outside firms that do field work for the desk; their people sign in and see their own orders, nothing else."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crmcore.models.naming import ListEntry


class Firm(ListEntry):
    """A contractor. `crews` is how many visits it makes at the same time."""

    code = models.SlugField(max_length=60, unique=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    crews = models.PositiveSmallIntegerField(_("crews"), default=1)

    class Meta(ListEntry.Meta):
        constraints = [models.CheckConstraint(condition=models.Q(crews__gte=1), name="firm_has_a_crew")]
