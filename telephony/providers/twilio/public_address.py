"""Whether the desk can be reached by the address that the carrier knows, and signatures survive the way."""

import json
import secrets
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from twilio.request_validator import RequestValidator

from telephony.providers.twilio.account import Account, address

TIMEOUT_S = 5
LARGEST_ANSWER = 2_000


class Unreachable(Exception):
    """The address did not answer as it should; the message says how."""


class _NoDetours(HTTPRedirectHandler):
    """A carrier's POST that is sent elsewhere arrives as a GET, or not at all."""

    def redirect_request(self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> None:
        raise Unreachable(f"it sends callers on to {newurl}")


def reach(url: str, *, fields: dict[str, str] | None = None, headers: dict[str, str] | None = None) -> str:
    """The answer of an address of our own; with `fields`, to a form. Raises Unreachable."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise Unreachable("it is no web address")
    data = urlencode(fields).encode() if fields is not None else None
    try:
        with build_opener(_NoDetours).open(Request(url, data, headers or {}), timeout=TIMEOUT_S) as answer:  # noqa: S310
            return str(answer.read(LARGEST_ANSWER).decode("utf-8", "replace"))
    except HTTPError as error:
        raise Unreachable(f"it answers {error.code}") from error
    except (OSError, ValueError) as error:
        raise Unreachable(str(getattr(error, "reason", error))) from error


def echo(account: Account) -> None:
    """Send ourselves a webhook signed like the carrier's. Raises Unreachable when it does not come through."""
    url, fields = f"{address('echo')}?line=1", {"nonce": secrets.token_urlsafe(12), "Blank": ""}
    signature = RequestValidator(account.secrets[0]).compute_signature(url, fields)
    answer = reach(url, fields=fields, headers={"X-Twilio-Signature": signature})
    try:
        heard = json.loads(answer)
    except ValueError as error:
        raise Unreachable("something else answers there") from error
    if not isinstance(heard, dict) or heard.get("nonce") != fields["nonce"]:
        raise Unreachable("something else answers there")
