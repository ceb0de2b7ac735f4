"""Passes by which an agent's browser signs in to the carrier's telephone network."""

from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant

from telephony.providers.twilio.account import Account

LIFETIME_S = 3600
_PREFIX = "a_"


def identity_of(user_id: int) -> str:
    """The name under which an agent's browser is known at the carrier."""
    return f"{_PREFIX}{user_id}"


def user_of(address: str) -> int | None:
    """The agent behind a `From` such as `client:a_7`, None for anybody else."""
    number = address.removeprefix(f"client:{_PREFIX}")
    return int(number) if number != address and number.isascii() and number.isdigit() else None


def access_token(account: Account, user_id: int) -> str:
    """A pass for an hour that can only place calls to our own application: nothing rings an agent from outside."""
    token = AccessToken(
        account.sid,
        account.api_key_sid,
        account.api_key_secret,
        identity=identity_of(user_id),
        ttl=LIFETIME_S,
        region=account.region or None,
    )
    token.add_grant(VoiceGrant(outgoing_application_sid=account.application_sid))
    return str(token.to_jwt())
