"""A desk that writes text messages by the fake carrier."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from crmcore.models import Account, AccountContact, Contact, ContactPoint, User
from telephony.actions.text_outbox import deliver_due_texts
from telephony.actions.texting import Words, send_text
from telephony.models import PhoneLine, TextMessage
from telephony.text_states import TextChannel
from tests.fake_carrier.texts import FakeTexts
from tests.telephony.desk import Desk
from tests.telephony.twilio.conftest import account, make_line  # noqa: F401  # fixtures
from tests.telephony.twilio.line import Line
from tickets.actions.defaults import ensure_ticket_defaults
from tickets.actions.lifecycle import open_ticket
from tickets.models import Ticket, TicketType

OURS, LI = "+862151008000", "+8613800138000"
MakeTexting = Callable[..., "Texting"]


@dataclass
class Texting:
    """The desk, its carrier, an agent, and a customer whose mobile is LI."""

    desk: Desk
    line: Line
    http: FakeTexts
    mei: User
    li: Contact
    account: Account

    def ticket(self, **changes: Any) -> Ticket:
        facts: dict[str, Any] = {
            "by": None,
            "subject": "The boiler leaks",
            "type": TicketType.objects.get(code="repair"),
            "queue": self.desk.queue,
            "account": self.account,
            "contact": self.li,
            "channel": "call",
        }
        return self.desk.do(open_ticket, **{**facts, **changes})

    def send(
        self,
        ticket: Ticket,
        words: str | Words = "We come at nine.",
        channel: TextChannel = TextChannel.SMS,
        token: str = "t1",  # noqa: S107
    ) -> TextMessage:
        said = words if isinstance(words, Words) else Words(words)
        text = self.desk.do(send_text, ticket, channel, said, by=self.mei, token=token)
        return self.again(text)

    def write(self, body: str, number: str = LI, **more: str) -> str:
        """A customer writes; the answer is the SID."""
        sid = self.http.write(number, body, more.pop("to", OURS), **more)
        self.line.settle()
        return sid

    def report(self, text: TextMessage, *statuses: str, code: int | None = None, **more: str) -> TextMessage:
        """The carrier tells how far it is; everything, also what is late, arrives."""
        self.http.report(self.again(text).provider_sid, *statuses, code=code, **more)
        self.line.settle(everything=True)
        return self.again(text)

    def wait(self, seconds: float) -> None:
        self.desk.wait(seconds, tick=False)
        self.desk.do(deliver_due_texts, self.desk.moment)

    def again(self, text: TextMessage) -> TextMessage:
        return TextMessage.objects.get(pk=text.pk)

    def taken(self) -> list[dict[str, str]]:
        """What the carrier was asked to send, and took."""
        return [text.fields for text in self.http.texts.values()]


@pytest.fixture
def make_texting(desk: Desk, make_line: Callable[..., Line]) -> MakeTexting:  # noqa: F811
    """A desk whose carrier works by a plan of disorder."""

    def make(**plan: object) -> Texting:
        line = make_line(**plan)
        line.http = FakeTexts(line.carrier, {OURS})
        ensure_ticket_defaults()
        PhoneLine.objects.create(
            number=OURS, name="Main", queue=desk.queue, language="en", takes_texts=True, takes_whatsapp=True
        )
        li = Contact.objects.create(name="Li Wei", language="en", created_at=desk.moment)
        company = Account.objects.create(code="C-1", name="Li and Sons", created_at=desk.moment)
        AccountContact.objects.create(account=company, contact=li, is_primary=True)
        ContactPoint.objects.create(contact=li, kind="phone", raw=LI, value=LI)
        return Texting(desk, line, line.http, desk.new_agent("mei"), li, company)

    return make


@pytest.fixture
def texting(make_texting: MakeTexting) -> Texting:
    """A carrier that does everything once, in order and at once."""
    return make_texting()
