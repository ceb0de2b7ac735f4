"""Every page of the product, by who looks at it.

An address is written out, or found: "start @ link | more @ link" opens the start, follows the first link that each
selector finds, and takes what stands after a bar as the end of its address.
"""

from playwright.sync_api import Page

PAGES: dict[str | None, dict[str, str]] = {
    None: {
        "sign-in": "/account/login/",
        "sign-in-code": "/account/login/code/",
        "sign-up": "/account/signup/",
        "help-home": "/portal/",
        "help-search": "/portal/help/?q=E3",
        "help-topic": "/portal/ @ a.sd-po__topic",
        "help-article": "/portal/help/ @ a.sd-req--article",
        "wallboard": "/wallboard/demo-network/",
        "not-found": "/portal/no-such-page/",
    },
    "agent1": {
        "console": "/console/",
        "missed-calls": "/console/missed/",
        "tickets": "/tickets/?view=open",
        "ticket": "/tickets/KW-20418/",
        "ticket-new": "/tickets/new/",
        "ticket-view-new": "/tickets/views/new/?from=breaching",
        "notifications": "/notifications/",
        "customers": "/crm/accounts/",
        "customer": "/crm/accounts/ @ a[data-row]",
        "customer-edit": "/crm/accounts/ @ a[data-row] | edit/",
        "customer-new": "/crm/accounts/new/",
        "contact": "/crm/contacts/1/",
        "contact-edit": "/crm/contacts/1/edit/",
        "contact-new": "/crm/contacts/new/",
        "opportunities": "/crm/opportunities/",
        "opportunities-list": "/crm/opportunities/list/",
        "opportunity": "/crm/opportunities/ @ a.sd-deal__t",
        "opportunity-move": "/crm/opportunities/ @ a[data-move]",
        "opportunity-new": "/crm/opportunities/new/",
        "articles": "/kb/",
        "article": "/kb/ @ .sd-kb__title a",
        "preferences": "/settings/you/",
        "password": "/settings/password/",
    },
    "supervisor1": {
        "board": "/supervisor/",
        "report-queues": "/supervisor/reports/?queue=network",
        "report-agents": "/supervisor/reports/agents/",
        "report-flow": "/supervisor/reports/flow/",
        "report-outbound": "/supervisor/reports/outbound/",
        "campaigns": "/campaigns/",
        "campaign": "/campaigns/ @ td a",
        "campaign-edit": "/campaigns/ @ td a | edit/",
        "campaign-fill": "/campaigns/ @ td a | fill/",
        "campaign-new": "/campaigns/new/",
        "group-texts": "/campaigns/texts/",
        "group-text": "/campaigns/texts/ @ td a",
        "group-text-edit": "/campaigns/texts/ @ td a | edit/",
        "group-text-new": "/campaigns/texts/new/",
        "article-edit": "/kb/ @ .sd-kb__title a | edit/",
        "article-new": "/kb/new/",
        "settings-do-not-call": "/settings/do-not-call/",
        "call": "/calls/1/",
    },
    "admin1": {
        "campaign-file": "/campaigns/ @ td a | fill/ @ a[href*='/files/']",
        "settings": "/settings/",
        "ticket-view": "/tickets/?view=open @ a[href*='/tickets/views/']:not([href*=new])",
        "settings-supervision": "/settings/supervision/",
        "settings-recordings": "/settings/recordings/",
        "settings-flows": "/settings/flows/",
        "settings-flow": "/settings/flows/ @ a.sd-fls__flow",
        "settings-flow-test": "/settings/flows/ @ a.sd-fls__flow | test/",
        "settings-queues": "/settings/queues/",
        "settings-queue": "/settings/queues/ @ main table a",
        "settings-queue-new": "/settings/queues/new/",
        "people": "/settings/people/",
        "person": "/settings/people/ @ .sd-grid a",
        "person-new": "/settings/people/new/",
        "teams": "/settings/teams/",
        "team": "/settings/teams/ @ .sd-grid a",
        "team-new": "/settings/teams/new/",
        "skills": "/settings/skills/",
        "skill": "/settings/skills/ @ .sd-grid a",
        "skill-new": "/settings/skills/new/",
        "calendars": "/settings/calendars/",
        "calendar": "/settings/calendars/ @ .sd-grid a",
        "calendar-new": "/settings/calendars/new/",
        "settings-away": "/settings/away-reasons/",
        "settings-away-reason": "/settings/away-reasons/ @ .sd-grid a",
        "settings-away-new": "/settings/away-reasons/new/",
        "settings-wallboards": "/settings/wallboards/",
        "settings-wallboard": "/settings/wallboards/ @ .sd-grid a",
        "settings-wallboard-new": "/settings/wallboards/new/",
        "settings-carrier": "/settings/carrier/",
        "settings-line": "/settings/carrier/ @ .sd-grid a",
        "settings-line-new": "/settings/carrier/lines/new/",
        "settings-templates": "/settings/templates/",
        "settings-template": "/settings/templates/ @ .sd-grid a",
        "settings-template-new": "/settings/templates/new/",
        "settings-exchanges": "/settings/exchanges/",
        "settings-exchange": "/settings/exchanges/ @ .sd-grid a",
        "settings-exchange-events": "/settings/exchanges/ @ .sd-grid a | events/",
        "settings-exchange-new": "/settings/exchanges/new/",
        "settings-exchange-guide": "/settings/exchanges/guide/",
        "settings-answering": "/settings/answering/",
        "settings-outcomes": "/settings/outcomes/",
        "settings-outcome": "/settings/outcomes/ @ .sd-grid a",
        "settings-outcome-new": "/settings/outcomes/new/",
        "settings-outcome-heading": "/settings/outcomes/ @ a[href*='/headings/']:not([href*=new])",
        "settings-outcome-heading-new": "/settings/outcomes/headings/new/",
        "settings-capacity": "/settings/capacity/",
        "settings-parking": "/settings/parking/",
        "settings-directory": "/settings/directory/",
        "settings-directory-entry": "/settings/directory/ @ .sd-grid a",
        "settings-directory-new": "/settings/directory/new/",
    },
    "customer1": {
        "portal": "/portal/",
        "portal-requests": "/portal/requests/",
        "portal-request": "/portal/requests/ @ a.sd-req",
        "portal-new": "/portal/requests/new/",
        "portal-help": "/portal/help/",
        "portal-topic": "/portal/ @ a.sd-po__topic",
        "portal-article": "/portal/help/ @ a.sd-req--article",
        "portal-call": "/portal/call/",
        "portal-profile": "/portal/profile/",
    },
}


def found(page: Page, url: str, address: str) -> str:
    """The path of a page. Raises LookupError when a link on the way to it is missing."""
    path, *steps = address.split(" @ ")
    for step in steps:
        link, _, more = step.partition(" | ")
        page.goto(url + path)
        first = page.locator(link).first
        if not first.count():
            raise LookupError(f"{path} has no {link}")
        path = str(first.get_attribute("href")) + more
    return path
