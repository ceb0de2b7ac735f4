"""The screen-pop rules, one by one."""

from datetime import timedelta
from typing import Any

import pytest

from crmcore.actions.contact_points import NewPoint
from crmcore.actions.customers import create_account, create_contact
from crmcore.models import Account, AuditEntry, Contact, ContactPoint
from telephony.actions.linking import link_call, register_caller, set_call_ticket
from telephony.models import Call, PhoneLine
from telephony.screen_pop import Decision, Kind, Rule
from tests.telephony.desk import Desk
from tickets.actions.lifecycle import open_ticket, resolve_ticket
from tickets.models import Ticket, TicketType

NUMBER = "+8613800138000"


def decision(call: Call) -> Decision:
    found = Decision.of(call.pop)
    assert found is not None
    return found


@pytest.fixture
def book(desk: Desk) -> "Book":
    return Book(desk)


class Book:
    """The address book of these tests."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def account(self, name: str, number: str = "", **fields: Any) -> Account:
        return self.desk.do(create_account, by=None, name=name, points=self._points(number), **fields)

    def contact(self, name: str, number: str = NUMBER, account: Account | None = None) -> Contact:
        return self.desk.do(create_contact, by=None, name=name, account=account, points=self._points(number))

    def ticket(self, contact: Contact | None = None, account: Account | None = None, subject: str = "x") -> Ticket:
        kind = TicketType.objects.get(code="consultation")
        return self.desk.do(
            open_ticket,
            by=None,
            subject=subject,
            type=kind,
            queue=self.desk.queue,
            account=account,
            contact=contact,
            channel="portal",
        )

    def _points(self, number: str) -> list[NewPoint]:
        return [NewPoint(ContactPoint.Kind.PHONE, number)] if number else []


@pytest.mark.parametrize(
    "written",
    ["13800138000", "138 0013 8000", "+86 138-0013-8000", "008613800138000", "１３８００１３８０００", "138/0013/8000"],
)
def test_rule_0_any_written_form_finds_the_number(desk: Desk, book: Book, written: str) -> None:
    contact = book.contact("Li Na")
    call = desk.call(written)
    assert (call.from_raw, call.from_e164, decision(call).contact_id) == (written, NUMBER, contact.pk)


def test_rule_0_number_is_read_in_the_country_of_the_dialled_line(desk: Desk, book: Book) -> None:
    PhoneLine.objects.create(name="Seattle", number="+12065550100", queue=desk.queue, region="US")
    contact = book.contact("Dana", "+12065550147")
    assert decision(desk.call("(206) 555-0147", to="+1 206 555 0100")).contact_id == contact.pk


def test_rule_0_suffix_alone_is_no_match(desk: Desk, book: Book) -> None:
    book.contact("Li Na", "+8613800138000")
    assert decision(desk.call("+113800138000")).kind != Kind.CUSTOMER


@pytest.mark.parametrize(
    "written",
    ["", "anonymous", "Restricted", "+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253", "未显示号码"],
)
def test_rule_1_withheld_is_never_matched(desk: Desk, book: Book, written: str) -> None:
    ContactPoint.objects.create(
        contact=book.contact("Trap", "+8613900000000"), kind="phone", raw=written, value=written or "x"
    )
    call = desk.call(written)
    assert (decision(call).kind, decision(call).rule, call.from_e164) == (Kind.WITHHELD, Rule.WITHHELD, "")


def test_rule_2_signed_in_customer_is_verified_whatever_the_number(desk: Desk, book: Book) -> None:
    account = book.account("Port Ellery")
    dana = book.contact("Dana", "+12065550147", account)
    book.contact("Somebody else", NUMBER)
    call = desk.call(NUMBER, contact_id=dana.pk)
    found = decision(call)
    assert (found.kind, found.rule, found.verified) == (Kind.CUSTOMER, Rule.SIGNED_IN, True)
    assert (call.contact, call.account) == (dana, account)


def test_rule_3_ticket_code_beats_the_number(desk: Desk, book: Book) -> None:
    ticket = book.ticket(contact=book.contact("Dana", "+12065550147"))
    book.contact("Somebody else", NUMBER)
    call = desk.call(NUMBER, ticket_number=ticket.number)
    assert (decision(call).rule, call.ticket, call.contact) == (Rule.CONTEXT, ticket, ticket.contact)


def test_rule_3_customer_code_beats_the_number(desk: Desk, book: Book) -> None:
    account = book.account("Port Ellery")
    assert desk.call(NUMBER, customer_code=account.code).account == account


@pytest.mark.parametrize("written", ["+12065550100", "8001"])
def test_rule_4_our_own_numbers_are_no_customer(desk: Desk, book: Book, written: str) -> None:
    PhoneLine.objects.create(name="Seattle", number="+12065550100", queue=desk.queue)
    assert decision(desk.call(written)).kind == Kind.INTERNAL


def test_rule_5_one_contact_is_shown_with_the_account(desk: Desk, book: Book) -> None:
    account = book.account("Port Ellery")
    dana = book.contact("Dana", NUMBER, account)
    call = desk.call()
    assert (decision(call).rule, call.contact, call.account, call.ticket) == (Rule.ONE_CONTACT, dana, account, None)


def test_rule_5_one_fresh_open_ticket_opens(desk: Desk, book: Book) -> None:
    ticket = book.ticket(contact=book.contact("Li Na"))
    assert desk.call().ticket == ticket


def test_rule_5_one_old_open_ticket_is_offered_only(desk: Desk, book: Book) -> None:
    ticket = book.ticket(contact=book.contact("Li Na"))
    desk.moment += timedelta(days=31)
    call = desk.call()
    assert (call.ticket, decision(call).ticket_ids) == (None, [ticket.pk])


def test_rule_5_several_open_tickets_are_a_list_latest_first(desk: Desk, book: Book) -> None:
    contact = book.contact("Li Na")
    first = book.ticket(contact=contact)
    desk.moment += timedelta(hours=1)
    second = book.ticket(contact=contact)
    call = desk.call()
    assert (call.ticket, decision(call).ticket_ids) == (None, [second.pk, first.pk])


def test_rule_5_solved_tickets_do_not_count(desk: Desk, book: Book) -> None:
    ticket = book.ticket(contact=book.contact("Li Na"))
    desk.do(resolve_ticket, ticket, by=None)
    assert decision(desk.call()).ticket_ids == []


def test_rule_6_several_people_of_one_household_show_the_household(desk: Desk, book: Book) -> None:
    home = book.account("Wang family", kind=Account.Kind.HOUSEHOLD)
    people = [book.contact(name, NUMBER, home) for name in ("Wang Wei", "Li Na")]
    call = desk.call()
    found = decision(call)
    assert (found.kind, found.rule, call.account, call.contact) == (Kind.ACCOUNT, Rule.ONE_ACCOUNT, home, None)
    assert {candidate.contact_id for candidate in found.candidates} == {person.pk for person in people}


def test_rule_7_several_accounts_open_nothing_and_are_ranked(desk: Desk, book: Book) -> None:
    quiet, busy = book.account("Quiet", grade="A"), book.account("Busy", grade="C")
    book.contact("Agent of two", NUMBER, quiet)
    second = book.contact("His namesake", NUMBER, busy)
    book.ticket(contact=second, account=busy)
    call = desk.call()
    found = decision(call)
    assert (found.kind, call.account, call.contact, call.ticket) == (Kind.SEVERAL, None, None, None)
    assert [candidate.account_id for candidate in found.candidates] == [busy.pk, quiet.pk]


def test_rule_7_at_most_five_candidates(desk: Desk, book: Book) -> None:
    for number in range(7):
        book.contact(f"C{number}", NUMBER, book.account(f"A{number}"))
    found = decision(desk.call())
    assert (len(found.candidates), found.more) == (5, True)


def test_rule_7_grade_decides_among_equals(desk: Desk, book: Book) -> None:
    plain, best = book.account("Plain", grade="C"), book.account("Best", grade="A")
    for account in (plain, best):
        book.contact(f"of {account}", NUMBER, account)
    assert decision(desk.call()).candidates[0].account_id == best.pk


def test_rule_8_switchboard_shows_the_account_only(desk: Desk, book: Book) -> None:
    account = book.account("Port Ellery")
    dana = book.contact("Dana", NUMBER, account)
    ContactPoint.objects.filter(contact=dana).update(is_shared=True)
    call = desk.call()
    assert (decision(call).rule, call.account, call.contact) == (Rule.SHARED, account, None)


def test_rule_8_number_of_the_account_itself_shows_the_account(desk: Desk, book: Book) -> None:
    account = book.account("Port Ellery", NUMBER)
    assert desk.call().account == account


def test_rule_9_number_in_a_ticket_is_a_maybe(desk: Desk, book: Book) -> None:
    contact = book.contact("Li Na", "+8613900000000")
    book.ticket(contact=contact, subject="please call back on 138-0013-8000")
    call = desk.call()
    found = decision(call)
    assert (found.kind, call.contact) == (Kind.MAYBE, None)
    assert [candidate.contact_id for candidate in found.candidates] == [contact.pk]


def test_rule_9_earlier_choice_is_a_maybe_until_it_is_remembered(desk: Desk, book: Book) -> None:
    mei = desk.new_agent("mei")
    contact = book.contact("Li Na", "+8613900000000")
    call = desk.talk(desk.call())
    desk.do(link_call, call.pk, by=mei, contact=contact)
    desk.hangs_up(call)
    again = desk.call()
    assert decision(again).kind == Kind.MAYBE
    desk.do(link_call, call.pk, by=mei, contact=contact, remember=True)
    third = desk.call()
    assert (decision(third).rule, third.contact) == (Rule.ONE_CONTACT, contact)


def test_rule_10_inactive_are_left_out_and_merged_lead_to_the_survivor(desk: Desk, book: Book) -> None:
    gone, merged, survivor = book.contact("Gone"), book.contact("Merged"), book.contact("Survivor", "+8613900000000")
    Contact.objects.filter(pk=gone.pk).update(is_active=False)
    Contact.objects.filter(pk=merged.pk).update(merged_into=survivor, is_active=False)
    assert desk.call().contact == survivor


def test_rule_11_nobody_known_describes_the_number(desk: Desk, book: Book) -> None:
    found = decision(desk.call())
    assert (found.kind, found.region, found.line_type) == (Kind.UNKNOWN, "CN", "mobile")


def test_rule_11_registering_the_caller_changes_the_call_at_once(desk: Desk, book: Book) -> None:
    mei = desk.new_agent("mei")
    call = desk.talk(desk.call())
    contact = desk.do(register_caller, call.pk, by=mei, name="New caller")
    again = desk.do(register_caller, call.pk, by=mei, name="New caller")
    assert contact == again == desk.again(call).contact
    desk.hangs_up(call)
    assert desk.call().contact == contact


def test_customer_entered_while_the_call_waits_is_shown_when_it_rings(desk: Desk, book: Book) -> None:
    call = desk.call(queue=desk.queue)
    desk.wait(31)
    contact = book.contact("Just entered")
    desk.new_agent("mei")
    desk.wait(1)
    assert desk.again(call).contact == contact


def test_rule_13_wrong_person_moves_the_call_and_is_audited(desk: Desk, book: Book) -> None:
    mei = desk.new_agent("mei")
    right, wrong = book.contact("Right", "+8613900000000"), book.contact("Wrong")
    call = desk.talk(desk.call())
    assert call.contact == wrong
    desk.do(link_call, call.pk, by=mei, contact=right)
    assert desk.again(call).contact == right
    entry = AuditEntry.objects.get(verb="call.linked")
    assert (entry.actor, entry.detail["from"]["contact"], entry.detail["to"]["contact"]) == (mei, wrong.pk, right.pk)


def test_call_is_put_on_another_ticket(desk: Desk, book: Book) -> None:
    mei = desk.new_agent("mei")
    contact = book.contact("Li Na")
    book.ticket(contact=contact)
    second = book.ticket(contact=contact)
    call = desk.talk(desk.call())
    desk.do(set_call_ticket, call.pk, second, by=mei)
    assert desk.again(call).ticket == second
