"""Rows that the demo does not have but some pages are about, made by the forms that people use."""

from playwright.sync_api import FilePayload, Page

from tests.journeys.addresses import found

FORMS: dict[str, dict[str, str]] = {
    "/settings/exchanges/new/": {"name": "Head office"},
    "/settings/templates/new/": {
        "name": "Visit tomorrow",
        "body": "Our engineer comes tomorrow at {{1}}.",
        "content_sid": f"HX{'0' * 32}",
    },
    "/settings/outcomes/headings/new/": {"name": "Faults"},
    "/campaigns/texts/new/": {
        "name": "Maintenance on Sunday",
        "body": "We maintain the network from 2 to 4 on Sunday.",
    },
    "/settings/canned-replies/new/": {"name": "Thank you", "body": "Dear {customer}, thank you. {agent}"},
    "/settings/checklists/new/": {"name": "Look for leaks"},
    "/settings/directory/new/": {"name": "Parcel carrier", "number": "+44 20 7946 0958"},
}
PEOPLE: FilePayload = {
    "name": "people.csv",
    "mimeType": "text/csv",
    "buffer": b"Phone,Name\n+44 20 7946 0911,Ann\nnobody,Bob\n",
}


def furnish(page: Page, url: str) -> None:
    """Fill in and send each form, and give a campaign a file. The page belongs to an administrator."""
    for path, values in FORMS.items():
        page.goto(url + path)
        for name, value in values.items():
            page.fill(f"main [name={name}]", value)
        open_choice = page.locator("main select[required]:has(> option[value='']:checked)").first
        while open_choice.count():
            open_choice.select_option(index=1)
        page.locator("main form [type=submit]").first.click()
        page.wait_for_url(lambda address, path=path: not address.endswith(path))
    page.goto(url + found(page, url, "/campaigns/ @ td a | fill/"))
    page.set_input_files("main [type=file]", PEOPLE)
    page.locator("main form:has([type=file]) [type=submit]").click()
    page.wait_for_url("**/files/**")
