"""Confirming, contesting and withdrawing on the portal: each forbidden move is explained in a sentence."""

import pytest
from django.test import Client

from servicedesk.portal import once
from tests.cast import Cast
from tests.servicedesk.portal.conftest import request_of
from tickets.actions.lifecycle import open_ticket, resolve_ticket
from tickets.actions.merging import merge_tickets
from tickets.actions.verdicts import withdraw_request
from tickets.models import Interaction, Ticket
from tickets.queries.wording import type_called


def where(ticket: Ticket) -> str:
    return f"/portal/requests/{ticket.number}/"


def test_a_solved_request_asks_whether_it_works(zhao: Client, cast: Cast, ticket: Ticket) -> None:
    resolve_ticket(ticket, by=cast.mei)
    page = zhao.get(where(ticket)).content.decode()
    assert "Does it work?" in page
    assert f"{where(ticket)}contest/" in page


def test_a_confirmed_request_is_over_and_says_so(zhao: Client, cast: Cast, ticket: Ticket) -> None:
    resolve_ticket(ticket, by=cast.mei)
    page = zhao.post(f"{where(ticket)}solved/", {"was": "solved"}, follow=True).content.decode()
    assert "You confirmed that it is solved" in page
    assert "Does it work?" not in page


def test_a_contest_without_words_is_explained(zhao: Client, cast: Cast, ticket: Ticket) -> None:
    resolve_ticket(ticket, by=cast.mei)
    page = zhao.post(f"{where(ticket)}contest/", {"reason": "  ", "once": once.fresh()})
    assert page.status_code == 422
    assert "what is still wrong" in page.content.decode()
    assert not Ticket.objects.get().is_active


def test_the_second_tab_learns_that_the_request_moved_on(zhao: Client, cast: Cast, ticket: Ticket) -> None:
    resolve_ticket(ticket, by=cast.mei)
    zhao.post(f"{where(ticket)}contest/", {"reason": "No", "once": once.fresh()})
    page = zhao.post(f"{where(ticket)}solved/", {"was": "solved"}, follow=True).content.decode()
    assert "moved on since you opened the page" in page
    assert Ticket.objects.get().is_active


def test_a_contest_sent_twice_is_written_once(zhao: Client, cast: Cast, ticket: Ticket) -> None:
    resolve_ticket(ticket, by=cast.mei)
    form = {"reason": "It drips again", "once": once.fresh()}
    for _ in range(2):
        zhao.post(f"{where(ticket)}contest/", form)
    assert Interaction.objects.filter(body="It drips again").count() == 1


def test_a_withdrawn_request_reads_as_withdrawn(zhao: Client, ticket: Ticket) -> None:
    page = zhao.post(f"{where(ticket)}withdraw/", {"reason": "Found it"}, follow=True).content.decode()
    assert "You withdrew this request" in page
    assert "It works, thank you" not in page


def test_a_solved_request_is_not_withdrawn(zhao: Client, cast: Cast, ticket: Ticket) -> None:
    resolve_ticket(ticket, by=cast.mei)
    page = zhao.post(f"{where(ticket)}withdraw/", {}, follow=True).content.decode()
    assert "solved already" in page


def test_words_on_a_withdrawn_request_begin_a_new_one(zhao: Client, cast: Cast, ticket: Ticket) -> None:
    withdraw_request(ticket, by=cast.zhao)
    zhao.post(f"{where(ticket)}reply/", {"body": "It is back", "once": once.fresh()})
    assert Ticket.objects.get(follow_up_of=ticket).is_active


def test_a_merged_request_names_nobody_elses_number(zhao: Client, cast: Cast, ticket: Ticket) -> None:
    other = request_of(cast, cast.zhao, "Another lamp")
    Ticket.objects.filter(pk=other.pk).update(contact=None, account=None)
    merge_tickets(ticket, other, by=cast.sun)
    for act in ("solved", "withdraw"):
        page = zhao.post(f"{where(ticket)}{act}/", {"was": "active"}, follow=True).content.decode()
        assert "together with another request" in page
        assert other.number not in page


@pytest.mark.parametrize(("language", "words"), [("en", "We look at it on site"), ("zh-hans", "现场查看")])
def test_stages_are_told_in_the_customers_words(zhao: Client, cast: Cast, language: str, words: str) -> None:
    cast.zhao.language = language
    cast.zhao.save()
    ticket = open_ticket(
        by=cast.zhao,
        subject="Damp wall",
        type=type_called("property_complaint"),
        queue=cast.support_queue,
        account=cast.account,
        contact=cast.zhao.contact,
        channel="portal",
    )
    page = zhao.get(where(ticket)).content.decode()
    assert words in page
    assert "Assignment" not in page and "派单" not in page
