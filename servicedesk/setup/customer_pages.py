"""The pages of the settings by which customers are described."""

from django.utils.translation import gettext_lazy as _

from servicedesk.setup.page import Group, SettingsPage

CUSTOMER_PAGES = (
    SettingsPage(
        Group.CUSTOMERS,
        _("Code lists"),
        _("Sources, industries, classes and salutations from which customers and contacts are described."),
        "icon:list-details",
        "setup:code_lists",
    ),
    SettingsPage(
        Group.CUSTOMERS,
        _("Intention grades"),
        _("How serious a prospect is, and how soon and how often that asks for a contact."),
        "icon:target-arrow",
        "setup:intention_grades",
    ),
)
