"""Pages through WSGI inside the socket server."""

from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator

from servicedesk import asgi


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The WSGI environment that the pages got."""
    environ: dict[str, Any] = {}

    def page(given: dict[str, Any], start_response: Any) -> list[bytes]:
        environ.update(given)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return ["客服".encode()]

    monkeypatch.setattr(asgi._pages, "app", page)
    return environ


async def answer(*headers: tuple[bytes, bytes]) -> bytes:
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "path": "/知识/",
        "query_string": b"",
        "headers": list(headers),
        "client": ("203.0.113.7", 1),
    }
    communicator = ApplicationCommunicator(asgi.application, scope)
    await communicator.send_input({"type": "http.request", "body": b""})
    assert (await communicator.receive_output())["status"] == 200
    body, more = b"", True
    while more:
        part = await communicator.receive_output()
        body, more = body + part["body"], part.get("more_body", False)
    await communicator.wait()
    return body


async def test_page_passes_through(seen: dict[str, Any]) -> None:
    assert await answer((b"host", b"localhost")) == "客服".encode()
    assert seen["PATH_INFO"].encode("latin1").decode() == "/知识/"
    assert seen["REMOTE_ADDR"] == "203.0.113.7"


async def test_header_with_underscores_is_dropped(seen: dict[str, Any]) -> None:
    await answer((b"x_forwarded_proto", b"https"), (b"x-request-id", b"1"))
    assert "HTTP_X_FORWARDED_PROTO" not in seen
    assert seen["HTTP_X_REQUEST_ID"] == "1"
