"""Ticket pages: who may read them, both languages, bounded queries, and forms that work without script."""

import pytest
from django.test import Client
from django.urls import reverse

from crmcore.models import Contact
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket
from tickets.actions.replies import add_note, customer_reply, reply
from tickets.models import Draft, Ticket

MON = "2026-01-05T"
PARTS = ("ticket", "header", "thread", "side", "row", "compose")


@pytest.fixture
def mei(client: Client, cast: Cast) -> Client:
    client.force_login(cast.mei)
    return client


def address(part: str, ticket: Ticket) -> str:
    return reverse(f"tickets:{part}", args=[ticket.number])


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("part", PARTS)
def test_every_part_of_a_ticket_renders_in_both_languages(
    mei: Client, cast: Cast, open_at: OpenTicket, part: str, language: str
) -> None:
    cast.mei.language = language
    cast.mei.save()
    ticket = open_at(MON + "09:00")
    reply(ticket, by=cast.mei, body="Which model?")
    customer_reply(ticket, by_contact=cast.zhao.contact, body="CX-200")
    assert mei.get(address(part, ticket)).status_code == 200


@pytest.mark.parametrize("view", ["mine", "unassigned", "queues", "breaching", "open", "solved", "nonsense"])
def test_every_view_renders(mei: Client, open_at: OpenTicket, view: str) -> None:
    open_at(MON + "09:00")
    assert mei.get(reverse("tickets:list"), {"view": view}).status_code == 200


@pytest.mark.parametrize("part", PARTS)
def test_an_agent_of_another_team_finds_no_ticket(client: Client, cast: Cast, open_at: OpenTicket, part: str) -> None:
    ticket = open_at(MON + "09:00")
    client.force_login(cast.omar)
    assert client.get(address(part, ticket)).status_code == 404


def test_a_customer_is_refused(client: Client, cast: Cast, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    client.force_login(cast.zhao)
    assert client.get(address("ticket", ticket)).status_code == 403
    assert client.get(reverse("tickets:list")).status_code == 403


def test_a_stranger_is_asked_to_sign_in(client: Client, open_at: OpenTicket) -> None:
    assert client.get(address("ticket", open_at(MON + "09:00"))).status_code == 302


def test_the_list_does_not_ask_more_for_more_rows(
    mei: Client, open_at: OpenTicket, django_assert_max_num_queries: object
) -> None:
    for minute in range(10, 30):
        open_at(f"{MON}09:{minute}")
    with django_assert_max_num_queries(18):  # type: ignore[operator]
        page = mei.get(reverse("tickets:list"), {"view": "queues"})
    assert page.content.count(b'id="ticket-row-') == 20


def test_the_page_does_not_ask_more_for_a_longer_thread(
    mei: Client, cast: Cast, open_at: OpenTicket, django_assert_max_num_queries: object
) -> None:
    ticket = open_at(MON + "09:00")
    for text in ("one", "two", "three", "four"):
        add_note(ticket, by=cast.mei, body=text)
    with django_assert_max_num_queries(38):  # type: ignore[operator]
        mei.get(address("ticket", ticket))


def test_a_reply_is_sent_by_a_plain_form(mei: Client, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    sent = mei.post(address("compose", ticket), {"mode": "reply", "body": "On it.", "seen_seq": ticket.seq})
    assert sent.status_code == 302
    assert ticket.interactions.filter(is_public=True, direction="out", body="On it.").exists()


def test_a_reply_that_has_not_seen_the_latest_is_kept_and_not_sent(
    mei: Client, cast: Cast, open_at: OpenTicket
) -> None:
    ticket = open_at(MON + "09:00")
    customer_reply(ticket, by_contact=cast.zhao.contact, body="It works again.")
    form = {"mode": "reply", "body": "Please send it in.", "seen_seq": ticket.seq}
    answer = mei.post(address("compose", ticket), form)
    assert answer.status_code == 409
    assert b"Please send it in." in answer.content
    assert not ticket.interactions.filter(direction="out").exists()


def test_own_changes_do_not_make_a_reply_stale(mei: Client, cast: Cast, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    add_note(ticket, by=cast.mei, body="Looks like the pump.")
    mei.post(address("compose", ticket), {"mode": "reply", "body": "On it.", "seen_seq": ticket.seq})
    assert ticket.interactions.filter(direction="out").exists()


def test_a_draft_comes_back_in_the_mode_in_which_it_was_typed(mei: Client, cast: Cast, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    form = {"draft_key": f"ticket:{ticket.pk}", "mode": "note", "body": "Half a thought"}
    mei.post(reverse("tickets:draft"), form)
    page = mei.get(address("ticket", ticket))
    assert (page.context["composer"].mode, page.context["composer"].body) == ("note", "Half a thought")


def test_what_does_not_say_reply_is_never_sent_to_the_customer(mei: Client, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    mei.post(address("compose", ticket), {"body": "Difficult customer"})
    assert not ticket.interactions.get(body="Difficult customer").is_public


def test_nonsense_in_a_form_is_refused_and_never_an_error(mei: Client, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    assert mei.post(reverse("tickets:draft"), {"body": "x"}).status_code == 400
    assert mei.post(address("assign", ticket), {"person": "mei"}).status_code == 404
    assert mei.post(address("status", ticket), {"status": "gone"}).status_code == 404
    assert mei.get(reverse("tickets:list"), {"at": "f~x~y", "queue": "'"}).status_code == 200
    assert mei.get(reverse("tickets:new"), {"contact": "x", "queue": "y"}).status_code == 200


def test_without_script_a_button_finds_the_customer(mei: Client, cast: Cast) -> None:
    Contact.objects.update(search_keys=["赵敏"])
    page = mei.post(reverse("tickets:new"), {"q": "赵敏", "subject": "Squeaks", "find": "1"})
    assert page.context["contacts"] == [cast.zhao.contact]
    assert b"Squeaks" in page.content


def test_sending_forgets_the_draft(mei: Client, cast: Cast, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    mei.post(reverse("tickets:draft"), {"draft_key": f"ticket:{ticket.pk}", "body": "On it"})
    assert Draft.objects.filter(user=cast.mei).exists()
    mei.post(address("compose", ticket), {"mode": "reply", "body": "On it."})
    assert not Draft.objects.exists()


def test_a_reply_can_wait_for_the_customer_in_one_go(mei: Client, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    mei.post(address("compose", ticket), {"mode": "reply", "body": "Which model?", "then": "waiting"})
    ticket.refresh_from_db()
    assert ticket.status.category == "waiting_customer"


def test_status_person_and_priority_change_by_plain_forms(mei: Client, cast: Cast, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    mei.post(address("status", ticket), {"status": "on_hold"})
    mei.post(address("assign", ticket), {"person": cast.mei.pk})
    mei.post(address("priority", ticket), {"priority": "high"})
    ticket.refresh_from_db()
    assert (ticket.status.code, ticket.assignee, ticket.priority) == ("on_hold", cast.mei, "high")


def test_a_change_that_has_not_seen_the_latest_is_not_made(mei: Client, cast: Cast, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    customer_reply(ticket, by_contact=cast.zhao.contact, body="Still broken.")
    form = {"status": "solved", "seen_seq": ticket.seq}
    answer = mei.post(address("status", ticket), form, headers={"HX-Request": "true"})
    assert b"Not changed." in answer.content
    ticket.refresh_from_db()
    assert ticket.status.category == "new"


def test_reopening_leads_to_the_ticket_that_goes_on(mei: Client, cast: Cast, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    mei.post(address("status", ticket), {"status": "closed"})
    answer = mei.post(address("reopen", ticket))
    assert answer["Location"] == ticket.follow_ups.get().get_absolute_url()


def test_no_reply_needed_is_one_click(mei: Client, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    mei.post(address("waive", ticket))
    assert ticket.clocks.get(metric="first_reply").state == "cancelled"


def test_a_new_ticket_is_opened_by_a_form(mei: Client, cast: Cast) -> None:
    form = {
        "subject": "Drum squeaks",
        "type": mei.get(reverse("tickets:new")).context["form"].fields["type"].queryset[0].pk,
        "queue": cast.support_queue.pk,
        "priority": "normal",
        "channel": "call",
        "contact": cast.zhao.contact_id,
        "is_mine": "on",
    }
    answer = mei.post(reverse("tickets:new"), form)
    ticket = Ticket.objects.get(subject="Drum squeaks")
    assert answer["Location"] == ticket.get_absolute_url()
    assert (ticket.assignee, ticket.contact) == (cast.mei, cast.zhao.contact)


def test_the_form_finds_customers_and_shows_what_is_open(mei: Client, cast: Cast, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    chosen = mei.get(reverse("tickets:customers"), {"contact": cast.zhao.contact_id})
    assert ticket.number.encode() in chosen.content
