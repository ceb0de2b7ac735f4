"""The carrier's own records of numbers, application and account, which are set once."""

from dataclasses import dataclass

from telephony.providers.twilio.account import address
from telephony.providers.twilio.rest import Rest, asking

# A delivery that failed in any way is repeated twice; repetitions change nothing here.
AGAIN = "#rc=2&rp=all"


@dataclass(frozen=True)
class CarrierNumber:
    """One number as the carrier has it. An `owner` (application or trunk) takes its calls past the addresses.

    `takes_texts`: the number itself can do messages; `text_owner` takes them past the address.
    """

    sid: str
    number: str
    voice_url: str
    voice_method: str
    fallback_url: str
    status_url: str
    owner: str
    takes_texts: bool = False
    text_url: str = ""
    text_method: str = ""
    text_owner: str = ""


@dataclass(frozen=True)
class CarrierApplication:
    """The application to which agents' browsers connect."""

    voice_url: str
    voice_method: str


class Onboarding:
    """Raises Gone, Refused and CarrierError like the calls' own requests."""

    def __init__(self, rest: Rest) -> None:
        self._client = rest.client

    def account_status(self) -> str:
        """`active`, `suspended` or `closed`."""
        with asking():
            return str(self._client.api.accounts(self._client.account_sid).fetch().status)

    def numbers(self) -> dict[str, CarrierNumber]:
        """The account's numbers by their E.164 form."""
        with asking():
            rows = self._client.incoming_phone_numbers.list(page_size=100)
            return {row.phone_number: _number(row) for row in rows}

    def set_webhooks(self, number_sid: str, *, fallback_url: str) -> None:
        """Let the carrier ask us about calls to this number; told twice, it is the same."""
        with asking():
            self._client.incoming_phone_numbers(number_sid).update(
                voice_application_sid="",
                trunk_sid="",
                voice_url=address("voice") + AGAIN,
                voice_method="POST",
                voice_fallback_url=fallback_url,
                voice_fallback_method="GET",
                status_callback=address("status") + AGAIN,
                status_callback_method="POST",
            )

    def set_text_webhook(self, number_sid: str) -> None:
        """Let the carrier bring us the messages to this number; told twice, it is the same."""
        with asking():
            self._client.incoming_phone_numbers(number_sid).update(
                sms_application_sid="", sms_url=address("text") + AGAIN, sms_method="POST"
            )

    def application(self, sid: str) -> CarrierApplication:
        with asking():
            row = self._client.applications(sid).fetch()
            return CarrierApplication(row.voice_url or "", row.voice_method or "")

    def set_application(self, sid: str) -> None:
        with asking():
            self._client.applications(sid).update(
                voice_url=address("agent"),
                voice_method="POST",
                status_callback=address("status") + AGAIN,
                status_callback_method="POST",
            )

    def has_key(self, sid: str) -> bool:
        """Whether the API key is known here. Raises Gone when it is not."""
        with asking():
            return str(self._client.keys(sid).fetch().sid) == sid

    def voice_region(self, number: str) -> str:
        """The region in which calls to this number are handled."""
        with asking():
            return str(self._client.routes.v2.phone_numbers(number).fetch().voice_region or "us1")

    def call(self, to: str, *, caller: str, markup: str) -> str:
        """Call a number and read `markup` to whoever answers; the answer is the call's SID."""
        with asking():
            return str(self._client.calls.create(to=to, from_=caller, twiml=markup, timeout=30).sid)


def _number(row: object) -> CarrierNumber:
    def read(name: str) -> str:
        return str(getattr(row, name, None) or "")

    return CarrierNumber(
        sid=read("sid"),
        number=read("phone_number"),
        voice_url=read("voice_url"),
        voice_method=read("voice_method"),
        fallback_url=read("voice_fallback_url"),
        status_url=read("status_callback"),
        owner=read("voice_application_sid") or read("trunk_sid"),
        takes_texts=bool((getattr(row, "capabilities", None) or {}).get("sms")),
        text_url=read("sms_url"),
        text_method=read("sms_method"),
        text_owner=read("sms_application_sid"),
    )
