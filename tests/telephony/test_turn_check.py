"""A relay is lent to who knows the secret: against a TURN server that checks every byte of the request."""

import hashlib
import hmac
import socket
import struct
import threading
from collections.abc import Iterator

import pytest

from telephony.providers.browser.turn_check import NoRelay, TurnServer, borrow_relay

USER, PASSWORD, REALM, NONCE = "1700000000:doctor", "the password", b"desk.example.com", b"n-0123456789"


class FakeTurn(threading.Thread):
    """Answers Allocate over UDP: 401 first, then by the integrity of the message."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.line.bind(("127.0.0.1", 0))
        self.port = self.line.getsockname()[1]
        self.freed = False

    def run(self) -> None:
        while True:
            try:
                message, sender = self.line.recvfrom(2048)
            except OSError:
                return
            self.line.sendto(self._answer(message), sender)

    def _answer(self, message: bytes) -> bytes:
        kind, length, cookie, transaction = struct.unpack_from("!HHI12s", message)
        assert (length, cookie) == (len(message) - 20, 0x2112A442)
        found, at = {}, 20
        while at < len(message):
            name, size = struct.unpack_from("!HH", message, at)
            found[name] = message[at + 4 : at + 4 + size]
            if name == 8:
                signed = message[:at]
            at += 4 + size + (-size % 4)
        if 8 not in found:
            return _reply(kind | 0x110, transaction, [(9, b"\0\0\4\1Unauthorized"), (0x14, REALM), (0x15, NONCE)])
        key = hashlib.md5(f"{USER}:{REALM.decode()}:{PASSWORD}".encode()).digest()  # noqa: S324
        if found[8] != hmac.new(key, signed, hashlib.sha1).digest():
            return _reply(kind | 0x110, transaction, [(9, b"\0\0\4\1Unauthorized")])
        self.freed = kind == 4 and found[0x0D] == bytes(4)
        return _reply(kind | 0x100, transaction, [(0x16, b"\0\1\xa1\x47\xe1\xba\xa4\x43")])


def _reply(kind: int, transaction: bytes, attributes: list[tuple[int, bytes]]) -> bytes:
    body = b"".join(struct.pack("!HH", name, len(value)) + value + bytes(-len(value) % 4) for name, value in attributes)
    return struct.pack("!HHI12s", kind, len(body), 0x2112A442, transaction) + body


@pytest.fixture
def server() -> Iterator[FakeTurn]:
    turn = FakeTurn()
    turn.start()
    yield turn
    turn.line.close()


def test_relay_is_borrowed_and_given_back(server: FakeTurn) -> None:
    borrow_relay(f"turn:127.0.0.1:{server.port}", USER, PASSWORD)
    assert server.freed


def test_wrong_secret_gets_no_relay(server: FakeTurn) -> None:
    with pytest.raises(NoRelay, match="401 Unauthorized"):
        borrow_relay(f"turn:127.0.0.1:{server.port}", USER, "another")


def test_closed_port_is_no_relay() -> None:
    with pytest.raises(NoRelay):
        borrow_relay("turn:127.0.0.1:9?transport=tcp", USER, PASSWORD)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("turn:relay.example.com", TurnServer("relay.example.com", 3478, False, False)),
        ("turn:relay.example.com:443?transport=tcp", TurnServer("relay.example.com", 443, True, False)),
        ("turns:relay.example.com", TurnServer("relay.example.com", 5349, True, True)),
        ("turn:[2001:db8::1]:3478", TurnServer("2001:db8::1", 3478, False, False)),
    ],
)
def test_address_of_a_server_is_read(url: str, server: TurnServer) -> None:
    assert TurnServer.read(url) == server


@pytest.mark.parametrize("url", ["", "https://relay.example.com", "turn:", "turn:host:port"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(NoRelay):
        TurnServer.read(url)
