"""The pages of the settings by which selling is arranged."""

from django.utils.translation import gettext_lazy as _

from servicedesk.setup.page import Group, SettingsPage

SALES_PAGES = (
    SettingsPage(
        Group.SALES,
        _("Price lists"),
        _("What products cost, by currency, dates, quantity, and for one customer or grade."),
        "icon:tags",
        "setup:price_lists",
    ),
)
