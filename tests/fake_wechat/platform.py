"""The platform's REST interface: it knows who follows, who wrote when, which token is good, and refuses by number."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

from telephony.providers.base import CarrierError
from telephony.providers.wechat.rest import Answer
from tests.fake_wechat.post import Post, xml

WINDOW, ANSWERS_EACH, LONGEST = timedelta(hours=48), 5, 2048
TOKEN_LASTS_S = 7200
GH = "gh_0123456789ab"


class Refusal(Exception):
    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code = code


@dataclass
class FakeWechat:
    """`answers_lost`: so many messages are taken and nothing comes back. `unreachable` is raised before anything."""

    app_id: str
    secret: str
    now: Callable[[], datetime]
    base_url: str
    post: Post
    tokens: dict[str, datetime] = field(default_factory=dict)
    followers: set[str] = field(default_factory=set)
    wrote_at: dict[str, datetime] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)
    sent: list[tuple[str, str]] = field(default_factory=list)
    media: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    refuse: dict[str, int] = field(default_factory=dict)
    answers_lost: int = 0
    unreachable: CarrierError | None = None
    _ids: "count[int]" = field(default_factory=lambda: count(23_000_000_000_000_001))

    # --- what followers do -----------------------------------------------------------------------------------

    def write(self, open_id: str, words: str, **more: str) -> str:
        """A follower writes; the answer is the MsgId."""
        return self.says(open_id, "text", Content=words, **more)

    def picture(self, open_id: str, data: bytes, reference: str = "") -> str:
        reference = reference or secrets.token_urlsafe(32)
        self.media[reference] = ("image/jpeg", data)
        return self.says(open_id, "image", PicUrl="http://mmbiz.qpic.cn/x", MediaId=reference)

    def says(self, open_id: str, kind: str, **fields: str) -> str:
        self.followers.add(open_id)
        self.wrote_at[open_id], self.answers[open_id] = self.now(), 0
        number = fields.pop("MsgId", str(next(self._ids)))
        self.post.send(self._letter(open_id, kind, **fields, MsgId=number))
        return number

    def follow(self, open_id: str) -> None:
        self.followers.add(open_id)
        self.post.send(self._letter(open_id, "event", Event="subscribe", EventKey=""))

    def leave(self, open_id: str) -> None:
        self.followers.discard(open_id)
        self.post.send(self._letter(open_id, "event", Event="unsubscribe", EventKey=""))

    def _letter(self, open_id: str, kind: str, **fields: str) -> str:
        stamp = str(int(self.now().timestamp()))
        return xml(ToUserName=GH, FromUserName=open_id, CreateTime=stamp, MsgType=kind, **fields)

    # --- what it is asked ------------------------------------------------------------------------------------

    def ask(self, url: str, body: bytes | None) -> Answer:
        """The transport that the desk is given."""
        if self.unreachable is not None:
            raise self.unreachable
        parts = urlsplit(url)
        assert f"{parts.scheme}://{parts.netloc}" == self.base_url, url
        query = {name: values[0] for name, values in parse_qs(parts.query, strict_parsing=bool(parts.query)).items()}
        self.asked.append(parts.path)
        try:
            return self._routes()[parts.path](query, body)
        except Refusal as refusal:
            return _json({"errcode": refusal.code, "errmsg": f"{refusal} hint: [Ab3_xx]"})

    def asked_for(self, path: str) -> int:
        return self.asked.count(path)

    def end_tokens(self) -> None:
        """Somebody asked for another one elsewhere."""
        self.tokens.clear()

    def _routes(self) -> dict[str, Callable[[dict[str, str], bytes | None], Answer]]:
        return {
            "/cgi-bin/stable_token": self._token,
            "/cgi-bin/message/custom/send": self._send,
            "/cgi-bin/media/get": self._media,
        }

    def _refuse(self, path: str) -> None:
        if path in self.refuse:
            raise Refusal(self.refuse[path], "as the test wants it")

    def _token(self, query: dict[str, str], body: bytes | None) -> Answer:
        fields = _fields(body)
        assert not query and set(fields) == {"grant_type", "appid", "secret", "force_refresh"}, fields
        assert fields["grant_type"] == "client_credential" and isinstance(fields["force_refresh"], bool)
        self._refuse("/cgi-bin/stable_token")
        if fields["appid"] != self.app_id:
            raise Refusal(40013, "invalid appid")
        if fields["secret"] != self.secret:
            raise Refusal(40125, "invalid appsecret")
        if fields["force_refresh"]:
            self.tokens.clear()
        good = next((text for text, until in self.tokens.items() if until > self.now()), "")
        if not good:
            good = f"92_{secrets.token_urlsafe(40)}"
            self.tokens[good] = self.now() + timedelta(seconds=TOKEN_LASTS_S)
        return _json({"access_token": good, "expires_in": int((self.tokens[good] - self.now()).total_seconds())})

    def _check(self, query: dict[str, str]) -> None:
        until = self.tokens.get(query.get("access_token", ""))
        if until is None:
            raise Refusal(40001, "invalid credential, access_token is invalid or not latest")
        if until <= self.now():
            raise Refusal(42001, "access_token expired")

    def _send(self, query: dict[str, str], body: bytes | None) -> Answer:
        assert set(query) == {"access_token"} and body is not None and b"\\u" not in body
        self._check(query)
        self._refuse("/cgi-bin/message/custom/send")
        fields = _fields(body)
        assert set(fields) == {"touser", "msgtype", "text"} and set(fields["text"]) == {"content"}, fields
        open_id, words = fields["touser"], fields["text"]["content"]
        if open_id not in self.wrote_at:
            raise Refusal(40003, "invalid openid")
        if open_id not in self.followers:
            raise Refusal(43004, "require subscribe")
        if not 0 < len(words.encode()) <= LONGEST:
            raise Refusal(45002, "content size out of limit")
        if self.now() - self.wrote_at[open_id] >= WINDOW:
            raise Refusal(45015, "response out of time limit or subscription is canceled")
        if self.answers[open_id] >= ANSWERS_EACH:
            raise Refusal(45047, "out of response count limit")
        self.answers[open_id] += 1
        self.sent.append((open_id, words))
        if self.answers_lost:
            self.answers_lost -= 1
            raise CarrierError("no answer came back")
        return _json({"errcode": 0, "errmsg": "ok"})

    def _media(self, query: dict[str, str], body: bytes | None) -> Answer:
        assert set(query) == {"access_token", "media_id"} and body is None
        self._check(query)
        self._refuse("/cgi-bin/media/get")
        if query["media_id"] not in self.media:
            raise Refusal(40007, "invalid media_id")
        content_type, data = self.media[query["media_id"]]
        return Answer(200, content_type, f'attachment; filename="{query["media_id"][:8]}.jpg"', data)


def _json(found: dict[str, Any]) -> Answer:
    return Answer(200, "application/json; encoding=utf-8", "", json.dumps(found).encode())


def _fields(body: bytes | None) -> dict[str, Any]:
    assert body is not None
    found = json.loads(body)
    assert isinstance(found, dict)
    return found
