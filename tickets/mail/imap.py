"""Fetching mail: one folder of one account, by UID, with IDLE where the server knows it."""

import imaplib
import re
import select
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from tickets.mail.servers import TIMEOUT_S, Security, Server, ServerRefused, tls, told

# What is longer is fetched up to here: words stand first, and a letter that is cut is better than none.
LONGEST_BYTES = 40 * 1024 * 1024
_DONE = b"DONE\r\n"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Folder:
    """An open folder. Every method raises ServerRefused when the server does not play along."""

    def __init__(self, client: imaplib.IMAP4, name: str) -> None:
        self._client = client
        self.can_wait = "IDLE" in _abilities(client)
        status, answer = client.select(_quoted(name))
        if status != "OK":
            raise ServerRefused(told(answer), is_final=True)
        found = client.response("UIDVALIDITY")[1]
        self.validity = int(found[0]) if found and found[0] else 0

    def uids_after(self, last: int) -> list[int]:
        """The UIDs above `last`, rising."""
        return [uid for uid in self._found(f"UID {last + 1}:*") if uid > last]

    def uids_since(self, day: date) -> list[int]:
        """The UIDs of what came on that day or later, rising."""
        return self._found(f"SINCE {day.day:02}-{_MONTHS[day.month - 1]}-{day.year}")

    def newest(self) -> int:
        """The highest UID, 0 in an empty folder."""
        return max(self.uids_after(0), default=0)

    def has(self, message_id: str) -> bool:
        """Whether a mail with this id lies here by now."""
        try:
            self._client.noop()
        except (imaplib.IMAP4.error, OSError) as error:
            raise ServerRefused(told(error)) from error
        return bool(self._found(f"HEADER Message-ID {_quoted(message_id)}"))

    def raw(self, uid: int) -> bytes | None:
        """The mail's bytes, None for one that was deleted meanwhile. Reading leaves it unread."""
        for part in self._asked("FETCH", str(uid), f"(UID BODY.PEEK[]<0.{LONGEST_BYTES}>)"):
            if isinstance(part, tuple):
                return bytes(part[1])
        return None

    def mark_read(self, uid: int) -> None:
        self._asked("STORE", str(uid), "+FLAGS.SILENT", "(\\Seen)")

    def wait(self, seconds: float) -> bool:
        """Sleep until the server tells of news, at most so long; whether it did."""
        client = self._client
        tag = client._new_tag()
        try:
            client.send(tag + b" IDLE\r\n")
            if not client.readline().startswith(b"+"):
                raise ServerRefused("IDLE was not taken")
            has_news = _is_readable(client.sock, seconds)
            client.send(_DONE)
            line = b""
            while not line.startswith(tag):
                line = client.readline()
                if not line:
                    raise ServerRefused("the connection ended")
                has_news = has_news or b"EXISTS" in line
        except (imaplib.IMAP4.error, OSError) as error:
            raise ServerRefused(told(error)) from error
        return has_news

    def _found(self, criteria: str) -> list[int]:
        answer = self._asked("SEARCH", criteria)
        numbers = re.findall(rb"\d+", b" ".join(part for part in answer if isinstance(part, bytes)))
        return sorted(map(int, numbers))

    def _asked(self, command: str, *words: str) -> list[object]:
        try:
            status, answer = self._client.uid(command, *words)
        except (imaplib.IMAP4.error, OSError) as error:
            raise ServerRefused(told(error)) from error
        if status != "OK":
            raise ServerRefused(told(answer))
        return list(answer)


@contextmanager
def opened(server: Server, folder: str) -> Iterator[Folder]:
    """Connect, sign in and open a folder. Raises ServerRefused."""
    try:
        client = _connected(server)
    except (imaplib.IMAP4.error, OSError, UnicodeError) as error:
        raise ServerRefused(told(error) or type(error).__name__) from error
    try:
        yield Folder(client, folder)
    except (imaplib.IMAP4.error, OSError) as error:
        raise ServerRefused(told(error) or type(error).__name__) from error
    finally:
        _leave(client)


def _connected(server: Server) -> imaplib.IMAP4:
    client: imaplib.IMAP4
    if server.security == Security.TLS:
        client = imaplib.IMAP4_SSL(server.host, server.port, ssl_context=tls(), timeout=TIMEOUT_S)
    else:
        client = imaplib.IMAP4(server.host, server.port, timeout=TIMEOUT_S)
    try:
        if server.security == Security.STARTTLS:
            client.starttls(tls())
        if server.uses_token:
            client.authenticate("XOAUTH2", lambda challenge: b"" if challenge else server.bearer.encode())
        else:
            client.login(server.username, server.secret)
        if "ID" in _abilities(client):
            # Some large Chinese providers open no folder for programs that do not introduce themselves.
            client.xatom("ID", '("name" "Servicedesk" "vendor" "Servicedesk")')
    except BaseException:
        _leave(client)
        raise
    return client


def _abilities(client: imaplib.IMAP4) -> list[str]:
    """What the server says it can do once somebody has signed in, which is often more than before."""
    return told(client.capability()[1]).upper().split()


def _is_readable(sock: socket.socket, seconds: float) -> bool:
    if isinstance(sock, ssl.SSLSocket) and sock.pending():
        return True
    return bool(select.select([sock], [], [], seconds)[0])


def _leave(client: imaplib.IMAP4) -> None:
    try:
        client.logout()
    except (imaplib.IMAP4.error, OSError):
        client.shutdown()


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
