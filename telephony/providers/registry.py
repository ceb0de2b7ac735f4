"""Which carriers there are, each loaded when it is first needed."""

from functools import cache

from django.utils.module_loading import import_string

from telephony.providers.base import Provider

PROVIDERS = {
    "browser": "telephony.providers.browser.provider.BrowserProvider",
    "twilio": "telephony.providers.twilio.provider.TwilioProvider",
    "cti": "telephony.providers.cti.provider.CtiProvider",
    "simulated": "telephony.providers.simulated.provider.SimulatedProvider",
}


@cache
def provider_of(code: str) -> Provider:
    """The carrier called `code`. Raises LookupError for one that nobody wrote."""
    if code not in PROVIDERS:
        raise LookupError(f"no telephony provider is called {code}")
    carrier: Provider = import_string(PROVIDERS[code])()
    return carrier
