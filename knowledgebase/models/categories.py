"""Categories: the shelves of the knowledge base, and the topics of the help centre."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crmcore.models import Named, Queue

# The icons to choose from, spelled so that the icon sprite finds them.
ICONS = (
    "icon:book",
    "icon:alert-circle",
    "icon:alert-triangle",
    "icon:bolt",
    "icon:calendar-event",
    "icon:credit-card",
    "icon:droplet",
    "icon:file-invoice",
    "icon:filter",
    "icon:flame",
    "icon:key",
    "icon:license",
    "icon:lock",
    "icon:package",
    "icon:phone",
    "icon:receipt",
    "icon:recycle",
    "icon:router",
    "icon:settings",
    "icon:shield-check",
    "icon:tool",
    "icon:truck",
    "icon:users",
    "icon:wifi",
)


class Category(Named):
    """A topic. Its queues tell which articles to suggest for the work that waits there."""

    slug = models.SlugField(_("address"), unique=True)
    icon = models.SlugField(_("icon"), default="book", choices=[(name.removeprefix("icon:"),) * 2 for name in ICONS])
    hint = models.CharField(_("hint"), max_length=80, blank=True)
    hint_zh = models.CharField(_("Chinese hint"), max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    queues = models.ManyToManyField(Queue, blank=True, related_name="article_categories", verbose_name=_("queues"))
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    @property
    def hint_label(self) -> str:
        """What stands below the name, in the reader's language where it exists."""
        chinese = (get_language() or "").startswith("zh")
        return (self.hint_zh or self.hint) if chinese else self.hint
