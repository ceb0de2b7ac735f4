"""The carrier's office: numbers, applications, keys, regions and calls that are placed by REST."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.fake_carrier import markup
from tests.fake_carrier.carrier import FakeCarrier
from tests.fake_carrier.rest import METHODS, RULES, SID, FakeHttp, Refusal, _page, is_address, is_number


def is_address_or_empty(value: str) -> bool:
    return value == "" or is_address(value)


def is_markup(value: str) -> bool:
    if len(value) > 4000:
        return False
    markup.read(value)
    return True


WEBHOOKS = {
    "VoiceUrl": is_address_or_empty,
    "VoiceMethod": METHODS.__contains__,
    "VoiceFallbackUrl": is_address_or_empty,
    "VoiceFallbackMethod": METHODS.__contains__,
    "StatusCallback": is_address_or_empty,
    "StatusCallbackMethod": METHODS.__contains__,
}
OFFICE_RULES = {
    "FetchAccount": {},
    "ListIncomingPhoneNumber": {"PageSize": str.isdigit},
    "UpdateIncomingPhoneNumber": {
        **WEBHOOKS,
        "VoiceApplicationSid": lambda sid: not sid or bool(re.fullmatch(f"AP{SID}", sid)),
        "SmsUrl": is_address_or_empty,
        "SmsMethod": METHODS.__contains__,
        "SmsApplicationSid": lambda sid: not sid or bool(re.fullmatch(f"AP{SID}", sid)),
        "TrunkSid": lambda sid: not sid or bool(re.fullmatch(f"TK{SID}", sid)),
    },
    "FetchApplication": {},
    "UpdateApplication": WEBHOOKS,
    "FetchKey": {},
    "FetchRoute": {},
    "CreateCall": {
        "To": is_number,
        "From": is_number,
        "Twiml": is_markup,
        "Timeout": lambda seconds: seconds.isdigit() and 5 <= int(seconds) <= 600,
    },
}
ROUTES = [
    ("GET", r"\.json", "FetchAccount"),
    ("GET", r"/IncomingPhoneNumbers\.json", "ListIncomingPhoneNumber"),
    ("POST", rf"/IncomingPhoneNumbers/(PN{SID})\.json", "UpdateIncomingPhoneNumber"),
    ("GET", rf"/Applications/(AP{SID})\.json", "FetchApplication"),
    ("POST", rf"/Applications/(AP{SID})\.json", "UpdateApplication"),
    ("GET", rf"/Keys/(SK{SID})\.json", "FetchKey"),
    ("POST", r"/Calls\.json", "CreateCall"),
]


@dataclass
class OfficeNumber:
    """`region` is where its calls are handled."""

    number: str
    region: str = "us1"
    can_text: bool = True
    fields: dict[str, str] = field(default_factory=dict)


class FakeOffice(FakeHttp):
    """A FakeHttp that also keeps the office's books; everything in it belongs to `region`."""

    def __init__(self, carrier: FakeCarrier, region: str = "us1") -> None:
        super().__init__(carrier)
        RULES.update(OFFICE_RULES)  # type: ignore[arg-type]
        self.region, self.account_status = region, "active"
        self.numbers: dict[str, OfficeNumber] = {}
        self.applications: dict[str, dict[str, str]] = {}
        self.keys: set[str] = set()
        self.placed: list[dict[str, str]] = []

    def sell(self, number: str, region: str = "us1", **fields: str) -> str:
        """Give the account a number; the answer is its SID."""
        sid = self.carrier.new_sid("PN")
        self.numbers[sid] = OfficeNumber(number, region, fields=fields)
        return sid

    def _operation(self, method: str, path: str) -> tuple[str, tuple[str, ...]]:
        root = f"/2010-04-01/Accounts/{self.carrier.account_sid}"
        for verb, pattern, operation in ROUTES:
            if verb == method and (found := re.fullmatch(root + pattern, path)):
                return operation, found.groups()
        if method == "GET" and (found := re.fullmatch(r"/v2/PhoneNumbers/(\+\d+)", unquote(path))):
            return "FetchRoute", found.groups()
        return super()._operation(method, path)

    def request(self, method: str, url: str, *args: Any, **more: Any) -> Any:
        host = urlsplit(url).netloc.split(".")
        self.region_asked = host[1] if len(host) == 4 else host[2] if len(host) == 5 else "us1"
        return super().request(method, url, *args, **more)

    def _here(self, known: bool, what: str) -> None:
        """What another region has made does not exist here."""
        if not known or self.region_asked != self.region:
            raise Refusal(404, 20404, f"there is no {what}")

    def _FetchAccount(self, fields: dict[str, str]) -> dict[str, Any]:  # noqa: N802
        return {"sid": self.carrier.account_sid, "status": self.account_status}

    def _ListIncomingPhoneNumber(self, fields: dict[str, str]) -> dict[str, Any]:  # noqa: N802
        rows = [
            {"sid": sid, "phone_number": row.number, "capabilities": {"voice": True, "sms": row.can_text}, **row.fields}
            for sid, row in self.numbers.items()
        ]
        return _page("incoming_phone_numbers", rows)

    def _UpdateIncomingPhoneNumber(self, fields: dict[str, str], sid: str) -> dict[str, Any]:  # noqa: N802
        self._here(sid in self.numbers, f"number {sid}")
        self.numbers[sid].fields |= {_snake(name): value for name, value in fields.items()}
        return {"sid": sid, "phone_number": self.numbers[sid].number, **self.numbers[sid].fields}

    def _FetchApplication(self, fields: dict[str, str], sid: str) -> dict[str, Any]:  # noqa: N802
        self._here(sid in self.applications, f"application {sid}")
        return {"sid": sid, **self.applications[sid]}

    def _UpdateApplication(self, fields: dict[str, str], sid: str) -> dict[str, Any]:  # noqa: N802
        self._here(sid in self.applications, f"application {sid}")
        self.applications[sid] |= {_snake(name): value for name, value in fields.items()}
        return {"sid": sid, **self.applications[sid]}

    def _FetchKey(self, fields: dict[str, str], sid: str) -> dict[str, Any]:  # noqa: N802
        self._here(sid in self.keys, f"key {sid}")
        return {"sid": sid}

    def _FetchRoute(self, fields: dict[str, str], number: str) -> dict[str, Any]:  # noqa: N802
        row = next((row for row in self.numbers.values() if row.number == number), None)
        if row is None:
            raise Refusal(404, 20404, f"there is no number {number}")
        return {"phone_number": number, "voice_region": row.region}

    def _CreateCall(self, fields: dict[str, str]) -> dict[str, Any]:  # noqa: N802
        if fields["From"] not in {row.number for row in self.numbers.values()}:
            raise Refusal(400, 21210, f"{fields['From']} is not a number of this account")
        self.placed.append(fields)
        return {"sid": self.carrier.new_sid("CA"), "status": "queued"}


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
