"""The pages of one customer, as a row of sections in their head."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crmcore.models import User
from crmcore.permissions import may


@dataclass(frozen=True)
class Section:
    """One page of a customer; its address takes the account's id, `noun` is what one must be able to view."""

    label: Promise
    url_name: str
    noun: str = "account"


SECTIONS = (
    Section(_("Overview"), "crm:account"),
    Section(_("Details"), "crm:account_details"),
    Section(_("People and units"), "crm:account_people", "contact"),
    Section(_("Important dates"), "crm:account_dates"),
    Section(_("Sales"), "crm:account_sales", "quote"),
    Section(_("Duplicates"), "crm:account_merges"),
)


def sections_of(user: User) -> list[Section]:
    """The sections that this person may open, in their order."""
    return [section for section in SECTIONS if may(user, section.noun, "view")]
