"""A carrier that does not answer costs one thread a timeout, not all of them."""

from collections.abc import Callable
from typing import Any

import pytest
from requests import ConnectTimeout
from twilio.http import HttpClient
from twilio.http.response import Response

from telephony.providers.base import CarrierBusy, CarrierError
from telephony.providers.twilio.account import Account
from telephony.providers.twilio.rest import Rest, asking
from telephony.providers.twilio.silence import TRY_AGAIN_AFTER_S, GuardedHttp


class Carrier(HttpClient):  # type: ignore[misc]
    """Answers, or does not; `meanwhile` happens while it is being asked."""

    def __init__(self) -> None:
        super().__init__(None, False, 10)
        self.answers, self.asked = False, 0
        self.meanwhile: Callable[[], object] = lambda: None

    def request(self, *args: Any, **kwargs: Any) -> Response:
        self.asked += 1
        self.meanwhile()
        if not self.answers:
            raise ConnectTimeout
        return Response(200, "{}")


class Seconds:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def carrier() -> Carrier:
    return Carrier()


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def guarded(carrier: Carrier, seconds: Seconds) -> GuardedHttp:
    http = GuardedHttp(carrier, seconds)
    with pytest.raises(CarrierError), asking():
        http.request("GET", "/")
    return http


def test_after_a_silence_nobody_else_waits(carrier: Carrier, guarded: GuardedHttp) -> None:
    with pytest.raises(CarrierBusy), asking():
        guarded.request("GET", "/")
    assert carrier.asked == 1


def test_one_tries_again_while_the_others_are_told_to_wait(
    carrier: Carrier, guarded: GuardedHttp, seconds: Seconds
) -> None:
    seconds.now += TRY_AGAIN_AFTER_S

    def somebody_else() -> None:
        with pytest.raises(CarrierBusy):
            guarded.request("GET", "/")

    carrier.meanwhile = somebody_else
    with pytest.raises(CarrierError), asking():
        guarded.request("GET", "/")
    assert carrier.asked == 2


def test_an_answer_opens_the_way_for_all(carrier: Carrier, guarded: GuardedHttp, seconds: Seconds) -> None:
    seconds.now += TRY_AGAIN_AFTER_S
    carrier.answers = True
    guarded.request("GET", "/")
    guarded.request("GET", "/")
    assert carrier.asked == 3


def test_a_try_that_never_came_back_does_not_close_the_way_for_ever(
    carrier: Carrier, guarded: GuardedHttp, seconds: Seconds
) -> None:
    seconds.now += TRY_AGAIN_AFTER_S
    carrier.answers = True
    carrier.meanwhile = lambda: (_ for _ in ()).throw(SystemExit)
    with pytest.raises(SystemExit):
        guarded.request("GET", "/")
    carrier.meanwhile = lambda: None
    seconds.now += 10 + TRY_AGAIN_AFTER_S
    guarded.request("GET", "/")


def test_real_requests_are_guarded() -> None:
    assert isinstance(Rest(Account.configured()).client.http_client, GuardedHttp)
