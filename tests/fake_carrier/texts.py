"""The carrier's text messages: strict about what it is asked, and reporting by the plan of its post."""

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from tests.fake_carrier.carrier import FakeCarrier
from tests.fake_carrier.rest import RULES, SID, FakeHttp, Refusal, _page, is_address

OPTED_OUT, OUTSIDE_WINDOW, NOT_OURS = 21610, 63016, 21606


def is_party(value: str) -> bool:
    return bool(re.fullmatch(r"(whatsapp:)?\+[1-9]\d{6,14}", value))


def is_variables(value: str) -> bool:
    filled = json.loads(value)
    return isinstance(filled, dict) and all(key.isdigit() and text.strip() for key, text in filled.items())


TEXT_RULES = {
    "CreateMessage": {
        "To": is_party,
        "From": is_party,
        "Body": lambda body: 0 < len(body) <= 1600,
        "ContentSid": lambda sid: bool(re.fullmatch(f"HX{SID}", sid)),
        "ContentVariables": is_variables,
        "StatusCallback": is_address,
    },
    "ListMessage": {"To": is_party, "From": is_party, "DateSent>": bool, "PageSize": str.isdigit},
    "FetchMessage": {},
}
ROUTES = [
    ("POST", r"/Messages\.json", "CreateMessage"),
    ("GET", r"/Messages\.json", "ListMessage"),
    ("GET", rf"/Messages/(SM{SID})\.json", "FetchMessage"),
]


@dataclass
class FakeText:
    sid: str
    to: str
    from_: str
    body: str
    callback: str
    sent_at: datetime
    status: str = "queued"
    error_code: int | None = None
    fields: dict[str, str] = field(default_factory=dict)

    def row(self) -> dict[str, Any]:
        return {
            "sid": self.sid,
            "to": self.to,
            "from": self.from_,
            "body": self.body,
            "status": self.status,
            "error_code": self.error_code,
            "date_sent": format_datetime(self.sent_at),
        }


class FakeTexts(FakeHttp):
    """A FakeHttp that carries messages from `numbers`. `answers_lost`: so many are taken without an answer.

    `windows` holds who may get free text on WhatsApp, `opted_out` whose number blocks ours.
    """

    def __init__(self, carrier: FakeCarrier, numbers: set[str]) -> None:
        super().__init__(carrier)
        RULES.update(TEXT_RULES)  # type: ignore[arg-type]
        self.numbers = numbers
        self.texts: dict[str, FakeText] = {}
        self.windows: set[str] = set()
        self.opted_out: set[str] = set()
        self.answers_lost = 0

    def write(self, from_: str, body: str, to: str, **more: str) -> str:
        """A customer writes; the answer is the message's SID."""
        sid = self.carrier.new_sid("SM")
        self.windows.add(from_)
        fields = {
            "MessageSid": sid,
            "SmsSid": sid,
            "AccountSid": self.carrier.account_sid,
            "From": from_,
            "To": to,
            "Body": body,
            "NumSegments": "1",
            "NumMedia": "0",
            "FromCity": "",
            **more,
        }
        document = self.carrier.post.fetch(f"{self.carrier.base_url}/telephony/twilio/text/", fields)
        assert document == "<Response/>"
        return sid

    def report(self, sid: str, *statuses: str, code: int | None = None, **more: str) -> None:
        """The message comes so far, one state after the other; the reports travel by the plan."""
        text = self.texts[sid]
        for status in statuses:
            text.status, text.error_code = status, code
            fields = {"MessageSid": sid, "SmsSid": sid, "MessageStatus": status, "SmsStatus": status, "To": text.to}
            fields |= {"AccountSid": self.carrier.account_sid, "From": text.from_, **more}
            if code:
                fields["ErrorCode"] = str(code)
            self.carrier.post.send(text.callback, fields)

    def _operation(self, method: str, path: str) -> tuple[str, tuple[str, ...]]:
        root = f"/2010-04-01/Accounts/{self.carrier.account_sid}"
        for verb, pattern, operation in ROUTES:
            if verb == method and (found := re.fullmatch(root + pattern, path)):
                return operation, found.groups()
        return super()._operation(method, path)

    def _CreateMessage(self, fields: dict[str, str]) -> dict[str, Any]:  # noqa: N802
        to, from_ = fields["To"], fields["From"]
        if to.startswith("whatsapp:") != from_.startswith("whatsapp:"):
            raise Refusal(400, 63007, "From and To are of different channels")
        if from_.removeprefix("whatsapp:") not in self.numbers:
            raise Refusal(400, NOT_OURS, f"{from_} cannot send messages")
        if ("Body" in fields) == ("ContentSid" in fields):
            raise Refusal(400, 21619, "one of Body and ContentSid")
        if to in self.opted_out:
            raise Refusal(400, OPTED_OUT, "the recipient has unsubscribed")
        if to.startswith("whatsapp:") and "ContentSid" not in fields and to not in self.windows:
            raise Refusal(400, OUTSIDE_WINDOW, "outside of the window")
        sid = self.carrier.new_sid("SM")
        text = FakeText(sid, to, from_, fields.get("Body", ""), fields["StatusCallback"], self.carrier.now())
        text.fields = fields
        self.texts[sid] = text
        if self.answers_lost:
            self.answers_lost -= 1
            raise ConnectionError("the answer was lost")
        return text.row()

    def _ListMessage(self, fields: dict[str, str]) -> dict[str, Any]:  # noqa: N802
        rows = [text for text in self.texts.values() if (text.to, text.from_) == (fields["To"], fields["From"])]
        return _page("messages", [text.row() for text in reversed(rows)])

    def _FetchMessage(self, fields: dict[str, str], sid: str) -> dict[str, Any]:  # noqa: N802
        if sid not in self.texts:
            raise Refusal(404, 20404, f"there is no message {sid}")
        return self.texts[sid].row()
