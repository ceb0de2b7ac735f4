"""Which carriers there are, each loaded by its name when it is first needed."""

from collections.abc import Iterator
from functools import cache

from django.utils.module_loading import import_string

from telephony.providers.base import Provider
from telephony.providers.message_channel import MessageChannel

PROVIDERS = {
    "browser": "telephony.providers.browser.provider.BrowserProvider",
    "twilio": "telephony.providers.twilio.provider.TwilioProvider",
    "cti": "telephony.providers.cti.provider.CtiProvider",
    "simulated": "telephony.providers.simulated.provider.SimulatedProvider",
}

# Networks that carry messages and no calls.
MESSENGERS = {"wechat": "telephony.actions.wechat_sending.WechatChannel"}


@cache
def provider_of(code: str) -> Provider:
    """The carrier called `code`. Raises LookupError for one that nobody wrote."""
    if code not in PROVIDERS:
        raise LookupError(f"no telephony provider is called {code}")
    carrier: Provider = import_string(PROVIDERS[code])()
    return carrier


def message_channels() -> Iterator[MessageChannel]:
    """All that can send written messages, in the order in which they are asked."""
    carriers = (provider_of(code) for code in PROVIDERS)
    yield from (carrier for carrier in carriers if isinstance(carrier, MessageChannel))
    yield from (message_channel(code) for code in MESSENGERS)


@cache
def message_channel(code: str) -> MessageChannel:
    """The carrier or network called `code`. Raises LookupError for one that cannot send messages."""
    channel = import_string(MESSENGERS[code])() if code in MESSENGERS else provider_of(code)
    if not isinstance(channel, MessageChannel):
        raise LookupError(f"{code} cannot send messages")
    return channel
