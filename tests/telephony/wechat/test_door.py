"""The platform's door: only what it signed just now, sealed as agreed, of bearable size, and no markup that bites."""

from urllib.parse import urlencode

import pytest
from django.test import Client

from telephony.models import TextMessage, TextThread, WechatAccount
from telephony.providers.wechat.envelope import BadEnvelope, key_of, seal, unseal
from telephony.providers.wechat.markup import BadMarkup, fields_of
from tests.fake_wechat.platform import GH
from tests.fake_wechat.post import mark, xml
from tests.telephony.wechat.conftest import APP_ID, KEY, LI, TOKEN, Wechat
from tickets.models import Ticket

OTHER_KEY = "A" * 43


def letter(**fields: str) -> str:
    facts = {"ToUserName": GH, "FromUserName": LI, "CreateTime": "1772413200", "MsgType": "text", "Content": "hello"}
    return xml(**{**facts, "MsgId": "1", **fields})


def left_nothing() -> bool:
    return not (TextMessage.objects.exists() or TextThread.objects.exists() or Ticket.objects.exists())


def test_handshake_gives_the_echo_back_as_plain_text(wechat: Wechat) -> None:
    assert wechat.post.shake_hands() == (200, "7251086420031")


def test_handshake_with_a_wrong_signature_is_refused(wechat: Wechat) -> None:
    assert wechat.post.shake_hands(signature="0" * 40) == (403, "")
    assert wechat.post.shake_hands(signature="ü") == (403, "")


@pytest.mark.parametrize("off", [-301, 301, -86400])
def test_stale_or_future_timestamps_are_refused(wechat: Wechat, off: int) -> None:
    query = wechat.post.query(at=wechat.desk.moment.timestamp() + off)
    assert wechat.post.door(urlencode(query), letter().encode())[0] == 403
    assert left_nothing()


@pytest.mark.parametrize("stamp", ["", "now", "-5", "1" * 40, "１７７２４１３２００"])
def test_timestamps_that_are_no_numbers_are_refused(wechat: Wechat, stamp: str) -> None:
    query = {"signature": mark(TOKEN, stamp, "n"), "timestamp": stamp, "nonce": "n"}
    assert wechat.post.door(urlencode(query), letter().encode())[0] == 403


def test_unsigned_message_leaves_no_row(wechat: Wechat) -> None:
    wechat.post.token = "another token"
    wechat.platform.write(LI, "hello")
    assert set(wechat.post.statuses) == {403} and left_nothing()


def test_account_without_a_token_lets_nobody_in(wechat: Wechat) -> None:
    WechatAccount.objects.update(token_sealed="")
    wechat.post.token = ""
    assert wechat.post.shake_hands()[0] == 403


def test_retired_unknown_and_demo_accounts_have_no_door(wechat: Wechat) -> None:
    WechatAccount.objects.update(is_active=False)
    assert wechat.post.shake_hands()[0] == 403
    WechatAccount.objects.update(is_active=True, is_demo=True)
    assert wechat.post.shake_hands()[0] == 403


def test_plain_message_does_not_come_into_an_account_in_safe_mode(safe: Wechat) -> None:
    safe.post.is_safe = False
    safe.platform.write(LI, "hello")
    assert set(safe.post.statuses) == {403} and left_nothing()


def test_sealed_message_with_a_wrong_seal_is_refused(safe: Wechat) -> None:
    safe.post.key = OTHER_KEY
    safe.platform.write(LI, "hello")
    assert set(safe.post.statuses) == {403} and left_nothing()


def test_seal_that_was_not_signed_is_refused(safe: Wechat) -> None:
    query, body = safe.post.wrapped(letter())
    assert safe.post.door(query.replace("msg_signature=", "msg_signature=0"), body)[0] == 403
    assert left_nothing()


def test_message_sealed_for_another_account_is_refused(safe: Wechat) -> None:
    safe.post.app_id = "wxffffffffffffffff"
    safe.platform.write(LI, "hello")
    assert set(safe.post.statuses) == {403} and left_nothing()


def test_what_stands_beside_the_envelope_does_not_count(safe: Wechat) -> None:
    """Compatible mode sends both; only the sealed one is believed."""
    query, body = safe.post.wrapped(letter(Content="sealed"))
    outer = body.replace(b"</xml>", letter(Content="open")[5:].encode())
    assert safe.post.door(query, outer)[0] == 200
    assert TextMessage.objects.get().body == "sealed"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"<xml><MsgType>text</MsgType>",
        b"<xml></xml>",
        letter(MsgType="").encode(),
        letter(FromUserName="").encode(),
        letter(FromUserName="o" * 65).encode(),
        letter(CreateTime="yesterday").encode(),
        letter(CreateTime="9" * 30).encode(),
        b'<!DOCTYPE xml [<!ENTITY a "b">]>' + letter(Content="&a;").encode(),
        b'<!DOCTYPE xml SYSTEM "file:///etc/passwd">' + letter().encode(),
        b"<xml>" + b"<a>" * 500 + b"</a>" * 500 + b"</xml>",
        letter(Content="x" * 70_000).encode(),
        letter().encode() + b"<xml/>",
        letter(Content="a\x00b").encode(),
    ],
)
def test_what_is_no_message_of_the_platform_is_refused_without_a_trace(plain: Wechat, body: bytes) -> None:
    assert plain.post.door(urlencode(plain.post.query()), body)[0] == 400
    assert left_nothing()


def test_entities_that_grow_are_not_read() -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><xml><Content>&b;</Content></xml>'
    with pytest.raises(BadMarkup):
        fields_of(laughs.encode())


def test_markup_inside_words_is_words() -> None:
    assert fields_of(xml(Content="<b>1 & 2</b>", Other="]]>").encode()) == {"Content": "<b>1 & 2</b>", "Other": "]]>"}


def test_other_methods_are_not_served(plain: Wechat) -> None:
    assert Client().put(f"/telephony/wechat/{APP_ID}/").status_code == 405


@pytest.mark.parametrize("words", ["", "x", "漏水" * 300, "y" * 12])
def test_envelope_opens_to_what_was_sealed(words: str) -> None:
    sealed = seal(words.encode(), encoding_key=KEY, app_id=APP_ID)
    assert unseal(sealed, encoding_key=KEY, app_id=APP_ID).decode() == words


@pytest.mark.parametrize("sealed", ["", "AAAA", "not base64!", "A" * 64, "QUJD" * 40])
def test_broken_envelopes_are_told_apart_from_messages(sealed: str) -> None:
    with pytest.raises(BadEnvelope):
        unseal(sealed, encoding_key=KEY, app_id=APP_ID)


@pytest.mark.parametrize("key", ["", "short", "=" * 43, "ü" * 43, KEY + "A"])
def test_keys_of_the_wrong_form_are_refused(key: str) -> None:
    with pytest.raises(BadEnvelope):
        key_of(key)


def test_envelope_with_a_lying_length_is_refused() -> None:
    sealed = seal(b"hello", encoding_key=KEY, app_id=APP_ID)
    with pytest.raises(BadEnvelope):
        unseal(sealed, encoding_key=KEY, app_id=APP_ID[:-1])


def test_door_notes_that_the_platform_came(wechat: Wechat) -> None:
    wechat.post.shake_hands()
    assert WechatAccount.objects.get().heard_at == wechat.desk.moment
