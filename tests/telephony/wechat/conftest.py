"""A desk with a WeChat account, in plain and in safe mode."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from crmcore.models import Queue, User
from telephony.actions import wechat_access
from telephony.actions.text_media import fetch_due_media
from telephony.actions.text_outbox import deliver_due_texts
from telephony.actions.texting import Words, send_text
from telephony.models import TextMessage, WechatAccount
from telephony.providers.wechat.rest import Api
from telephony.text_states import TextChannel
from tests.fake_wechat.platform import FakeWechat
from tests.fake_wechat.post import Post
from tests.telephony.desk import Desk
from tickets.actions.defaults import ensure_ticket_defaults
from tickets.models import Ticket

APP_ID, SECRET, TOKEN = "wx0123456789abcdef", "0123456789abcdef0123456789abcdef", "a-token-of-ours"
KEY = base64.b64encode(bytes(range(32))).decode().rstrip("=")
BASE_URL = "https://wechat.example"
LI, WU = "oAbCdEfGhIjKlMnOpQrStUvWxYz1", "oAbCdEfGhIjKlMnOpQrStUvWxYz2"
MakeWechat = Callable[..., "Wechat"]


@dataclass
class Wechat:
    """The desk, its account, the platform, and an agent."""

    desk: Desk
    account: WechatAccount
    platform: FakeWechat
    mei: User

    @property
    def post(self) -> Post:
        return self.platform.post

    def write(self, words: str = "锅炉漏水", open_id: str = LI, **more: str) -> Ticket:
        self.platform.write(open_id, words, **more)
        return Ticket.objects.latest("pk")

    def send(
        self,
        ticket: Ticket,
        words: str = "九点上门。",
        token: str = "t1",  # noqa: S107
    ) -> TextMessage:
        channel = TextChannel.WECHAT
        return self.again(self.desk.do(send_text, ticket, channel, Words(words), by=self.mei, token=token))

    def wait(self, seconds: float) -> None:
        self.desk.wait(seconds, tick=False)
        self.desk.do(deliver_due_texts, self.desk.moment)
        self.desk.do(fetch_due_media, self.desk.moment)

    def again(self, text: TextMessage) -> TextMessage:
        return TextMessage.objects.get(pk=text.pk)


@pytest.fixture
def make_wechat(desk: Desk, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> MakeWechat:
    settings.WECHAT_API_BASE_URL = BASE_URL
    Queue.objects.filter(is_default=True).update(is_default=False)
    Queue.objects.filter(pk=desk.queue.pk).update(is_default=True)

    def make(mode: str = "plain", **fields: Any) -> Wechat:
        ensure_ticket_defaults()
        account = WechatAccount(name="Service", app_id=APP_ID, queue=desk.queue, language="en", mode=mode, **fields)
        for field, secret in (("secret", SECRET), ("token", TOKEN), ("key", KEY)):
            account.keep(field, secret)
        account.save()
        client = Client()

        def door(query: str, body: bytes | None) -> tuple[int, str]:
            path = f"/telephony/wechat/{APP_ID}/?{query}"
            method = "GET" if body is None else "POST"
            answer = desk.do(client.generic, method, path, body or b"", "text/xml")
            return answer.status_code, answer.content.decode()

        post = Post(APP_ID, TOKEN, KEY, mode == "safe", door, lambda: desk.moment.timestamp())
        platform = FakeWechat(APP_ID, SECRET, lambda: desk.moment, BASE_URL, post)
        monkeypatch.setattr(wechat_access, "api", partial(Api, BASE_URL, platform.ask))
        return Wechat(desk, account, platform, desk.new_agent("mei"))

    return make


@pytest.fixture(params=["plain", "safe"])
def wechat(make_wechat: MakeWechat, request: pytest.FixtureRequest) -> Wechat:
    """Each test runs in both modes."""
    return make_wechat(request.param)


@pytest.fixture
def plain(make_wechat: MakeWechat) -> Wechat:
    return make_wechat("plain")


@pytest.fixture
def safe(make_wechat: MakeWechat) -> Wechat:
    return make_wechat("safe")
