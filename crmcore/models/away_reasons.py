"""Why an agent is away: the desk's own list."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crmcore.models.naming import ListEntry


class AwayReason(ListEntry):
    """A reason to be away. `is_paid` and `is_productive` say how reports count the time, past time as well."""

    class Icon(models.TextChoices):
        CUP = "icon:coffee", _("Cup")
        CUTLERY = "icon:tools-kitchen-2", _("Knife and fork")
        SCHOOL = "icon:school", _("School")
        PEOPLE = "icon:users", _("People")
        PAPER = "icon:file-pencil", _("Paper and pencil")
        PENCIL = "icon:pencil", _("Pencil")
        CLOCK = "icon:clock", _("Clock")
        TOOLS = "icon:tool", _("Tools")

    code = models.SlugField(max_length=30, unique=True)
    icon = models.CharField(_("icon"), max_length=30, choices=Icon, default=Icon.CUP)
    is_paid = models.BooleanField(_("counts as paid"), default=True)
    is_productive = models.BooleanField(_("counts as productive"), default=False)
