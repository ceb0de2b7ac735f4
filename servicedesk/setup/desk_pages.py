"""The pages of the settings for oneself, for people and queues, and for what the desk is connected to."""

from django.utils.translation import gettext_lazy as _

from servicedesk.setup.page import Group, SettingsPage

DESK_PAGES: tuple[SettingsPage, ...] = (
    SettingsPage(
        Group.YOU,
        _("Your settings"),
        _("Your language, time zone, theme and keyboard."),
        "icon:user-circle",
        "settings:profile",
        noun="",
    ),
    SettingsPage(Group.YOU, _("Password"), _("With which you sign in."), "icon:lock", "setup:password", noun=""),
    SettingsPage(
        Group.PEOPLE,
        _("Queues"),
        _("Who is asked first, who is served first, skills, members, service level and overflow."),
        "icon:stack-2",
        "setup:queues",
        noun="queue",
    ),
    SettingsPage(
        Group.PEOPLE,
        _("People"),
        _("Who works here: accounts, roles, teams, skills, queues and passwords."),
        "icon:users",
        "setup:people",
        noun="user",
    ),
    SettingsPage(
        Group.PEOPLE,
        _("Teams"),
        _("The tree of the organisation: who belongs where and who leads."),
        "icon:sitemap",
        "setup:teams",
    ),
    SettingsPage(Group.PEOPLE, _("Skills"), _("What people can do and queues ask for."), "icon:star", "setup:skills"),
    SettingsPage(
        Group.PEOPLE,
        _("Opening hours"),
        _("Working calendars: the hours of each weekday, holidays and make-up days."),
        "icon:calendar",
        "setup:calendars",
    ),
    SettingsPage(
        Group.PEOPLE,
        _("Away reasons"),
        _("What agents say when they step away, and how reports count the time."),
        "icon:coffee",
        "setup:away_reasons",
    ),
    SettingsPage(
        Group.PEOPLE,
        _("Wallboards"),
        _("Screens on the wall: which queues each one counts, its language and its address."),
        "icon:device-tv",
        "setup:wallboards",
    ),
    SettingsPage(
        Group.PEOPLE,
        _("Capacity"),
        _("How many tickets people may have in hand, and what they do beside calls."),
        "icon:scale",
        "setup:capacity",
    ),
    SettingsPage(
        Group.PEOPLE,
        _("Giving out tickets"),
        _("Which queues hand their tickets to people by themselves, and to whom."),
        "icon:route",
        "setup:routing",
    ),
    SettingsPage(
        Group.CONNECTIONS,
        _("Numbers and carrier"),
        _("Our telephone numbers, where their calls go, and whether the carrier reaches this desk."),
        "icon:phone",
        "setup:carrier",
    ),
    SettingsPage(
        Group.CONNECTIONS,
        _("Mailboxes"),
        _("Addresses by which customers write e-mail, their servers, and the mail that was held back."),
        "icon:mail",
        "setup:mailboxes",
    ),
    SettingsPage(
        Group.CONNECTIONS,
        _("Message templates"),
        _("What may be sent on WhatsApp when the customer has not written for a day."),
        "icon:brand-whatsapp",
        "setup:text_templates",
    ),
    SettingsPage(
        Group.CONNECTIONS,
        _("WeChat accounts"),
        _("Official accounts whose followers write to this desk: their secrets, their queue, and whether they work."),
        "icon:brand-wechat",
        "setup:wechat",
    ),
    SettingsPage(
        Group.CONNECTIONS,
        _("Other phone systems"),
        _("Exchanges that report their calls: their addresses, extensions and latest events."),
        "icon:plug-connected",
        "setup:exchanges",
    ),
)
