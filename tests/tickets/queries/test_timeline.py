"""The timeline says who did what, in the reader's language, and only what the reader may see."""

from django.utils import translation

from tests.cast import Cast
from tests.tickets.conftest import OpenTicket
from tickets.actions.lifecycle import assign_ticket, rate_ticket, resolve_ticket, set_priority, set_status
from tickets.actions.replies import add_note, reply
from tickets.models import Interaction
from tickets.queries.timeline import timeline
from tickets.queries.wording import status_called

MON = "2026-01-05T"


def test_every_event_has_a_sentence(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00", body="")
    assign_ticket(ticket, to=cast.mei, by=cast.mei)
    assign_ticket(ticket, to=None, queue=cast.billing_queue, by=cast.mei)
    assign_ticket(ticket, to=cast.omar, by=cast.sun)
    set_priority(ticket, "high", by=cast.sun)
    resolve_ticket(ticket, by=cast.sun)
    rate_ticket(ticket, by=cast.zhao, score=4, comment="Thanks")
    said = [(entry.author, entry.did) for entry in timeline(ticket, cast.ada).entries]
    assert said == [
        ("赵敏", "opened this on the portal"),
        ("Mei", "took this"),
        ("Mei", "moved this to the queue Billing"),
        ("Mei", "gave this back to the queue"),
        ("Sun", "gave this to Omar"),
        ("Sun", "set the priority to High"),
        ("Sun", "moved this to Solved"),
        ("赵敏", "rated this 4 of 5"),
    ]


def test_names_of_statuses_follow_the_reader(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00", body="")
    set_status(ticket, status_called("on_hold"), by=cast.mei)
    with translation.override("zh-hans"):
        assert "挂起" in timeline(ticket, cast.mei).entries[-1].did


def test_chips_choose_messages_notes_or_changes(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    reply(ticket, by=cast.mei, body="On it.")
    add_note(ticket, by=cast.mei, body="Pump?")
    counts = {show: len(timeline(ticket, cast.mei, show=show).entries) for show in ("messages", "internal", "changes")}
    assert counts == {"messages": 2, "internal": 1, "changes": 2}


def test_outsiders_read_nothing(open_at: OpenTicket, cast: Cast) -> None:
    assert timeline(open_at(MON + "09:00"), cast.omar).entries == []


def test_a_long_thread_shows_its_end_and_leads_to_the_rest(
    open_at: OpenTicket, cast: Cast, monkeypatch: object
) -> None:
    ticket = open_at(MON + "09:00", body="")
    for text in ("one", "two", "three"):
        add_note(ticket, by=cast.mei, body=text)
    monkeypatch.setattr("tickets.queries.timeline.LONGEST", 2)  # type: ignore[attr-defined]
    latest = timeline(ticket, cast.mei)
    assert [entry.text for entry in latest.entries] == ["two", "three"]
    assert [entry.seq for entry in timeline(ticket, cast.mei, before=latest.earlier).entries] == [1, 2]


def test_a_recording_that_two_entries_share_stands_at_the_first_of_them(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00", body="")
    for said in ("heard", "heard", "alone"):
        entry = add_note(ticket, by=cast.mei, body=said)
        Interaction.objects.filter(pk=entry.pk).update(detail={"sound": f"/telephony/calls/{said}/"})
    sounds = [entry.sound for entry in timeline(ticket, cast.mei).entries if entry.look == "note"]
    assert sounds == ["/telephony/calls/heard/", "", "/telephony/calls/alone/"]
