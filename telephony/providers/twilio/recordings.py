"""Addresses at which the carrier fetches recorded prompts: signed, as prompts are not for everybody."""

from django.core import signing

from telephony.providers.twilio.account import address

_signer = signing.Signer(salt="telephony.flow_recording")


def address_of(recording_id: int) -> str:
    """Where the carrier finds a recorded prompt."""
    return f"{address('recording')}{_signer.sign_object(recording_id)}/"


def recording_at(signed_id: str) -> int:
    """The prompt behind the last part of such an address. Raises django.core.signing.BadSignature."""
    return int(_signer.unsign_object(signed_id))
