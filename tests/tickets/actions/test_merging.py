"""Merging: clocks never later, one story from two tickets, and an undo that leaves no trace in any row."""

import random
from collections.abc import Callable
from datetime import timedelta
from time import perf_counter
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crmcore import clock
from crmcore.actions import people
from crmcore.models import Contact, User
from servicedesk.portal.requests import conversation
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tickets.actions.alerts import process_due
from tickets.actions.changing import MergedAway
from tickets.actions.interactions import log_interaction
from tickets.actions.lifecycle import assign_ticket, set_priority, set_status
from tickets.actions.merging import merge_tickets, undo_merge
from tickets.actions.moves import WrongMove
from tickets.actions.replies import add_note, customer_reply, reply
from tickets.models import Interaction, SlaClock, Ticket, TicketMerge
from tickets.queries.merged import merged, parts_of, survivor_of
from tickets.queries.timeline import LONGEST, timeline
from tickets.queries.wording import status_called, type_called

MON = "2026-01-05T"
TRACES = {"auditentry", "liveevent", "ticketmerge"}


def every_row() -> dict[str, list[dict[str, Any]]]:
    """All that the desk knows, but for what says that somebody merged."""
    models = [m for label in ("tickets", "crmcore", "telephony") for m in apps.get_app_config(label).get_models()]
    kept = [model for model in models if model._meta.model_name not in TRACES]
    return {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in kept}


def the_clock(ticket: Ticket, metric: str) -> SlaClock:
    return SlaClock.objects.filter(ticket=ticket, metric=metric).latest("instance")


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_related("status").get(pk=ticket.pk)


def test_the_clocks_of_the_source_are_cancelled_as_merged(open_at: OpenTicket, cast: Cast) -> None:
    source, target = open_at(MON + "09:00"), open_at(MON + "09:30")
    merge_tickets(source, target, by=cast.mei)
    assert set(source.clocks.values_list("state", flat=True)) == {"cancelled"}
    assert {e.detail["reason"] for c in source.clocks.all() for e in c.events.filter(kind="cancelled")} == {"merged"}
    assert fresh(source).status.category == "void"
    assert fresh(source).sla_due_at is None


def test_vector_14_an_older_contact_moves_the_due_earlier_only(open_at: OpenTicket, cast: Cast) -> None:
    older, newer = open_at(MON + "09:00"), open_at(MON + "10:00")
    merge_tickets(older, newer, by=cast.mei)
    assert the_clock(newer, "first_reply").due_at == at(MON + "13:00")


def test_a_newer_contact_never_moves_the_due_later(open_at: OpenTicket, cast: Cast) -> None:
    older, newer = open_at(MON + "09:00"), open_at(MON + "10:00")
    merge_tickets(newer, older, by=cast.mei)
    assert the_clock(older, "first_reply").due_at == at(MON + "13:00")


def test_next_reply_starts_at_the_oldest_question_without_an_answer(open_at: OpenTicket, cast: Cast) -> None:
    source, target = open_at(MON + "09:00"), open_at(MON + "09:00")
    with clock.at(at(MON + "10:00")):
        reply(target, by=cast.mei, body="Done.")
    merge_tickets(source, target, by=cast.mei)
    owed = the_clock(target, "next_reply")
    assert (owed.state, owed.started_at) == ("breached", at(MON + "09:00"))
    assert fresh(target).waiting_on == "us"


def test_merging_is_no_reply(open_at: OpenTicket, cast: Cast) -> None:
    source, target = open_at(MON + "09:00"), open_at(MON + "09:30")
    merge_tickets(source, target, by=cast.mei)
    assert fresh(target).first_reply_at is None
    assert the_clock(target, "first_reply").is_live


def test_both_stories_are_read_as_one_without_a_copy(open_at: OpenTicket, cast: Cast) -> None:
    source, target = open_at(MON + "09:00", body="Mine leaks"), open_at(MON + "09:30", body="It shows E3")
    with clock.at(at(MON + "10:00")):
        add_note(source, by=cast.mei, body="Hose")
    before = Interaction.objects.exclude(channel="system").count()
    merge_tickets(source, target, by=cast.mei)
    assert Interaction.objects.exclude(channel="system").count() == before
    told = [(e.text, e.part) for e in timeline(target, cast.mei).entries if e.text]
    assert told == [("Mine leaks", source.number), ("It shows E3", ""), ("Hose", source.number)]


def test_how_the_source_ended_is_told_on_its_own_page_alone(open_at: OpenTicket, cast: Cast) -> None:
    source, target = open_at(MON + "09:00", body=""), open_at(MON + "09:30", body="")
    merge_tickets(source, target, by=cast.mei)
    assert [e.did for e in timeline(target, cast.mei).entries if e.author == "Mei"] == [
        f"merged {source.number} into this"
    ]
    assert timeline(fresh(source), cast.mei).entries[-1].did == f"merged this into {target.number}"


def test_who_replies_is_told_which_customers_read_it(client: Client, open_at: OpenTicket, cast: Cast) -> None:
    _li, source = another_customer(open_at)
    target = open_at(MON + "09:30")
    merge_tickets(source, target, by=cast.mei)
    client.force_login(cast.mei)
    assert "<b>李雷</b>" in client.get(target.get_absolute_url()).content.decode()
    alone = client.get(source.get_absolute_url() + "?alone=1").content.decode()
    assert "data-composer" not in alone


def test_a_merged_timeline_pages_by_key(open_at: OpenTicket, cast: Cast) -> None:
    source, target = open_at(MON + "09:00", body=""), open_at(MON + "09:00", body="")
    for ticket in (source, target):
        fill(ticket, 150)
    merge_tickets(source, target, by=cast.mei)
    latest = timeline(target, cast.mei)
    earlier = timeline(target, cast.mei, before=latest.earlier)
    pages = [entry.pk for page in (earlier, latest) for entry in page.entries]
    assert len(latest.entries) == LONGEST
    shown = Interaction.objects.filter(ticket__in=(source, target)).count() - 2
    assert len(pages) == len(set(pages)) == shown
    assert not earlier.earlier


def test_a_third_ticket_is_read_where_the_chain_ends(open_at: OpenTicket, cast: Cast) -> None:
    first, second, third = (open_at(MON + f"09:0{n}", body=f"No {n}") for n in range(3))
    merge_tickets(first, second, by=cast.mei)
    merge_tickets(second, third, by=cast.mei)
    assert parts_of(third) == [third.pk, second.pk, first.pk]
    assert survivor_of(fresh(first)) == third
    assert [e.text for e in timeline(third, cast.mei).entries if e.text] == ["No 0", "No 1", "No 2"]


def test_the_old_number_leads_to_the_new_ticket(client: Client, open_at: OpenTicket, cast: Cast) -> None:
    source, target = open_at(MON + "09:00"), open_at(MON + "09:30")
    merge_tickets(source, target, by=cast.mei)
    client.force_login(cast.mei)
    answer = client.get(source.get_absolute_url())
    assert answer.headers["Location"] == target.get_absolute_url()
    assert target.number in client.get(source.get_absolute_url() + "?alone=1").content.decode()
    assert source.number in client.get(target.get_absolute_url()).content.decode()


def test_a_merged_ticket_cannot_be_changed(open_at: OpenTicket, cast: Cast) -> None:
    source, target = open_at(MON + "09:00"), open_at(MON + "09:30")
    merge_tickets(source, target, by=cast.mei)
    with pytest.raises(MergedAway):
        set_priority(source, "high", by=cast.mei)
    with pytest.raises(MergedAway):
        reply(source, by=cast.mei, body="Hello", seen_seq=99)


def test_what_comes_in_late_for_the_source_counts_on_the_target(open_at: OpenTicket, cast: Cast) -> None:
    source, target = open_at(MON + "09:00"), open_at(MON + "09:30")
    merge_tickets(source, target, by=cast.mei)
    assert cast.zhao.contact
    entry = customer_reply(source, by_contact=cast.zhao.contact, body="Any news?")
    assert entry.ticket == target


@pytest.mark.parametrize(
    "spoil",
    [
        lambda source, target, cast: merge_tickets(source, source, by=cast.mei),
        lambda source, target, cast: set_status(target, status_called("solved"), by=cast.mei),
        lambda source, target, cast: set_status(source, status_called("closed"), by=cast.mei),
    ],
)
def test_only_an_open_ticket_takes_in_another_that_is_not_closed(
    open_at: OpenTicket, cast: Cast, spoil: Callable[[Ticket, Ticket, Cast], object]
) -> None:
    source, target = open_at(MON + "09:00"), open_at(MON + "09:30")
    with pytest.raises(WrongMove):
        spoil(source, target, cast)
        merge_tickets(source, target, by=cast.mei)


def test_who_may_not_change_both_merges_nothing(client: Client, open_at: OpenTicket, cast: Cast) -> None:
    mine, theirs = open_at(MON + "09:00"), open_at(MON + "09:00", queue=cast.billing_queue)
    client.force_login(cast.mei)
    answer = client.post(reverse("tickets:merge", args=[mine.number]), {"other": theirs.number, "stays": mine.number})
    assert answer.status_code == 404
    assert not TicketMerge.objects.exists()


def test_undo_leaves_every_row_as_it_was(open_at: OpenTicket, cast: Cast) -> None:
    source, target = open_at(MON + "09:00"), open_at(MON + "10:00")
    with clock.at(at(MON + "10:30")):
        before = every_row()
        undo_merge(merge_tickets(source, target, by=cast.mei), by=cast.mei)
        assert every_row() == before


def test_undo_puts_a_ticket_back_into_its_stage(open_at: OpenTicket, cast: Cast) -> None:
    source, target = open_at(MON + "09:00", type=type_called("property_complaint")), open_at(MON + "10:00")
    assert fresh(source).stage
    with clock.at(at(MON + "10:30")):
        before = every_row()
        merge = merge_tickets(source, target, by=cast.ada)
        assert not source.visits.filter(left_at=None).exists()
        undo_merge(merge, by=cast.ada)
        assert every_row() == before


@pytest.mark.parametrize("seed", range(12))
def test_merge_then_undo_is_identity_after_any_story(open_at: OpenTicket, cast: Cast, seed: int) -> None:
    tickets = live_through(open_at, cast, random.Random(seed))
    with clock.at(at(MON + "16:00")):
        process_due()
        before = every_row()
        merges = [
            merge_tickets(tickets[2], tickets[0], by=cast.mei),
            merge_tickets(tickets[1], tickets[0], by=cast.mei),
        ]
        for merge in reversed(merges):
            undo_merge(merge, by=cast.mei)
        assert every_row() == before


def test_parting_keeps_what_came_since_and_waits_for_the_source_no_longer(open_at: OpenTicket, cast: Cast) -> None:
    source, target = open_at(MON + "09:00"), open_at(MON + "10:00")
    with clock.at(at(MON + "10:30")):
        merge = merge_tickets(source, target, by=cast.mei)
    with clock.at(at(MON + "10:40")):
        note = add_note(target, by=cast.mei, body="Wrong one")
        undo_merge(merge, by=cast.mei)
    assert the_clock(target, "first_reply").started_at == at(MON + "10:00")
    assert the_clock(source, "first_reply").state == "running"
    assert note in target.interactions.all()
    assert fresh(source).status.category == "new"


def test_after_half_an_hour_only_a_merge_upon_which_nothing_stands_is_undone(open_at: OpenTicket, cast: Cast) -> None:
    pairs = [(open_at(MON + "09:00"), open_at(MON + "09:30")) for _ in range(2)]
    with clock.at(at(MON + "10:00")):
        quiet, busy = (merge_tickets(*pair, by=cast.mei) for pair in pairs)
    with clock.at(at(MON + "10:31")):
        add_note(busy.target, by=cast.mei, body="Gone on")
        assert merged(fresh(quiet.target), cast.mei, clock.now()).may_undo
        undo_merge(quiet, by=cast.mei)
        with pytest.raises(WrongMove):
            undo_merge(busy, by=cast.mei)


def test_the_later_of_two_merges_goes_first(open_at: OpenTicket, cast: Cast) -> None:
    first, second, target = (open_at(MON + f"09:0{n}") for n in range(3))
    earlier, later = merge_tickets(first, target, by=cast.mei), merge_tickets(second, target, by=cast.mei)
    with pytest.raises(WrongMove):
        undo_merge(earlier, by=cast.mei)
    undo_merge(later, by=cast.mei)
    undo_merge(earlier, by=cast.mei)
    assert fresh(first).is_active


def test_the_number_of_statements_does_not_grow_with_the_messages(open_at: OpenTicket, cast: Cast) -> None:
    counts, times = [], []
    for messages in (5, 5, 500):
        source, target = open_at(MON + "09:00"), open_at(MON + "09:30")
        for ticket in (source, target):
            fill(ticket, messages)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            began = perf_counter()
            merge = merge_tickets(source, target, by=cast.mei)
            times.append(perf_counter() - began)
            timeline(target, cast.mei)
            undo_merge(merge, by=cast.mei)
        counts.append(len(asked))
    assert counts[1] == counts[2]
    assert times[2] < 1


def test_two_customers_read_their_own_words_and_what_we_reply(open_at: OpenTicket, cast: Cast) -> None:
    li, source = another_customer(open_at)
    target = open_at(MON + "09:30", body="Zhao's own matter")
    merge_tickets(source, target, by=cast.mei)
    assert li.contact
    late = log_interaction(
        ticket=source,
        account=None,
        contact=li.contact,
        channel="portal",
        direction="in",
        body="Li writes late",
        is_public=True,
        by=li,
    )
    reply(target, by=cast.mei, body="Fixed for both")
    assert late.ticket == target
    assert [m.body for m in conversation(target, cast.zhao)] == ["Zhao's own matter", "Fixed for both"]
    assert [m.body for m in conversation(source, li)] == ["Li's secret", "Li writes late", "Fixed for both"]


def test_the_portal_of_another_customer_keeps_its_number_and_takes_on_the_standing(
    client: Client, open_at: OpenTicket, cast: Cast
) -> None:
    li, source = another_customer(open_at)
    target = open_at(MON + "09:30")
    assign_ticket(target, to=cast.mei, by=cast.mei)
    merge_tickets(source, target, by=cast.mei)
    client.force_login(li)
    page = client.get(reverse("portal:request", args=[source.number])).content.decode()
    assert "Mei" in page
    assert target.number not in page
    assert client.get(reverse("portal:request", args=[target.number])).status_code == 404
    answer = client.post(reverse("portal:solved", args=[source.number]))
    assert answer.headers["Location"] == reverse("portal:request", args=[source.number])


def test_the_same_customer_is_led_to_the_ticket_that_stays(client: Client, open_at: OpenTicket, cast: Cast) -> None:
    source, target = open_at(MON + "09:00", body="Leaks"), open_at(MON + "09:30", body="Shows E3")
    merge_tickets(source, target, by=cast.mei)
    client.force_login(cast.zhao)
    answer = client.get(reverse("portal:request", args=[source.number]))
    assert answer.headers["Location"] == reverse("portal:request", args=[target.number])
    assert [m.body for m in conversation(target, cast.zhao)] == ["Leaks", "Shows E3"]


def test_words_typed_while_the_ticket_was_merged_wait_on_the_other(
    client: Client, open_at: OpenTicket, cast: Cast
) -> None:
    source, target = open_at(MON + "09:00"), open_at(MON + "09:30")
    merge_tickets(source, target, by=cast.sun)
    client.force_login(cast.mei)
    answer = client.post(
        reverse("tickets:compose", args=[source.number]), {"mode": "reply", "body": "Dear Zhao", "seen_seq": "1"}
    )
    assert answer.headers["Location"] == target.get_absolute_url()
    assert "Dear Zhao" in client.get(target.get_absolute_url()).content.decode()


def another_customer(open_at: OpenTicket) -> tuple[User, Ticket]:
    contact = Contact.objects.create(name="李雷", created_at=clock.now())
    li = people.create_user("li", name="李雷", password="pw", roles=["customer"], contact=contact, by=None)
    return li, open_at(MON + "09:00", by=li, contact=contact, account=None, body="Li's secret")


def fill(ticket: Ticket, messages: int) -> None:
    """Give a ticket a long story in one statement."""
    moment = at(MON + "10:00")
    Interaction.objects.bulk_create(
        Interaction(
            ticket=ticket,
            seq=ticket.seq + n,
            contact=ticket.contact,
            channel="portal",
            direction="in",
            body=f"Message {n}",
            is_public=True,
            occurred_at=moment + timedelta(seconds=n),
            recorded_at=moment + timedelta(seconds=n),
        )
        for n in range(1, messages + 1)
    )
    Ticket.objects.filter(pk=ticket.pk).update(seq=ticket.seq + messages)


def live_through(open_at: OpenTicket, cast: Cast, chance: random.Random) -> list[Ticket]:
    """Three tickets after a morning of questions, replies, pauses and changes in some order."""
    tickets = [open_at(MON + f"09:0{n}") for n in range(3)]
    contact = cast.zhao.contact
    assert contact
    deeds: list[Callable[[Ticket], object]] = [
        lambda t: reply(t, by=cast.mei, body="Reply"),
        lambda t: customer_reply(t, by_contact=contact, body="Question"),
        lambda t: add_note(t, by=cast.sun, body="Note"),
        lambda t: set_status(t, status_called("waiting"), by=cast.mei),
        lambda t: set_status(t, status_called("on_hold"), by=cast.mei),
        lambda t: set_priority(t, chance.choice(("low", "urgent")), by=cast.mei),
    ]
    for minute in range(chance.randrange(0, 30)):
        with clock.at(at(MON + "09:30") + timedelta(minutes=10 * minute)):
            process_due()
            chance.choice(deeds)(chance.choice(tickets))
    return tickets
