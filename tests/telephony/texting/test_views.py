"""Messages from a ticket's page: who may, what stands there, and what a double click does."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from crmcore.actions import people
from crmcore.models import ContactPoint, User
from telephony.models import TextMessage, TextTemplate
from tests.telephony.texting.conftest import LI, OURS, Texting
from tickets.models import Draft, Interaction, Ticket

HX = {"HX-Request": "true"}


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def post(texting: Texting, ticket: Ticket, user: User | None = None, **fields: Any) -> Any:
    data = {"mode": "sms", "body": "Nine?", "token": uuid.uuid4().hex, "seen_seq": ticket.seq, **fields}
    address = f"/telephony/tickets/{ticket.number}/text/"
    return texting.desk.do(browser(user or texting.mei).post, address, data, headers=HX)  # type: ignore[arg-type]


def page(texting: Texting, ticket: Ticket) -> str:
    answer = texting.desk.do(browser(texting.mei).get, f"/tickets/{ticket.number}/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_message_is_sent_from_the_composer_and_shown_with_its_state(texting: Texting) -> None:
    ticket = texting.ticket()
    answer = post(texting, ticket)
    assert answer.status_code == 200 and "On its way" in answer.content.decode()
    texting.report(TextMessage.objects.get(), "delivered")
    assert "Delivered" in page(texting, ticket)


def test_composer_offers_what_can_be_sent(texting: Texting) -> None:
    html = page(texting, texting.ticket())
    assert 'value="sms"' in html and 'value="whatsapp"' in html and "138 0013 8000" in html
    ContactPoint.objects.all().delete()
    assert 'value="sms"' not in page(texting, texting.ticket())


def test_ticket_that_began_with_a_message_is_answered_with_one(texting: Texting) -> None:
    texting.write("It leaks")
    assert re.search(r'value="sms"[^>]* checked', page(texting, Ticket.objects.get()))


def test_double_click_sends_once(texting: Texting) -> None:
    ticket, token = texting.ticket(), uuid.uuid4().hex
    for _ in range(2):
        assert post(texting, ticket, token=token).status_code == 200
    assert len(texting.taken()) == 1


@pytest.mark.parametrize("token", ["", "x", "1" * 31])
def test_form_without_a_token_sends_nothing(texting: Texting, token: str) -> None:
    assert post(texting, texting.ticket(), token=token).status_code == 400
    assert texting.taken() == []


def test_what_cannot_go_stays_in_the_field_with_the_reason(texting: Texting) -> None:
    ticket = texting.ticket()
    texting.write("STOP", OptOutType="STOP")
    html = post(texting, ticket, body="Very important").content.decode()
    assert "Very important" in html and "does not want messages" in html
    assert not ticket.interactions.filter(channel="sms").exists()


def test_news_in_between_stop_the_message(texting: Texting) -> None:
    ticket = texting.ticket()
    texting.send(ticket)
    texting.write("Wait!")
    html = post(texting, ticket, body="At nine").content.decode()
    assert "wrote while you were typing" in html and "At nine" in html
    assert len(texting.taken()) == 1


def test_notes_and_replies_still_go_their_own_way(texting: Texting) -> None:
    ticket = texting.ticket()
    assert post(texting, ticket, mode="note", body="Called twice").status_code == 200
    assert post(texting, ticket, mode="reply", body="Hello", seen_seq=99).status_code == 200
    assert texting.taken() == []
    assert set(ticket.interactions.exclude(channel="system").values_list("channel", flat=True)) == {"note", "portal"}


def test_lost_message_is_sent_again_by_one_click_of_two(texting: Texting) -> None:
    ticket = texting.ticket()
    lost = texting.report(texting.send(ticket), "undelivered", code=30003)
    assert "switched off" in page(texting, ticket) and "Send again" in page(texting, ticket)
    for _ in range(2):
        answer = texting.desk.do(browser(texting.mei).post, f"/telephony/texts/{lost.pk}/again/", headers=HX)  # type: ignore[arg-type]
        assert answer.status_code == 200
    assert len(texting.taken()) == 2 and page(texting, ticket).count("Send again") == 0


def test_template_is_filled_in(texting: Texting) -> None:
    template = TextTemplate.objects.create(
        name="Visit", language="en", body="We come at {{1}}.", content_sid="HX" + "b" * 32
    )
    ticket = texting.ticket()
    assert "We come at {{1}}." in page(texting, ticket)
    fields = {"mode": "whatsapp", "template": str(template.pk), "body": ""}
    assert "fill in all its places" in post(texting, ticket, **fields).content.decode()
    post(texting, ticket, **fields, **{f"place-{template.pk}-1": "nine"})
    assert Interaction.objects.get(channel="whatsapp").body == "We come at nine."


def test_customers_strangers_and_other_teams_send_nothing(texting: Texting) -> None:
    ticket = texting.ticket()
    team = texting.desk.do(people.create_team, "other", "Other")
    omar = texting.desk.new_agent("omar", texting.desk.new_queue("other"), team=team)
    zhao = texting.desk.do(
        people.create_user, "zhao", name="Zhao", password=None, roles=["customer"], contact=texting.li, by=None
    )
    lost = texting.report(texting.send(ticket), "undelivered", code=30003)
    assert post(texting, ticket, omar).status_code == 404
    assert post(texting, ticket, zhao).status_code == 403
    for person, status in ((omar, 403), (zhao, 403)):
        assert browser(person).post(f"/telephony/texts/{lost.pk}/again/").status_code == status
    assert Client().post(f"/telephony/tickets/{ticket.number}/text/").status_code == 302
    assert len(texting.taken()) == 1


def test_draft_is_forgotten_once_sent_and_keeps_its_mode_before(texting: Texting) -> None:
    ticket = texting.ticket()
    Draft.objects.create(
        user=texting.mei, key=f"ticket:{ticket.pk}", mode="sms", body="Nine", updated_at=texting.desk.moment
    )
    assert re.search(r'value="sms"[^>]* checked', page(texting, ticket))
    post(texting, ticket)
    assert not Draft.objects.exists()


def test_timeline_of_many_messages_asks_no_more_often(texting: Texting, django_assert_max_num_queries: Any) -> None:
    ticket = texting.ticket()
    for number in range(12):
        texting.send(ticket, f"Message {number}", token=f"t{number}")
    client = browser(texting.mei)
    client.get(f"/tickets/{ticket.number}/thread/")
    with django_assert_max_num_queries(14):
        client.get(f"/tickets/{ticket.number}/thread/")


def test_writer_without_a_name_is_shown_by_number(texting: Texting) -> None:
    texting.write("Hello", "+447700900123")
    assert "7700 900123" in page(texting, Ticket.objects.get())
    assert OURS != LI
