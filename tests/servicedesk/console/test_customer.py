"""The customer panel, the palette, the work list."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation

from crmcore import clock
from crmcore.actions import presence
from crmcore.actions.receivables import Instalment, plan_payments
from crmcore.models import Account, Contact, User
from servicedesk.console.between import between_calls
from servicedesk.console.customer import customer_for, first_sight
from servicedesk.console.history import PAGE, history_of
from servicedesk.console.palette import find
from servicedesk.console.worklist import work_list
from tests.servicedesk.console.conftest import DANA
from tests.servicedesk.console.test_calls import ticket_of
from tests.telephony.desk import Desk
from tickets.actions.interactions import log_interaction
from tickets.actions.lifecycle import assign_ticket
from tickets.models import TicketType

pytestmark = pytest.mark.django_db


def test_while_it_rings_the_caller_stands_in_the_panel(desk: Desk, browser: Client, mei: User, dana: Contact) -> None:
    desk.call(DANA, provider="simulated")
    panel = browser.get("/console/customer/").content.decode()
    assert "Ringing now" in panel
    assert "Dana Whitlock" in panel


def test_without_call_and_question_the_panel_helps(browser: Client) -> None:
    assert "No customer open" in browser.get("/console/customer/").content.decode()


def test_a_customer_out_of_reach_is_not_shown(desk: Desk, dana: Contact, ellery: Account) -> None:
    stranger = User.objects.create(username="nobody", name="Nobody", kind=User.Kind.STAFF)
    assert customer_for(stranger, account_id=ellery.pk, contact_id=dana.pk) is None


def test_an_open_complaint_is_the_first_alert(desk: Desk, mei: User, dana: Contact, ellery: Account) -> None:
    ticket = desk.do(ticket_of, dana, desk.queue, "Switch late")
    ticket.type = TicketType.objects.get(code="complaint")
    ticket.save(update_fields=["type"])
    customer = customer_for(mei, account_id=ellery.pk)
    assert customer is not None
    sight = first_sight(customer, mei, desk.moment)
    assert (sight.alerts[0].look, str(sight.alerts[0].cause)) == ("breach", "Complaint open.")
    assert [row.ticket for row in sight.open_tickets] == [ticket]


def test_the_local_time_is_the_customers(desk: Desk, mei: User, dana: Contact, ellery: Account) -> None:
    customer = customer_for(mei, contact_id=dana.pk)
    assert customer is not None
    sight = first_sight(customer, mei, desk.moment)
    assert (sight.local_time, customer.city, sight.is_day) == ("20:00", "New York", False)
    with translation.override("zh-hans"):
        assert customer.city == "纽约"


def test_history_pages_by_key_without_gap_or_repetition(desk: Desk, mei: User, dana: Contact, ellery: Account) -> None:
    for number in range(PAGE + 5):
        desk.do(
            log_interaction, ticket=None, account=ellery, contact=dana, channel="call", direction="in",
            body=str(number), is_public=False, by=mei, talk_seconds=1, answered=True,
        )  # fmt: skip
    customer = customer_for(mei, contact_id=dana.pk)
    assert customer is not None
    first = history_of(customer, mei)
    second = history_of(customer, mei, key=first.next_key)
    assert [entry.body for entry in first.entries + second.entries] == [str(n) for n in range(PAGE + 4, -1, -1)]
    assert second.next_key == ""


def test_a_broken_key_is_the_newest_page(desk: Desk, mei: User, dana: Contact) -> None:
    customer = customer_for(mei, contact_id=dana.pk)
    assert customer is not None
    assert history_of(customer, mei, key="nonsense").entries == []


def test_the_customers_page_shows_both_halves(browser: Client, dana: Contact, ellery: Account) -> None:
    page = browser.get(f"/crm/accounts/{ellery.pk}/").content.decode()
    assert "Port Ellery Logistics" in page
    assert 'id="history"' in page


@pytest.mark.parametrize("words", ["whitlock", "0147", "port ell"])
def test_the_palette_finds_customers(mei: User, dana: Contact, ellery: Account, words: str) -> None:
    found = find(words, mei)
    assert dana in found.contacts or ellery in found.accounts


def test_the_palette_finds_tickets_by_number_and_word(desk: Desk, mei: User, dana: Contact) -> None:
    ticket = desk.do(ticket_of, dana, desk.queue, "Tunnel drops")
    assert find(ticket.number, mei).tickets == [ticket]
    assert find("tunnel", mei).tickets == [ticket]


def test_without_words_the_palette_offers_actions(browser: Client) -> None:
    shown = browser.get("/console/palette/").content.decode()
    assert "New ticket" in shown
    assert shown.count('role="option"') >= 4


def test_the_list_has_callers_tickets_and_missed_calls(desk: Desk, mei: User, dana: Contact) -> None:
    ticket = desk.do(ticket_of, dana, desk.queue, "Tunnel drops")
    desk.do(assign_ticket, ticket, to=mei, by=None)
    desk.hangs_up(desk.call(DANA, provider="simulated"))
    gone = desk.call(DANA, provider="simulated")
    desk.wait(25)
    desk.hangs_up(gone)
    call = desk.call(provider="simulated")
    found = work_list(mei, desk.moment)
    assert [row.call for row in found.waiting] == [call]
    assert [row.ticket for row in found.tickets] == [ticket]
    assert [(owed.name, owed.row.calls) for owed in found.missed] == [("Dana Whitlock", 1)]


def test_the_day_counts_calls_and_wrap_up(desk: Desk, mei: User) -> None:
    call = desk.call(provider="simulated")
    desk.accept(call)
    desk.hangs_up(call)
    with clock.at(desk.moment):
        day = between_calls(mei, desk.moment, mine=[], left_open=[])
    assert day.calls_today == 1
    assert [row.leg.call for row in day.last_calls] == [call]


def test_states_are_chosen_from_a_closed_list(desk: Desk, browser: Client, mei: User) -> None:
    assert browser.post("/console/state/", {"chosen": "aux", "aux_code": "nap"}).status_code == 400
    assert browser.post("/console/state/", {"chosen": "aux", "aux_code": "meal"}).status_code == 204
    mei.presence.refresh_from_db()
    assert mei.presence.aux_code == "meal"


def test_the_console_costs_the_same_with_many_tickets(
    desk: Desk, browser: Client, mei: User, dana: Contact, django_assert_max_num_queries: object
) -> None:
    desk.do(presence.choose, mei, "aux", by=mei)
    for number in range(12):
        ticket = desk.do(ticket_of, dana, desk.queue, f"Ticket {number}")
        desk.do(assign_ticket, ticket, to=mei, by=None)
    with django_assert_max_num_queries(32):  # type: ignore[operator]
        assert browser.get("/console/").status_code == 200


def test_what_is_overdue_is_an_alert_beside_the_call(desk: Desk, mei: User, ellery: Account) -> None:
    day = (desk.moment - timedelta(days=20)).date()
    plan_payments(ellery, [Instalment("Deposit", day, 10_050)], currency="CNY", by=None)
    customer = customer_for(mei, account_id=ellery.pk)
    assert customer is not None
    alert = first_sight(customer, mei, desk.moment).alerts[0]
    assert (alert.look, str(alert.cause)) == ("breach", "Payment overdue.")
    assert "¥100.50" in str(alert.fact)
