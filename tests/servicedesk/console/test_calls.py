"""The work area during a call: questions, notes, wrap-up."""

import pytest
from django.test import Client

from crmcore.actions.contact_points import NewPoint
from crmcore.actions.customers import create_account, create_contact, link_contact
from crmcore.actions.people import create_team
from crmcore.models import Contact, Outcome, OutcomeGroup, Queue, User
from servicedesk.console.call_panel import outcomes_of, question_of
from telephony.models import CallLeg
from tests.servicedesk.console.conftest import DANA, signed_in
from tests.telephony.desk import Desk
from tickets.actions.lifecycle import open_ticket
from tickets.models import Ticket, TicketType

pytestmark = pytest.mark.django_db


def ticket_of(contact: Contact, queue: Queue, subject: str) -> Ticket:
    membership = contact.memberships.get()
    return open_ticket(
        by=None,
        subject=subject,
        type=TicketType.objects.get(code="repair"),
        queue=queue,
        account=membership.account,
        contact=contact,
        channel="email",
    )


def test_one_fresh_open_ticket_opens_by_itself(desk: Desk, browser: Client, mei: User, dana: Contact) -> None:
    ticket = desk.do(ticket_of, dana, desk.queue, "Tunnel drops")
    call = desk.call(DANA, provider="simulated")
    panel = browser.get(f"/console/calls/{call.pk}/").content.decode()
    assert "Tunnel drops" in panel
    assert f'id="ticket-header-{ticket.pk}"' in panel
    assert 'id="note-text"' in panel


def test_several_open_tickets_are_asked_about(desk: Desk, mei: User, dana: Contact) -> None:
    for subject in ("Tunnel drops", "Switch late"):
        desk.do(ticket_of, dana, desk.queue, subject)
    question = question_of(desk.call(DANA, provider="simulated"), mei)
    assert question.kind == "ticket"
    assert {ticket.subject for ticket in question.tickets} == {"Tunnel drops", "Switch late"}


def test_a_number_of_several_customers_opens_none(desk: Desk, browser: Client, mei: User, dana: Contact) -> None:
    other = create_account(by=None, name="Halvorsen Freight", kind="company")
    tamsin = create_contact(by=None, name="Tamsin O’Brien", points=[NewPoint("phone", DANA)])
    link_contact(other, tamsin, by=None)
    call = desk.call(DANA, provider="simulated")
    question = question_of(call, mei)
    assert question.kind == "several"
    assert {choice.name for choice in question.choices} == {"Dana Whitlock", "Tamsin O’Brien"}
    assert "Who is it?" in browser.get(f"/console/calls/{call.pk}/head/").content.decode()


def test_a_name_is_enough_to_make_the_caller_a_contact(desk: Desk, browser: Client, mei: User) -> None:
    call = desk.call("+12025550163", provider="simulated")
    desk.accept(call)
    shown = desk.do(browser.post, f"/console/calls/{call.pk}/register/", {"name": "Jordan Vale"})
    assert shown.status_code == 200
    assert desk.again(call).contact is not None
    assert "A new caller" not in shown.content.decode()


def test_a_missing_name_says_so_and_makes_nobody(desk: Desk, browser: Client, mei: User) -> None:
    call = desk.call("+12025550163", provider="simulated")
    desk.accept(call)
    answer = browser.post(f"/console/calls/{call.pk}/register/", {"name": " "})
    assert answer.status_code == 422
    assert not Contact.objects.exists()


def test_the_form_stands_where_the_conversation_ended(desk: Desk, browser: Client, mei: User) -> None:
    call = desk.call(provider="simulated")
    desk.accept(call)
    desk.hangs_up(call)
    form = browser.get(f"/console/calls/{call.pk}/wrap-up/").content.decode()
    assert form.count('name="outcome"') == 9
    assert 'data-digit="1"' in form


def test_a_digit_means_the_same_outcome_tomorrow(desk: Desk, mei: User) -> None:
    call = desk.call(provider="simulated")
    [before] = outcomes_of(call)
    Outcome.objects.filter(pk=before.entries[0][0].pk).update(is_active=False)
    [after] = outcomes_of(call)
    assert after.entries == before.entries[1:]


def test_outcomes_stand_under_their_headings_and_the_loose_ones_first(desk: Desk, mei: User) -> None:
    sales = OutcomeGroup.objects.create(code="sales", name="Sales")
    Outcome.objects.filter(code="solved").update(group=sales)
    loose, headed = outcomes_of(desk.call(provider="simulated"))
    assert (loose.group, headed.group) == (None, sales)
    assert [outcome.code for outcome, _digit in headed.entries] == ["solved"]


def test_digit_of_the_queues_own_outcome_goes_before_the_desks(desk: Desk, mei: User) -> None:
    own = Outcome.objects.create(code="own", name="Own", queue=desk.queue, digit=1)
    [rows] = outcomes_of(desk.call(provider="simulated", queue=desk.queue))
    digits = {outcome.code: digit for outcome, digit in rows.entries}
    assert (digits["own"], digits["solved"], own.digit) == (1, None, 1)


def test_an_unfinished_call_can_be_finished_later(desk: Desk, browser: Client, mei: User) -> None:
    call = desk.call(provider="simulated")
    desk.accept(call)
    desk.hangs_up(call)
    desk.wait(120)
    leg = CallLeg.objects.get(agent=mei)
    assert leg.is_unclassified
    panel = browser.get(f"/console/legs/{leg.pk}/finish/").content.decode()
    assert "data-later" in panel
    assert f"/telephony/legs/{leg.pk}/wrap-up/" in panel


def test_another_team_does_not_see_the_call(desk: Desk, mei: User) -> None:
    omar = desk.new_agent("Omar", desk.new_queue("other"), team=create_team("other", "Other"))
    call = desk.call(provider="simulated")
    desk.accept(call)
    assert signed_in(omar).get(f"/console/calls/{call.pk}/").status_code == 404
