"""Pictures and voice messages: fetched after the platform has its answer, once, and missed aloud."""

from django.test import Client

from telephony.models import TextMedia
from telephony.providers.base import CarrierBusy
from tests.telephony.wechat.conftest import LI, Wechat
from tickets.models import Attachment, Interaction, Ticket

JPEG = b"\xff\xd8\xff\xe0" + b"0" * 200
GET_PATH = "/cgi-bin/media/get"


def test_picture_is_kept_on_the_entry(wechat: Wechat) -> None:
    wechat.platform.picture(LI, JPEG)
    entry = Interaction.objects.get(channel="wechat")
    file = Attachment.objects.get()
    assert (file.interaction, file.content_type, file.size) == (entry, "image/jpeg", len(JPEG))
    assert entry.body == "[Picture]" and Ticket.objects.get().subject != "[Picture]"


def test_picture_is_shown_on_the_ticket(wechat: Wechat) -> None:
    wechat.platform.picture(LI, JPEG)
    client = Client()
    client.force_login(wechat.mei)
    page = wechat.desk.do(client.get, f"/tickets/{Ticket.objects.get().number}/")
    assert Attachment.objects.get().name in page.content.decode()


def test_repeated_message_fetches_once(wechat: Wechat) -> None:
    wechat.post.deaf_to = 2
    wechat.platform.picture(LI, JPEG)
    wechat.wait(100)
    assert Attachment.objects.count() == 1 and wechat.platform.asked_for(GET_PATH) == 1


def test_message_is_taken_though_the_picture_cannot_be_fetched_yet(wechat: Wechat) -> None:
    wechat.platform.unreachable = CarrierBusy("connection refused")
    wechat.platform.picture(LI, JPEG)
    assert wechat.post.statuses == [200] and not Attachment.objects.exists()
    wechat.platform.unreachable = None
    wechat.wait(60)
    assert Attachment.objects.count() == 1


def test_process_that_died_while_fetching_is_followed_by_another(wechat: Wechat) -> None:
    wechat.desk.dies = True
    wechat.platform.picture(LI, JPEG)
    assert not Attachment.objects.exists()
    wechat.wait(61)
    assert Attachment.objects.count() == 1 and TextMedia.objects.get().state == "kept"


def test_picture_that_is_gone_is_missed_on_the_ticket(wechat: Wechat) -> None:
    wechat.platform.says(LI, "image", MediaId="gone")
    assert TextMedia.objects.get().state == "lost"
    assert Interaction.objects.filter(channel="system", body__contains="could not be fetched").count() == 1
    wechat.wait(600)
    assert Interaction.objects.filter(channel="system", body__contains="could not be fetched").count() == 1


def test_picture_that_never_comes_is_given_up(wechat: Wechat) -> None:
    wechat.platform.refuse[GET_PATH] = -1
    wechat.platform.picture(LI, JPEG)
    for _ in range(8):
        wechat.wait(2000)
    assert TextMedia.objects.get().state == "lost" and wechat.platform.asked_for(GET_PATH) == 6


def test_program_that_calls_itself_a_picture_is_never_handed_out(wechat: Wechat) -> None:
    wechat.platform.picture(LI, b"MZ" + b"0" * 100)
    assert Attachment.objects.get().is_program


def test_voice_message_brings_what_was_heard_in_it(wechat: Wechat) -> None:
    wechat.platform.media["v"] = ("audio/amr", b"#!AMR\n" + b"0" * 50)
    wechat.platform.says(LI, "voice", MediaId="v", Format="amr", Recognition="锅炉漏水")
    assert Interaction.objects.get(channel="wechat").body == "[Voice message] 锅炉漏水"
    assert not Attachment.objects.get().is_program
