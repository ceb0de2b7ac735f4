"""The short lists from which customers are described: sources, industries, salutations and the like."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crmcore.models.naming import ListEntry


class CodeList(models.TextChoices):
    """The lists that there are; what stands in them the desk decides."""

    SOURCE = "source", _("Source")
    TYPE = "type", _("Customer type")
    INDUSTRY = "industry", _("Industry")
    STATUS = "status", _("Customer status")
    NATURE = "nature", _("Nature of the customer")
    PARTY = "party", _("Business relation")
    RELATIONSHIP = "relationship", _("Relationship level")
    BUSINESS_CATEGORY = "business_category", _("Business category")
    CREDIT_CLASS = "credit_class", _("Credit class")
    SALUTATION = "salutation", _("Salutation")


class CodeEntry(ListEntry):
    """An entry of one of these lists; a retired one stays with the customers that have it."""

    list = models.CharField(max_length=20, choices=CodeList, editable=False)
    code = models.SlugField(max_length=60)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["list", "code"], name="code_once_in_its_list")]

    def neighbours(self) -> "models.QuerySet[CodeEntry]":
        return CodeEntry.objects.filter(list=self.list, is_active=True)


def entry_of(which: CodeList) -> "models.ForeignKey[CodeEntry | None, CodeEntry | None]":
    """A field that holds an entry of one list, empty where it is not known."""
    return models.ForeignKey(
        CodeEntry,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"list": which},
        verbose_name=which.label,
    )
