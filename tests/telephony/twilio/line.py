"""The desk and the fake carrier together, and the steps of a call between them."""

from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from django.test import Client

from crmcore.models import User
from telephony.actions.calls import hang_up, hold_call, resume_call
from telephony.actions.offers import accept_offer
from telephony.models import Call, CallLeg
from telephony.providers.base import CarrierError
from telephony.providers.twilio.account import Account
from telephony.providers.twilio.rest import Rest
from telephony.states import LegKind
from tests.fake_carrier.carrier import FakeCarrier
from tests.fake_carrier.post import Plan
from tests.fake_carrier.rest import FakeHttp
from tests.fake_carrier.state import FakeCall
from tests.telephony.desk import Desk

ACCOUNT_SID = "AC" + "0" * 32
AUTH_TOKEN = "the token of the account"
BASE_URL = "https://desk.example.com"
CUSTOMER = "+8613800138000"


class Line:
    def __init__(self, desk: Desk, **plan: Any) -> None:
        self.desk = desk
        self.client = Client()
        self.carrier = FakeCarrier(
            account_sid=ACCOUNT_SID,
            auth_token=AUTH_TOKEN,
            base_url=BASE_URL,
            transport=self._post,
            now=lambda: desk.moment,
            plan=Plan(**plan),
        )
        self.http = FakeHttp(self.carrier)
        self.unreachable = False

    def connect(self) -> Rest:
        return self.rest

    @cached_property
    def rest(self) -> Rest:
        return Rest(Account.configured(), self.http, self._download)

    def _download(self, path: str) -> bytes:
        if self.unreachable:
            raise CarrierError("the carrier is out of reach")
        parts = urlsplit(path)
        return self.carrier.recordings[parts.path.rpartition("/")[2].removesuffix(".wav")]

    def settle(self, *, everything: bool = False) -> None:
        self.carrier.settle(everything=everything)

    def ring(self, number: str = CUSTOMER) -> FakeCall:
        """Somebody calls and waits."""
        caller = self.carrier.dial(number)
        self.settle()
        return caller

    def accept(self, agent: User, caller: FakeCall, *, connect: bool = True) -> FakeCall | None:
        """The agent takes the offer; the browser connects with the ticket it was given."""
        offer = self.desk.offer(self.call(caller))
        assert offer is not None
        ticket = self.desk.do(accept_offer, offer.pk, by=agent)
        return self.carrier.connect_browser(f"a_{agent.pk}", ticket=ticket) if connect else None

    def talk(self, agent: User, caller: FakeCall) -> FakeCall:
        browser = self.accept(agent, caller)
        assert browser is not None
        self.settle()
        return browser

    def hold(self, agent: User, caller: FakeCall) -> None:
        self.desk.do(hold_call, self.call(caller).pk, by=agent)
        self.settle()

    def resume(self, agent: User, caller: FakeCall) -> None:
        self.desk.do(resume_call, self.call(caller).pk, by=agent)
        self.settle()

    def agent_hangs_up(self, agent: User, caller: FakeCall) -> None:
        self.desk.do(hang_up, self.call(caller).pk, by=agent)
        self.settle()

    def caller_hangs_up(self, caller: FakeCall) -> None:
        self.carrier.hang_up(caller)
        self.settle()

    def call(self, caller: FakeCall) -> Call:
        return Call.objects.get(provider="twilio", provider_call_id=caller.sid)

    def agent_legs(self, caller: FakeCall) -> list[CallLeg]:
        return list(CallLeg.objects.filter(call=self.call(caller), kind=LegKind.AGENT).order_by("pk"))

    def asked(self, operation: str) -> list[dict[str, str]]:
        """The parameters of every REST request of this kind."""
        return [fields for name, fields in self.http.asked if name == operation]

    def _post(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        parts = urlsplit(url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        content_type = headers["Content-Type"]
        others = {name: value for name, value in headers.items() if name != "Content-Type"}
        answer = self.desk.do(
            self.client.generic,
            "POST",
            path,
            body,
            content_type,
            headers=others,  # type: ignore[arg-type]
        )
        return answer.status_code, answer.content.decode()
