"""Signing a mailbox in at Google or Microsoft: the authorisation-code flow with PKCE, and fresh access tokens."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

from tickets.mail.servers import ServerRefused, told

TIMEOUT_S = 15
_LARGEST_ANSWER = 64_000


@dataclass(frozen=True)
class Provider:
    """Where to ask for permission and for tokens, and the servers that take them."""

    code: str
    authorize_url: str
    token_url: str
    scope: str
    imap_host: str
    smtp_host: str
    smtp_port: int
    smtp_security: str
    extra: tuple[tuple[str, str], ...] = ()


GOOGLE = Provider(
    code="google",
    authorize_url="https://accounts.google.com/o/oauth2/v2/auth",
    token_url="https://oauth2.googleapis.com/token",  # noqa: S106  an address, no secret
    scope="https://mail.google.com/",
    imap_host="imap.gmail.com",
    smtp_host="smtp.gmail.com",
    smtp_port=465,
    smtp_security="tls",
    extra=(("access_type", "offline"), ("prompt", "consent")),
)
MICROSOFT = Provider(
    code="microsoft",
    authorize_url="https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
    token_url="https://login.microsoftonline.com/common/oauth2/v2.0/token",  # noqa: S106  an address, no secret
    scope="offline_access https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send",
    imap_host="outlook.office365.com",
    smtp_host="smtp.office365.com",
    smtp_port=587,
    smtp_security="starttls",
    extra=(("prompt", "select_account"),),
)
PROVIDERS = {provider.code: provider for provider in (GOOGLE, MICROSOFT)}


@dataclass(frozen=True)
class Client:
    """Who the desk is to a provider."""

    client_id: str
    client_secret: str


@dataclass(frozen=True)
class Tokens:
    """`refresh` is empty where the provider keeps the one that we have; `lasts_s` seconds for the access token."""

    access: str
    refresh: str
    lasts_s: int


def new_verifier() -> str:
    """What proves, when the code comes back, that it was we who asked."""
    return secrets.token_urlsafe(48)


def authorization_url(
    provider: Provider, client: Client, *, redirect: str, state: str, verifier: str, address: str
) -> str:
    """Where the owner of the mailbox says yes."""
    digest = hashlib.sha256(verifier.encode()).digest()
    asked = {
        "client_id": client.client_id,
        "response_type": "code",
        "redirect_uri": redirect,
        "scope": provider.scope,
        "state": state,
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
        "login_hint": address,
        **dict(provider.extra),
    }
    return f"{provider.authorize_url}?{urlencode(asked)}"


def tokens_for_code(provider: Provider, client: Client, *, code: str, redirect: str, verifier: str) -> Tokens:
    """Exchange the code that came back. Raises ServerRefused."""
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect, "code_verifier": verifier}
    found = _asked(provider, client, fields)
    if not found.refresh:
        raise ServerRefused("the provider gave no lasting permission", is_final=True)
    return found


def fresh_tokens(provider: Provider, client: Client, refresh: str) -> Tokens:
    """A new access token. Raises ServerRefused, final where the permission was taken back."""
    return _asked(provider, client, {"grant_type": "refresh_token", "refresh_token": refresh})


def _asked(provider: Provider, client: Client, fields: dict[str, str]) -> Tokens:
    if urlsplit(provider.token_url).scheme not in ("http", "https"):
        raise ServerRefused("the provider's address is no web address", is_final=True)
    who = {"client_id": client.client_id, "client_secret": client.client_secret}
    request = Request(provider.token_url, urlencode(fields | who).encode(), {"Accept": "application/json"})  # noqa: S310
    try:
        with urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
            return _tokens(json.loads(answer.read(_LARGEST_ANSWER)))
    except HTTPError as error:
        raise ServerRefused(_reason(error), is_final=error.code in (400, 401)) from error
    except (OSError, ValueError) as error:
        raise ServerRefused(told(error)) from error


def _tokens(found: Any) -> Tokens:
    if not isinstance(found, dict) or not found.get("access_token"):
        raise ServerRefused("the provider gave no token")
    return Tokens(str(found["access_token"]), str(found.get("refresh_token", "")), int(found.get("expires_in", 3600)))


def _reason(error: HTTPError) -> str:
    try:
        found = json.loads(error.read(_LARGEST_ANSWER))
        return told(f"{found.get('error', '')} {found.get('error_description', '')}")
    except (OSError, ValueError, AttributeError):
        return f"the provider answers {error.code}"
