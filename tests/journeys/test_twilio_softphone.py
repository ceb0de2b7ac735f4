"""The agent's softphone with the carrier's genuine browser SDK; the network behind it is a stand-in."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, WebSocketRoute

from telephony.providers.twilio.access_tokens import access_token
from telephony.providers.twilio.account import Account

ROOT = Path(__file__).parents[2]
SDK = ROOT / "servicedesk/static/dist/voice-sdk.js"
FILES = {
    "/static/telephony/twilio_phone.js": ROOT / "telephony/static/telephony/twilio_phone.js",
    "/static/dist/voice-sdk.js": SDK,
}
ACCOUNT = Account(
    sid="AC" + "a" * 32,
    secrets=(),
    api_key_sid="SK" + "b" * 32,
    api_key_secret="a secret of at least thirty-two characters",
    application_sid="AP" + "c" * 32,
    api_base_url="",
    public_base_url="",
    region="",
)
CALL_SID = "CA" + "1" * 32
LISTEN = """
window.said = [];
document.addEventListener('phone:state', ({detail}) => said.push(detail.state));
"""
JOIN = "import('/static/telephony/twilio_phone.js').then(m => void m.join({callId: 5, joinTicket: 'the ticket'}))"
ANSWER = """async sdp => {
  const pc = (window.pc = new RTCPeerConnection());
  const silence = new AudioContext().createMediaStreamDestination();
  pc.addTrack(silence.stream.getTracks()[0], silence.stream);
  await pc.setRemoteDescription({type: 'offer', sdp});
  await pc.setLocalDescription(await pc.createAnswer());
  while (pc.iceGatheringState !== 'complete') await new Promise(again => setTimeout(again, 20));
  return pc.localDescription.sdp;
}"""

pytestmark = pytest.mark.skipif(not SDK.exists(), reason="the scripts are not built")


class Signalling:
    """The carrier's socket: says yes, and keeps what the SDK said."""

    def __init__(self, context: BrowserContext, token: str) -> None:
        self.heard: list[dict[str, object]] = []
        self.socket: WebSocketRoute | None = None
        self._token = token
        context.route("**/*", self._serve)
        context.route_web_socket(lambda url: "twilio.com" in url, self._connect)

    def of(self, kind: str) -> list[dict[str, str]]:
        return [message["payload"] for message in self.heard if message["type"] == kind]  # type: ignore[misc]

    def say(self, kind: str, **payload: str) -> None:
        assert self.socket is not None
        self.socket.send(json.dumps({"type": kind, "version": "1.6", "payload": payload}))

    def _connect(self, socket: WebSocketRoute) -> None:
        self.socket = socket
        socket.on_message(self._hear)

    def _hear(self, text: str | bytes) -> None:
        if not text.strip():
            return
        message = json.loads(text)
        self.heard.append(message)
        if message["type"] == "listen":
            self.say("connected", token="x", edge="local", region="local")

    def _serve(self, route: Route) -> None:
        parts = urlsplit(route.request.url)
        if parts.hostname != "localhost":
            route.abort()
        elif parts.path in FILES:
            route.fulfill(path=FILES[parts.path], content_type="text/javascript")
        elif parts.path == "/telephony/twilio/token/":
            route.fulfill(json={"token": self._token})
        else:
            route.fulfill(body="<!doctype html><title>desk</title>", content_type="text/html")


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    yield context
    context.close()


def test_softphone_joins_with_the_ticket_mutes_and_hangs_up(context: BrowserContext) -> None:
    carrier = Signalling(context, access_token(ACCOUNT, 7))
    far, desk = context.new_page(), context.new_page()
    for page in (far, desk):
        page.goto("http://localhost/")
    desk.evaluate(LISTEN)
    desk.evaluate(JOIN)
    _until(desk, lambda: bool(carrier.of("invite")))
    invite = carrier.of("invite")[0]
    assert invite["twilio"] == {"params": "ticket=the%20ticket"}
    carrier.say("answer", callsid=CALL_SID, sdp=far.evaluate(ANSWER, invite["sdp"]), reconnect="token")
    _until(desk, lambda: desk.evaluate("said.at(-1)") == "connected")
    _until(far, lambda: far.evaluate("pc.connectionState") == "connected")
    desk.evaluate("document.dispatchEvent(new CustomEvent('phone:mute'))")
    desk.evaluate("document.dispatchEvent(new CustomEvent('phone:hangup'))")
    _until(desk, lambda: bool(carrier.of("hangup")))
    assert desk.evaluate("said") == ["connecting", "connected", "muted", "idle"]


def test_softphone_says_when_it_gets_no_pass(context: BrowserContext) -> None:
    Signalling(context, "")
    context.route("**/telephony/twilio/token/", lambda route: route.fulfill(status=403))
    page = context.new_page()
    page.goto("http://localhost/")
    page.evaluate(LISTEN)
    page.evaluate(JOIN)
    _until(page, lambda: page.evaluate("said.length") == 2)
    assert page.evaluate("said") == ["connecting", "no-line"]


def _until(page: Page, is_so: Callable[[], bool]) -> None:
    for _ in range(200):
        if is_so():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it did not happen within ten seconds")
