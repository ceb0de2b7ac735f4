"""What customers write: once each, on the right ticket, and only when the carrier signed it."""

from urllib.parse import urlencode

import pytest
from django.test import Client

from crmcore.models import Account, AuditEntry, Contact, ContactPoint
from telephony.models import TextMessage, TextThread
from telephony.text_keywords import Wish, wish_in
from telephony.text_states import TextState
from tests.fake_carrier.post import FORM
from tests.fake_carrier.signing import sign
from tests.telephony.texting.conftest import LI, OURS, MakeTexting, Texting
from tests.telephony.twilio.line import AUTH_TOKEN, BASE_URL
from tickets.actions.lifecycle import resolve_ticket
from tickets.models import Interaction, SlaClock, Ticket

PATH = "/telephony/twilio/text/"
FIELDS = {"MessageSid": "SM" + "a" * 32, "From": LI, "To": OURS, "Body": "hello", "NumMedia": "0"}


def post(fields: dict[str, str], path: str = PATH, secret: str = AUTH_TOKEN) -> int:
    headers = {"X-Twilio-Signature": sign(secret, BASE_URL + path, fields)}
    return Client().generic("POST", path, urlencode(fields), FORM, headers=headers).status_code


def test_first_message_opens_a_ticket_in_the_numbers_queue(texting: Texting) -> None:
    texting.write("The boiler leaks.\nPlease come")
    ticket = Ticket.objects.get()
    assert (ticket.subject, ticket.queue, ticket.channel) == ("The boiler leaks.", texting.desk.queue, "sms")
    assert (ticket.contact, ticket.account) == (texting.li, texting.account)
    entry = Interaction.objects.get(ticket=ticket, channel="sms")
    assert (entry.direction, entry.is_public, entry.body) == ("in", True, "The boiler leaks.\nPlease come")
    assert SlaClock.objects.filter(ticket=ticket, metric="first_reply", state__in=SlaClock.LIVE).count() == 1


def test_next_message_joins_the_open_ticket(texting: Texting) -> None:
    texting.write("It leaks")
    texting.write("and it is cold")
    assert Ticket.objects.get().interactions.filter(channel="sms").count() == 2


def test_answer_joins_the_ticket_from_which_we_wrote(texting: Texting) -> None:
    called, other = texting.ticket(), texting.ticket(subject="Another matter")
    texting.send(called)
    texting.write("Nine is fine")
    assert called.interactions.filter(channel="sms", direction="in").count() == 1
    assert not other.interactions.filter(channel="sms").exists()


def test_answer_reopens_a_solved_ticket(texting: Texting) -> None:
    texting.write("It leaks")
    ticket = texting.desk.do(resolve_ticket, Ticket.objects.get(), by=texting.mei)
    texting.desk.wait(3600, tick=False)
    texting.write("It leaks again")
    ticket.refresh_from_db()
    assert ticket.is_active and Ticket.objects.count() == 1


def test_much_later_message_begins_a_new_matter(texting: Texting) -> None:
    texting.write("It leaks")
    texting.desk.do(resolve_ticket, Ticket.objects.get(), by=texting.mei)
    texting.desk.wait(60 * 24 * 3600, tick=False)
    texting.write("Do you sell taps?")
    assert Ticket.objects.count() == 2 and not Ticket.objects.exclude(follow_up_of=None).exists()


@pytest.mark.parametrize("seed", range(3))
def test_doubled_webhooks_make_one_message(make_texting: MakeTexting, seed: int) -> None:
    texting = make_texting(seed=seed, copies=3, names_events=bool(seed % 2))
    texting.write("It leaks")
    assert (TextMessage.objects.count(), Ticket.objects.count()) == (1, 1)
    assert Interaction.objects.filter(channel="sms").count() == 1


def test_same_words_twice_are_two_messages(texting: Texting) -> None:
    texting.write("yes")
    texting.write("yes")
    assert TextMessage.objects.count() == 2


def test_wrong_signature_is_refused_and_leaves_no_row(texting: Texting) -> None:
    assert post(FIELDS, secret="another token") == 403
    assert post({"MessageSid": "SM1", "MessageStatus": "sent"}, "/telephony/twilio/text-status/", "no") == 403
    assert not TextMessage.objects.exists() and not TextThread.objects.exists() and not Ticket.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"MessageSid": ""},
        {"From": ""},
        {"NumMedia": "many"},
        {"Body": "x" * 5001},
        {"Body": "a\x00b"},
        {"To": "1" * 300},
    ],
)
def test_wrong_kinds_of_fields_are_refused(texting: Texting, wrong: dict[str, str]) -> None:
    assert post({**FIELDS, **wrong}) == 400
    assert not TextMessage.objects.exists()


def test_unknown_number_still_opens_a_ticket(texting: Texting) -> None:
    texting.write("Who are you?", "+447700900123")
    ticket = Ticket.objects.get()
    assert ticket.contact is None and ticket.account is None
    texting.write("Hello?", "+447700900123")
    assert Ticket.objects.count() == 1


def test_number_of_several_people_is_nobodys(texting: Texting) -> None:
    other = Contact.objects.create(name="Other", created_at=texting.desk.moment)
    ContactPoint.objects.create(contact=other, kind="phone", raw=LI, value=LI)
    shop = Account.objects.create(code="C-2", name="Shop", created_at=texting.desk.moment)
    ContactPoint.objects.create(account=shop, kind="phone", raw=LI, value=LI)
    texting.write("It is me")
    assert Ticket.objects.get().contact is None


def test_sender_with_a_name_is_kept(texting: Texting) -> None:
    texting.write("Your parcel is late", "PARCELS")
    assert TextMessage.objects.get().theirs == "PARCELS"


def test_attachments_are_named_as_left_out(texting: Texting) -> None:
    texting.write("Look", NumMedia="2", MediaUrl0="https://carrier/1", MediaContentType0="image/jpeg")
    assert TextMessage.objects.get().body == "Look\n[2 attachments not fetched]"


def test_message_of_nothing_but_an_attachment_has_a_subject(texting: Texting) -> None:
    texting.write("", NumMedia="1")
    assert Ticket.objects.get().subject == "Message from Li Wei"


@pytest.mark.parametrize("word", ["STOP", "stop.", " Unsubscribe ", "退订", "TD", "ｔｄ", "T"])
def test_word_that_leaves(word: str) -> None:
    assert wish_in(word) == Wish.LEAVE


@pytest.mark.parametrize("words", ["stop it leaks", "Please do not stop", "cancel", "", "退订吗？不", "end"])
def test_words_that_do_not_leave(words: str) -> None:
    assert wish_in(words) is None


def test_carriers_own_reading_wins() -> None:
    assert wish_in("quit", "STOP") == Wish.LEAVE and wish_in("hello", "HELP") is None


def test_stop_ends_messages_and_is_answered_once(make_texting: MakeTexting) -> None:
    texting = make_texting(copies=2)
    texting.write("STOP")
    assert TextThread.objects.get().opted_out_at is not None
    assert not Ticket.objects.exists()
    assert [fields["Body"] for fields in texting.taken()] == [
        "You will get no more messages from us here. Reply START to get them again."
    ]
    assert AuditEntry.objects.filter(verb="text.opted_out").count() == 1
    assert Interaction.objects.get(contact=texting.li).body == "STOP"


def test_what_the_carrier_answered_is_not_answered_again(texting: Texting) -> None:
    texting.write("STOP", OptOutType="STOP")
    assert TextThread.objects.get().opted_out_at is not None and texting.taken() == []


def test_start_brings_back_who_left(texting: Texting) -> None:
    texting.write("STOP")
    texting.write("START")
    assert TextThread.objects.get().opted_out_at is None
    assert texting.send(texting.ticket()).provider_sid


def test_start_of_who_never_left_is_a_message(texting: Texting) -> None:
    texting.write("Start")
    assert Ticket.objects.get().subject == "Start"


def test_stop_is_for_one_channel(texting: Texting) -> None:
    texting.write("STOP")
    texting.write("hello", f"whatsapp:{LI}", to=f"whatsapp:{OURS}")
    assert TextThread.objects.filter(opted_out_at=None).get().channel == "whatsapp"
    assert TextMessage.objects.filter(state=TextState.RECEIVED).count() == 2
