"""The bar says where the agent stands, and offers the keys of that state."""

import pytest
from django.test import Client

from crmcore.actions import people, presence
from crmcore.models import Account, Contact, User
from servicedesk.console.bar import caller_of
from servicedesk.console.desk import desk_of
from telephony.actions.calls import hold_call
from telephony.actions.wrap_up import extend_wrap_up
from tests.servicedesk.console.conftest import DANA
from tests.telephony.desk import Desk
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def bar(browser: Client) -> str:
    return browser.get("/console/bar/").content.decode()


def test_before_the_first_shift_there_is_one_thing_to_do(desk: Desk) -> None:
    newcomer = User.objects.create(username="new", name="New", kind=User.Kind.STAFF)
    assert desk_of(newcomer).look == "offline"


def test_a_started_shift_is_ready(mei: User) -> None:
    assert desk_of(mei).look == "ready"


def test_away_names_its_reason(desk: Desk, mei: User) -> None:
    desk.do(presence.choose, mei, "aux", aux_code="break", by=mei)
    state = desk_of(mei)
    assert (state.look, state.away_reason.code) == ("away", "break")


def test_a_ringing_call_shows_who_and_which_ticket(desk: Desk, browser: Client, mei: User, dana: Contact) -> None:
    desk.call(DANA, provider="simulated")

    shown = bar(browser)

    assert 'data-look="ringing"' in shown
    assert "Dana Whitlock" in shown
    assert "Port Ellery Logistics" in shown
    assert 'data-announce="Incoming call, Dana Whitlock, first. F2 to answer"' in shown


def test_answer_and_decline_have_their_keys(desk: Desk, browser: Client, mei: User) -> None:
    desk.call(provider="simulated")
    shown = bar(browser)
    assert 'data-key="F2"' in shown
    assert 'data-key="Shift+F2"' in shown


def test_an_accepted_call_is_talking_and_a_held_one_on_hold(desk: Desk, mei: User, dana: Contact) -> None:
    call = desk.call(DANA, provider="simulated")
    desk.accept(call)
    assert desk_of(mei).look == "talking"
    desk.do(hold_call, call.pk, by=mei)
    assert desk_of(mei).look == "hold"


def test_wrap_up_shows_the_limit_and_what_was_added(desk: Desk, mei: User, dana: Contact) -> None:
    call = desk.call(DANA, provider="simulated")
    desk.accept(call)
    desk.hangs_up(call)
    state = desk_of(mei)
    assert state.look == "wrap"
    assert state.leg is not None
    desk.do(extend_wrap_up, state.leg.pk, by=mei)
    limit = desk_of(mei).wrap_up_limit
    assert limit is not None
    assert limit.total_seconds() == 90


def test_a_call_that_rang_out_takes_the_agent_out_of_the_queue(desk: Desk, mei: User) -> None:
    desk.call(provider="simulated")
    desk.wait(25)
    assert desk_of(mei).look == "missed"


def test_an_unknown_number_is_shown_as_people_write_it(desk: Desk, mei: User) -> None:
    caller = caller_of(desk.call("+12025550163", provider="simulated"), mei)
    assert (caller.name, caller.chip, caller.place) == ("+1 202-555-0163", "unknown", "United States")


def test_a_hidden_number_is_never_a_person(desk: Desk, mei: User) -> None:
    caller = caller_of(desk.call("anonymous", provider="simulated"), mei)
    assert (caller.chip, caller.is_known) == ("withheld", False)


def test_a_customer_out_of_reach_stays_a_number(desk: Desk, mei: User, dana: Contact) -> None:
    call = desk.call(DANA, provider="simulated")
    stranger = User.objects.create(username="nobody", name="Nobody", kind=User.Kind.STAFF)
    call.contact = call.account = None
    assert caller_of(call, stranger).name == "+1 202-555-0147"


def test_depth_counts_only_the_queues_one_serves(desk: Desk, browser: Client, mei: User) -> None:
    desk.do(presence.choose, mei, "aux", by=mei)
    desk.call(provider="simulated")
    desk.call(provider="simulated", queue=desk.new_queue("other"))
    assert "<dd>1</dd>" in browser.get("/console/depth/").content.decode()


def test_customers_do_not_enter_the_console(desk: Desk, dana: Contact, ellery: Account) -> None:
    customer = User.objects.create(username="dana", name="Dana", kind=User.Kind.PORTAL, contact=dana)
    client = Client()
    client.force_login(customer)
    assert client.get("/console/").status_code == 403
    assert not Ticket.objects.visible_to(customer).exists()


def test_strangers_are_asked_to_sign_in(desk: Desk) -> None:
    answer = Client().get("/console/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/login/")


def test_who_serves_no_queue_starts_no_shift(desk: Desk) -> None:
    helper = people.create_user("sun", name="Sun", password=None, roles=["supervisor"], teams=[desk.team], by=None)
    client = Client()
    client.force_login(helper)
    assert "data-start-shift" not in bar(client)
