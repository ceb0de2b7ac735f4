"""Whether a TURN server lends us a relay: one allocation with our own credentials (RFC 8656), given back at once."""

import hashlib
import hmac
import secrets
import socket
import ssl
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs

ALLOCATE, REFRESH = 0x0003, 0x0004
GRANTED, REFUSED = 0x0100, 0x0110
COOKIE = 0x2112A442
USERNAME, INTEGRITY, ERROR, LIFETIME, REALM, NONCE, RELAYED, TRANSPORT = 6, 8, 9, 0x0D, 0x14, 0x15, 0x16, 0x19
UDP_RELAY = bytes([17, 0, 0, 0])
TIMEOUT_S = 3
HEADER = struct.Struct("!HHI12s")


class NoRelay(Exception):
    """The server lends no relay; the message says why."""


@dataclass(frozen=True)
class TurnServer:
    host: str
    port: int
    is_stream: bool
    is_secure: bool

    @classmethod
    def read(cls, url: str) -> "TurnServer":
        """A server from an address such as `turn:host:3478?transport=udp`. Raises NoRelay."""
        scheme, _, rest = url.partition(":")
        place, _, query = rest.partition("?")
        host, _, port = place.rpartition(":") if ":" in place.rpartition("]")[2] else (place, "", "")
        if scheme not in ("turn", "turns") or not host or (port and not port.isdigit()):
            raise NoRelay(f"{url} is no TURN address")
        is_secure = scheme == "turns"
        transport = parse_qs(query).get("transport", ["tcp" if is_secure else "udp"])[0]
        return cls(host.strip("[]"), int(port or (5349 if is_secure else 3478)), transport == "tcp", is_secure)


def borrow_relay(url: str, user: str, password: str) -> None:
    """Ask for a relay and give it back. Raises NoRelay."""
    server = TurnServer.read(url)
    try:
        with _connected(server) as line:
            kind, found = _ask(line, server, ALLOCATE, [(TRANSPORT, UDP_RELAY)])
            if kind == ALLOCATE | GRANTED:
                raise NoRelay("it lends relays to anybody")
            realm, nonce = found.get(REALM, b""), found.get(NONCE, b"")
            if not realm or not nonce:
                raise NoRelay(_reason(found))
            key = hashlib.md5(b":".join([user.encode(), realm, password.encode()]), usedforsecurity=False).digest()
            known = [(USERNAME, user.encode()), (REALM, realm), (NONCE, nonce)]
            kind, found = _ask(line, server, ALLOCATE, [(TRANSPORT, UDP_RELAY), *known], key)
            if kind != ALLOCATE | GRANTED or RELAYED not in found:
                raise NoRelay(_reason(found))
            _ask(line, server, REFRESH, [(LIFETIME, bytes(4)), *known], key)
    except OSError as error:
        raise NoRelay(str(error) or type(error).__name__) from error


@contextmanager
def _connected(server: TurnServer) -> Iterator[socket.socket]:
    kind = socket.SOCK_STREAM if server.is_stream else socket.SOCK_DGRAM
    family, *_, address = socket.getaddrinfo(server.host, server.port, type=kind)[0]
    with socket.socket(family, kind) as line:
        line.settimeout(TIMEOUT_S)
        line.connect(address)
        if server.is_secure and server.is_stream:
            with ssl.create_default_context().wrap_socket(line, server_hostname=server.host) as secured:
                yield secured
        else:
            yield line


def _ask(
    line: socket.socket, server: TurnServer, kind: int, attributes: list[tuple[int, bytes]], key: bytes = b""
) -> tuple[int, dict[int, bytes]]:
    transaction = secrets.token_bytes(12)
    line.sendall(_message(kind, transaction, attributes, key))
    answer = _read_stream(line) if server.is_stream else line.recv(2048)
    if len(answer) < HEADER.size:
        raise NoRelay("the answer is no TURN message")
    got, _, cookie, echoed = HEADER.unpack_from(answer)
    if cookie != COOKIE or echoed != transaction:
        raise NoRelay("the answer is no TURN message")
    return got, dict(_attributes(answer[HEADER.size :]))


def _message(kind: int, transaction: bytes, attributes: list[tuple[int, bytes]], key: bytes) -> bytes:
    body = b"".join(_attribute(name, value) for name, value in attributes)
    if not key:
        return HEADER.pack(kind, len(body), COOKIE, transaction) + body
    # The signature covers a length that counts the signature itself.
    signed = HEADER.pack(kind, len(body) + 24, COOKIE, transaction) + body
    return signed + _attribute(INTEGRITY, hmac.new(key, signed, hashlib.sha1).digest())


def _attribute(name: int, value: bytes) -> bytes:
    return struct.pack("!HH", name, len(value)) + value + bytes(-len(value) % 4)


def _attributes(body: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(body):
        name, length = struct.unpack_from("!HH", body, at)
        yield name, body[at + 4 : at + 4 + length]
        at += 4 + length + (-length % 4)


def _read_stream(line: socket.socket) -> bytes:
    head = _exactly(line, HEADER.size)
    return head + _exactly(line, HEADER.unpack(head)[1])


def _exactly(line: socket.socket, length: int) -> bytes:
    read = b""
    while len(read) < length:
        more = line.recv(length - len(read))
        if not more:
            raise NoRelay("the server hung up")
        read += more
    return read


def _reason(found: dict[int, bytes]) -> str:
    error = found.get(ERROR, b"")
    if len(error) < 4:
        return "the server refused"
    return f"{error[2] * 100 + error[3]} {error[4:].decode('utf-8', 'replace')}".strip()
