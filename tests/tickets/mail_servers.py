"""A real IMAP and a real SMTP server on this machine, for as long as a test runs."""

import imaplib
import socket
import subprocess
import sys
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

USER, PASSWORD = "support@kuanwei-desk.net", 'a pass"word'
_PATIENCE_S = 10


def words_of(raw: bytes) -> str:
    """Everything that can be read in a mail, heads and all."""
    message = message_from_bytes(raw, policy=default)
    heads = "\n".join(f"{name}: {value}" for name, value in message.items())
    texts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]  # type: ignore[attr-defined]
    return "\n".join([heads, *texts])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Imap:
    """An account in which mail can be laid."""

    port: int

    @contextmanager
    def client(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.port) as client:
            client.login(USER, PASSWORD)
            yield client

    def lay(self, raw: bytes) -> None:
        """Let a mail have arrived."""
        with self.client() as client:
            status, answer = client.append("INBOX", "", "", raw.replace(b"\n", b"\r\n"))
        assert status == "OK", answer

    def unread(self) -> int:
        with self.client() as client:
            client.select("INBOX")
            return len(client.search(None, "UNSEEN")[1][0].split())


@contextmanager
def imap_server() -> Iterator[Imap]:
    """An account on a server of its own, which knows IDLE."""
    port = free_port()
    words = [
        sys.executable,
        "-c",
        "from pymap.main import main; main()",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-tls",
    ]
    words += ["dict", "--demo-user", USER, "--demo-password", PASSWORD]
    server = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        give_up = time.monotonic() + _PATIENCE_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert time.monotonic() < give_up
                time.sleep(0.05)
        yield Imap(port)
    finally:
        server.kill()
        server.wait()


@dataclass
class Smtp:
    """What was handed in, and how the server shall answer: by recipient, or to everything."""

    port: int = 0
    envelopes: list[tuple[list[str], bytes]] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    answer: str = "250 OK"
    tokens: set[str] = field(default_factory=set)

    async def auth_XOAUTH2(self, _server: Any, words: list[str]) -> AuthResult:  # noqa: N802
        """Signing in by a token, as Google and Microsoft want it."""
        told = dict(part.split("=", 1) for part in b64decode(words[1]).decode().strip("\x01").split("\x01"))
        return AuthResult(success=told["user"] == USER and told["auth"].removeprefix("Bearer ") in self.tokens)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            self.envelopes.append((list(envelope.rcpt_tos), envelope.content))
        return self.answer

    @property
    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=default) for _to, raw in self.envelopes]  # type: ignore[misc]


def _knows(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=(data.login.decode(), data.password.decode()) == (USER, PASSWORD))


@contextmanager
def smtp_server(kind: Smtp | None = None) -> Iterator[Smtp]:
    """A server that takes everything until it is told otherwise."""
    smtp = kind or Smtp()
    smtp.port = free_port()
    controller = Controller(smtp, hostname="127.0.0.1", port=smtp.port, authenticator=_knows, auth_require_tls=False)
    controller.start()
    try:
        yield smtp
    finally:
        controller.stop()
