"""A strict provider of mailboxes: it checks every field of the flow, and its tokens end."""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

from tickets.mail.oauth import Provider

CLIENT = ("desk-client", "desk-secret")


@dataclass
class FakeProvider:
    """What it has given out: codes that wait to be exchanged, refresh and access tokens that are good."""

    url: str = ""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    refresh: set[str] = field(default_factory=set)
    access: set[str] = field(default_factory=set)
    exchanges: int = 0

    def provider(self) -> Provider:
        return Provider("google", f"{self.url}/auth", f"{self.url}/token", "mail", "h", "h", 465, "tls")

    def agree(self, address: str) -> tuple[str, str]:
        """The owner opens the address and says yes: code and state as they come back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert (asked["client_id"], asked["code_challenge_method"]) == (CLIENT[0], "S256")
        assert asked["scope"]
        code = secrets.token_hex(8)
        self.codes[code] = asked
        return code, asked["state"]

    def answer(self, form: dict[str, str]) -> tuple[int, dict[str, object]]:
        if (form.get("client_id"), form.get("client_secret")) != CLIENT:
            return 401, {"error": "invalid_client"}
        if form.get("grant_type") == "authorization_code":
            asked = self.codes.pop(form.get("code", ""), None)
            proof = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
            if asked is None or asked["redirect_uri"] != form.get("redirect_uri"):
                return 400, {"error": "invalid_grant"}
            if proof.decode().rstrip("=") != asked["code_challenge"]:
                return 400, {"error": "invalid_grant", "error_description": "wrong verifier"}
            return 200, self._tokens(new_refresh=True)
        if form.get("grant_type") == "refresh_token" and form.get("refresh_token") in self.refresh:
            return 200, self._tokens(new_refresh=False)
        return 400, {"error": "invalid_grant"}

    def _tokens(self, *, new_refresh: bool) -> dict[str, object]:
        self.exchanges += 1
        access, refresh = secrets.token_hex(8), secrets.token_hex(8)
        self.access = {access}
        found: dict[str, object] = {"access_token": access, "expires_in": 3600, "token_type": "Bearer"}
        if new_refresh:
            self.refresh.add(refresh)
            found["refresh_token"] = refresh
        return found


@contextmanager
def fake_provider() -> Iterator[FakeProvider]:
    fake = FakeProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, found = fake.answer({name: values[0] for name, values in parse_qs(body).items()})
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(found).encode())

        def log_message(self, *_args: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    fake.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
