"""Group messages: to whom they go, when, at what pace, and how they stop."""

import uuid
from datetime import time
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import Settings

from crmcore.actions import people
from crmcore.actions.consents import say_consents
from crmcore.models import Account, AccountContact, Contact, ContactPoint, User
from telephony.actions.do_not_call import forbid
from telephony.actions.group_texts import (
    NobodyToWriteTo,
    move_group_text,
    save_group_text,
    start_group_text,
)
from telephony.models import GroupText, PhoneLine, TextMessage
from telephony.queries.group_texts import preview_of, progress_of
from telephony.text_keywords import names_a_way_out
from telephony.text_states import TextFault, TextState
from tests.telephony.texting.conftest import LI, Texting
from tickets.models import Interaction

State = GroupText.State


@pytest.fixture
def ada(texting: Texting) -> User:
    return texting.desk.do(
        people.create_user, "ada", name="Ada", password=None, roles=["admin"], teams=[texting.desk.team], by=None
    )


def customers(texting: Texting, number: int, grade: str = "A", region: str = "") -> list[str]:
    """So many more accounts of a grade, each with one person and a mobile; their numbers."""
    numbers = []
    for place in range(number):
        value = f"+86139000{place:05d}" if not region else f"+1202555{place:04d}"
        contact = Contact.objects.create(name=f"Person {place}", created_at=texting.desk.moment)
        account = Account.objects.create(
            code=f"{grade}{region}-{place}", name=f"Firm {place}", grade=grade, created_at=texting.desk.moment
        )
        AccountContact.objects.create(account=account, contact=contact, is_primary=True)
        ContactPoint.objects.create(contact=contact, kind="phone", raw=value, value=value)
        numbers.append(value)
    return numbers


def written(texting: Texting, ada: User, **changes: Any) -> GroupText:
    facts: dict[str, Any] = {
        "name": "Winter hours",
        "queue": texting.desk.queue,
        "line": PhoneLine.objects.get(),
        "body": "We are open from nine.",
        "way_out": "Reply STOP to end",
        "grades": ["A"],
        "opens": time(0),
        "closes": time(23, 59),
        **changes,
    }
    return texting.desk.do(save_group_text, GroupText(**facts), by=ada)


def started(texting: Texting, ada: User, **changes: Any) -> GroupText:
    group = written(texting, ada, **changes)
    assert texting.desk.do(start_group_text, group, by=ada)
    return group


def sent_to(texting: Texting) -> list[str]:
    return [fields["To"] for fields in texting.taken()]


def test_everybody_of_the_segment_gets_it_once_with_the_way_out(texting: Texting, ada: User) -> None:
    numbers = customers(texting, 3)
    customers(texting, 2, "B", "us")
    group = started(texting, ada)
    for _ in range(4):
        texting.wait(1)
    assert sorted(sent_to(texting)) == numbers
    assert {fields["Body"] for fields in texting.taken()} == {"We are open from nine.\nReply STOP to end"}
    assert GroupText.objects.get(pk=group.pk).state == State.DONE
    assert Interaction.objects.filter(ticket=None, channel="sms", direction="out").count() == 3


def test_started_twice_is_started_once(texting: Texting, ada: User) -> None:
    customers(texting, 2)
    group = started(texting, ada)
    assert not texting.desk.do(start_group_text, group, by=ada)
    assert TextMessage.objects.filter(group=group).count() == 2


def test_one_message_per_recipient_is_kept_by_the_database(texting: Texting, ada: User) -> None:
    customers(texting, 1)
    group = started(texting, ada)
    copy = TextMessage.objects.get(group=group)
    copy.pk, copy.public_id = None, uuid.uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save()


def test_pace_is_the_desks(texting: Texting, ada: User, settings: Settings) -> None:
    settings.TEXTS_PER_SECOND = 2
    customers(texting, 5)
    started(texting, ada)
    assert sent_to(texting) == []
    for expected in (2, 4, 5):
        texting.wait(1)
        assert len(sent_to(texting)) == expected


def test_answer_to_a_customer_does_not_wait_behind_a_group(texting: Texting, ada: User, settings: Settings) -> None:
    settings.TEXTS_PER_SECOND = 1
    customers(texting, 30)
    started(texting, ada)
    texting.send(texting.ticket())
    assert sent_to(texting) == [LI]


def test_who_wants_nothing_is_left_out(texting: Texting, ada: User) -> None:
    first, second, third, fourth = customers(texting, 4)
    texting.write("STOP", first, OptOutType="STOP")
    texting.desk.do(forbid, second, by=ada)
    ContactPoint.objects.filter(value=third).update(opted_out=True)
    group = written(texting, ada)
    preview = texting.desk.do(preview_of, group, ada)
    assert (preview.people, preview.recipients, preview.unwilling) == (4, 1, 1)
    texting.desk.do(start_group_text, group, by=ada)
    assert list(TextMessage.objects.filter(group=group).values_list("theirs", flat=True)) == [fourth]


def test_who_wants_no_offers_by_text_is_left_out_also_after_the_start(texting: Texting, ada: User) -> None:
    first, second, third = customers(texting, 3)
    _refuse(texting, first)
    group = written(texting, ada)
    texting.desk.do(start_group_text, group, by=ada)
    assert set(TextMessage.objects.filter(group=group).values_list("theirs", flat=True)) == {second, third}
    _refuse(texting, second)
    texting.wait(1)
    texting.wait(1)
    assert sent_to(texting) == [third]


def _refuse(texting: Texting, number: str) -> None:
    contact = Contact.objects.get(points__value=number)
    texting.desk.do(say_consents, contact, {"sms": False}, by=None, source="desk")


def test_stop_after_the_start_wins(texting: Texting, ada: User) -> None:
    first, second = customers(texting, 2)
    group = started(texting, ada)
    texting.write("退订", first)
    texting.wait(1)
    assert first not in [fields["To"] for fields in texting.taken() if "open from nine" in fields["Body"]]
    progress = progress_of(group)
    assert (progress.unwilling, progress.under_way, progress.failed) == (1, 1, 0)
    assert second in sent_to(texting)


def test_night_where_the_customer_is_waits_for_the_morning(texting: Texting, ada: User) -> None:
    """It is nine in the morning in Shanghai and evening, the day before, in Washington."""
    (near,) = customers(texting, 1)
    (far,) = customers(texting, 1, region="us")
    Contact.objects.filter(points__value=far).update(time_zone="America/New_York")
    started(texting, ada, opens=time(9), closes=time(20))
    texting.wait(1)
    assert sent_to(texting) == [near]
    texting.desk.moment += texting.desk.moment.replace(hour=14, minute=0) - texting.desk.moment
    texting.wait(1)
    assert sorted(sent_to(texting)) == sorted([near, far])


def test_pause_holds_and_resume_goes_on(texting: Texting, ada: User, settings: Settings) -> None:
    settings.TEXTS_PER_SECOND = 1
    customers(texting, 3)
    group = started(texting, ada)
    texting.wait(1)
    assert texting.desk.do(move_group_text, group, State.PAUSED, by=ada)
    for _ in range(3):
        texting.wait(1)
    assert len(sent_to(texting)) == 1
    assert texting.desk.do(move_group_text, group, State.SENDING, by=ada)
    for _ in range(3):
        texting.wait(1)
    assert len(sent_to(texting)) == 3


def test_cancel_stops_what_has_not_gone(texting: Texting, ada: User, settings: Settings) -> None:
    settings.TEXTS_PER_SECOND = 1
    customers(texting, 3)
    group = started(texting, ada)
    texting.wait(1)
    assert texting.desk.do(move_group_text, group, State.CANCELLED, by=ada)
    assert not texting.desk.do(move_group_text, group, State.SENDING, by=ada)
    for _ in range(3):
        texting.wait(1)
    assert len(sent_to(texting)) == 1 and progress_of(group).stopped == 2
    assert TextMessage.objects.filter(error_code=TextFault.CANCELLED, state=TextState.FAILED).count() == 2


def test_figures_follow_the_reports(texting: Texting, ada: User) -> None:
    customers(texting, 3)
    group = started(texting, ada)
    texting.wait(1)
    first, second, _third = TextMessage.objects.filter(group=group).order_by("pk")
    texting.report(first, "delivered")
    texting.report(second, "undelivered", code=30005)
    progress = progress_of(group)
    assert (progress.total, progress.delivered, progress.failed, progress.under_way) == (3, 1, 1, 1)


def test_nobody_to_write_to_is_said(texting: Texting, ada: User) -> None:
    with pytest.raises(NobodyToWriteTo):
        texting.desk.do(start_group_text, written(texting, ada, grades=["D"]), by=ada)


def test_draft_that_was_started_is_not_changed(texting: Texting, ada: User) -> None:
    customers(texting, 1)
    group = started(texting, ada)
    group.body = "Something else"
    texting.desk.do(save_group_text, group, by=ada)
    assert GroupText.objects.get(pk=group.pk).body == "We are open from nine."


@pytest.mark.parametrize(
    ("line", "is_good"), [("Reply STOP to end", True), ("回复TD退订", True), ("Bye", False), ("stopover", False)]
)
def test_way_out_names_a_word(line: str, is_good: bool) -> None:
    assert names_a_way_out(line) is is_good


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_page_shows_whom_it_reaches_and_sends(texting: Texting, ada: User) -> None:
    customers(texting, 2)
    client, line = browser(ada), PhoneLine.objects.get()
    form = {"name": "Hours", "queue": texting.desk.queue.pk, "line": line.pk, "body": "Open at nine", "grades": ["A"]}
    form |= {"opens": "00:00", "closes": "23:59", "way_out": "Bye"}
    answer = texting.desk.do(client.post, "/campaigns/texts/new/", form)
    assert answer.status_code == 422 and "Open at nine" in answer.content.decode()
    answer = texting.desk.do(client.post, "/campaigns/texts/new/", {**form, "way_out": "STOP ends this"})
    assert answer.status_code == 302
    html = texting.desk.do(client.get, answer.headers["Location"]).content.decode()
    assert "Send to 2 people" in html
    texting.desk.do(client.post, f"{answer.headers['Location']}state/", {"to": "start"})
    texting.wait(1)
    assert len(sent_to(texting)) == 2
    assert texting.desk.do(client.get, "/campaigns/texts/").status_code == 200


def test_agents_customers_and_strangers_send_no_groups(texting: Texting, ada: User) -> None:
    customers(texting, 1)
    group = written(texting, ada)
    zhao = texting.desk.do(
        people.create_user, "zhao", name="Zhao", password=None, roles=["customer"], contact=texting.li, by=None
    )
    for person in (texting.mei, zhao):
        client = browser(person)
        assert client.get("/campaigns/texts/new/").status_code == 403
        assert client.post(f"/campaigns/texts/{group.pk}/state/", {"to": "start"}).status_code in (403, 404)
    assert Client().get("/campaigns/texts/").status_code == 302
    with pytest.raises(PermissionDenied):
        texting.desk.do(start_group_text, group, by=texting.mei)
    assert not TextMessage.objects.exists()
