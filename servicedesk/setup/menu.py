"""The list of all pages of the settings, and which of them open for whom."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from crmcore.models import User
from crmcore.permissions import may
from servicedesk.setup.customer_pages import CUSTOMER_PAGES
from servicedesk.setup.desk_pages import DESK_PAGES
from servicedesk.setup.field_pages import FIELD_PAGES
from servicedesk.setup.page import Group, SettingsPage
from servicedesk.setup.sales_pages import SALES_PAGES
from servicedesk.setup.work_pages import WORK_PAGES

PAGES = (*DESK_PAGES, *WORK_PAGES, *FIELD_PAGES, *CUSTOMER_PAGES, *SALES_PAGES)


def pages_of(user: User) -> list[SettingsPage]:
    """The pages that open for this person."""
    return [page for page in PAGES if not page.noun or may(user, page.noun, page.action)]


def grouped(pages: Iterable[SettingsPage]) -> Iterator[tuple[Group, list[SettingsPage]]]:
    """Pages under their headings."""
    order = list(Group)
    by_group = sorted(pages, key=lambda page: order.index(page.group))
    return ((group, list(rows)) for group, rows in groupby(by_group, key=lambda page: page.group))


def page_called(url_name: str) -> SettingsPage:
    """The page at this address. Raises KeyError when the menu does not hold it."""
    return {page.url_name: page for page in PAGES}[url_name]
