"""The pages of the settings by which field work is arranged."""

from django.utils.translation import gettext_lazy as _

from servicedesk.setup.page import Group, SettingsPage

FIELD_PAGES = (
    SettingsPage(
        Group.FIELD,
        _("Products"),
        _("What customers can have of us, and how many months of warranty each begins with."),
        "icon:package",
        "setup:products",
    ),
    SettingsPage(
        Group.FIELD,
        _("Estates and projects"),
        _("Where products stand close together, so that a wave of repairs is seen."),
        "icon:building-community",
        "setup:estates",
    ),
    SettingsPage(
        Group.FIELD,
        _("Appointments"),
        _("How long a slot is, how soon and how far ahead customers book, and what counts as a repeated repair."),
        "icon:calendar-event",
        "setup:field_terms",
    ),
    SettingsPage(
        Group.FIELD,
        _("Technicians"),
        _("Who drives out, in which working hours, and for which queues."),
        "icon:steering-wheel",
        "setup:technicians",
    ),
    SettingsPage(
        Group.FIELD,
        _("Outside firms"),
        _("Contractors, what each of them sees and does at its entrance, and their people who sign in there."),
        "icon:building-store",
        "setup:firms",
    ),
    SettingsPage(
        Group.FIELD,
        _("Checklist on site"),
        _("What is ticked at the customer's, by kind of visit."),
        "icon:checklist",
        "setup:visit_checks",
    ),
    SettingsPage(
        Group.FIELD,
        _("Why visits fail"),
        _("The reasons that are chosen when a visit comes to nothing."),
        "icon:map-pin-off",
        "setup:visit_failures",
    ),
)
