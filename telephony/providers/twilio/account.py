"""The account at the carrier, as the settings name it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings

PREFIX = "/telephony/twilio/"
USUAL_REGION = "us1"


@dataclass(frozen=True)
class Account:
    """`secrets` are the auth tokens in use, the newest first: during a rotation webhooks may be signed with either."""

    sid: str
    secrets: tuple[str, ...]
    api_key_sid: str
    api_key_secret: str
    application_sid: str
    api_base_url: str
    public_base_url: str
    region: str

    @classmethod
    def configured(cls) -> "Account":
        """What the settings say; anything may be empty."""
        tokens = (token.strip() for token in settings.TWILIO_AUTH_TOKEN.split(","))
        return cls(
            sid=settings.TWILIO_ACCOUNT_SID,
            secrets=tuple(token for token in tokens if token),
            api_key_sid=settings.TWILIO_API_KEY_SID,
            api_key_secret=settings.TWILIO_API_KEY_SECRET,
            application_sid=settings.TWILIO_TWIML_APP_SID,
            api_base_url=settings.TWILIO_API_BASE_URL.rstrip("/"),
            public_base_url=settings.PUBLIC_BASE_URL,
            region=settings.TWILIO_REGION,
        )

    @property
    def region_name(self) -> str:
        """The one region of number, application, key, pass and REST address."""
        return self.region or USUAL_REGION

    @property
    def takes_webhooks(self) -> bool:
        """Whether a webhook's signature can be checked at all."""
        return bool(self.secrets and self.public_base_url)

    @property
    def takes_commands(self) -> bool:
        return bool(self.sid and self.secrets and self.public_base_url)

    @property
    def has_browser_phones(self) -> bool:
        return bool(self.sid and self.api_key_sid and self.api_key_secret and self.application_sid)


def address(name: str, **about: str) -> str:
    """The absolute address of one of our webhooks, such as `caller`; `about` comes back in its query."""
    query = f"?{urlencode(about)}" if about else ""
    return f"{settings.PUBLIC_BASE_URL}{PREFIX}{name}/{query}"
