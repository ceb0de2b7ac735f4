"""The platform's REST interface, as far as we need it."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import Request, urlopen

from telephony.providers.base import CarrierBusy, CarrierError
from telephony.providers.message_channel import Media
from telephony.providers.wechat.faults import PASSING, TOKEN_FAULTS, ApiFault, TokenRefused

TIMEOUT_S = 8
LARGEST_MEDIA = 20_000_000
_NAME = re.compile(r'filename="([^"]{1,120})"')


@dataclass(frozen=True)
class Answer:
    """What came back, whatever its status was."""

    status: int
    content_type: str
    disposition: str
    body: bytes


@dataclass(frozen=True)
class AccessToken:
    """What every request but the one for it carries; it lasts `lasts_s` seconds."""

    text: str
    lasts_s: int


Transport = Callable[[str, bytes | None], Answer]


def over_http(url: str, body: bytes | None) -> Answer:
    """Ask the platform. Raises CarrierBusy when the request did not get there, CarrierError when nothing came back."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise CarrierBusy("the address of the platform is no web address")
    request = Request(url, body, {"Content-Type": "application/json; charset=utf-8"} if body else {})  # noqa: S310
    try:
        with urlopen(request, timeout=TIMEOUT_S) as found:  # noqa: S310
            heads = found.headers
            data = found.read(LARGEST_MEDIA + 1)
            return Answer(found.status, heads.get("Content-Type", ""), heads.get("Content-Disposition", ""), data)
    except HTTPError as error:
        raise CarrierError(f"the platform answers {error.code}") from error
    except URLError as error:
        raise CarrierBusy(f"the platform cannot be reached: {error.reason}") from error
    except (OSError, HTTPException) as error:
        raise CarrierError(f"no answer came back: {error}") from error


@dataclass(frozen=True)
class Api:
    """Requests. Every method raises CarrierBusy (TokenRefused) and CarrierError; ApiFault for any other refusal."""

    base_url: str
    ask: Transport = over_http

    def token(self, app_id: str, secret: str, *, anew: bool) -> AccessToken:
        """The account's token: the one that is valid, or another that ends the one before."""
        fields = {"grant_type": "client_credential", "appid": app_id, "secret": secret, "force_refresh": anew}
        found = self._post("/cgi-bin/stable_token", fields)
        try:
            return AccessToken(str(found["access_token"]), int(found["expires_in"]))
        except (KeyError, TypeError, ValueError) as error:
            raise CarrierError("the platform gave no token") from error

    def send_words(self, token: str, open_id: str, words: str) -> None:
        """Send a text to a follower who wrote lately."""
        fields = {"touser": open_id, "msgtype": "text", "text": {"content": words}}
        self._post(f"/cgi-bin/message/custom/send?{urlencode({'access_token': token})}", fields)

    def media(self, token: str, reference: str) -> Media:
        """A picture, voice message or file that a follower sent within the last three days."""
        query = f"access_token={quote(token, safe='')}&media_id={quote(reference, safe='')}"
        answer = self.ask(f"{self.base_url}/cgi-bin/media/get?{query}", None)
        if answer.content_type.partition(";")[0].strip() in ("application/json", "text/plain"):
            _checked(_read(answer))
            raise ApiFault(0, "this can only be seen on the platform")
        if len(answer.body) > LARGEST_MEDIA:
            raise ApiFault(0, "the file is too large")
        named = _NAME.search(answer.disposition)
        return Media(named[1] if named else "", answer.body)

    def _post(self, path: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        # The platform shows \uXXXX to readers as it stands, so letters go out as they are.
        body = json.dumps(fields, ensure_ascii=False).encode()
        return _checked(_read(self.ask(f"{self.base_url}{path}", body)))


def _read(answer: Answer) -> dict[str, Any]:
    try:
        found = json.loads(answer.body)
    except ValueError as error:
        raise CarrierError("the platform's answer cannot be read") from error
    if not isinstance(found, dict):
        raise CarrierError("the platform's answer cannot be read")
    return found


def _checked(found: dict[str, Any]) -> dict[str, Any]:
    """The answer, unless it is a refusal. A refused message was not taken."""
    code = found.get("errcode", 0)
    words = str(found.get("errmsg", ""))[:200]
    if code in TOKEN_FAULTS:
        raise TokenRefused(f"{code} {words}")
    if code in PASSING:
        raise CarrierBusy(f"{code} {words}")
    if code != 0:
        raise ApiFault(int(code), words)
    return found
