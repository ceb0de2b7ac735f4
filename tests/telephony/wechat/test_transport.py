"""The real way to the platform: what surely never got there is told apart from what may have."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from telephony.providers.base import CarrierBusy, CarrierError
from telephony.providers.wechat.rest import Api


@contextmanager
def server(answer: bytes, status: int = 200) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            if status:
                self.send_response(status)
                self.end_headers()
                self.wfile.write(answer)

        def log_message(self, *_words: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as found:
        Thread(target=found.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{found.server_port}"
        finally:
            found.shutdown()


def test_words_arrive() -> None:
    with server(b'{"errcode":0,"errmsg":"ok"}') as url:
        Api(url).send_words("token", "o1", "你好")


def test_closed_door_means_that_nothing_was_taken() -> None:
    with pytest.raises(CarrierBusy):
        Api("http://127.0.0.1:9").send_words("token", "o1", "你好")


@pytest.mark.parametrize(("answer", "status"), [(b"", 0), (b"Bad gateway", 502), (b"<html>", 200), (b"[1]", 200)])
def test_no_answer_or_none_that_can_be_read_leaves_it_open(answer: bytes, status: int) -> None:
    with server(answer, status) as url, pytest.raises(CarrierError) as fault:
        Api(url).send_words("token", "o1", "你好")
    assert not isinstance(fault.value, CarrierBusy)


def test_address_that_is_none_is_not_asked() -> None:
    with pytest.raises(CarrierBusy):
        Api("file:///etc").send_words("token", "o1", "你好")
