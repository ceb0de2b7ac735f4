"""What a line of the log holds, and what it must not."""

import json
import logging
import logging.config
from collections.abc import Iterator

import pytest
import structlog

from servicedesk import logs


@pytest.fixture(autouse=True)
def _clean_root() -> Iterator[None]:
    """Leave no handler and no context to the next test."""
    handlers = logging.getLogger().handlers.copy()
    yield
    logging.getLogger().handlers[:] = handlers
    structlog.contextvars.clear_contextvars()


def set_up() -> None:
    """Called inside the test, so the lines go to the stream that it reads."""
    logging.config.dictConfig(logs.logging_settings(level="INFO"))


@pytest.mark.parametrize(
    ("address", "logged"),
    [
        ("GET /wallboard/abc123/", "GET /wallboard/…/"),
        ("POST /telephony/cti/abc123/", "POST /telephony/cti/…/"),
        ("GET /crm/?q=13800138000", "GET /crm/"),
        ("GET /tickets/7/", "GET /tickets/7/"),
    ],
)
def test_credentials_and_search_words_are_cut_out(address: str, logged: str) -> None:
    assert logs.hide_tokens(None, "info", {"request": address})["request"] == logged


def test_line_is_json_with_the_bound_call(capsys: pytest.CaptureFixture[str]) -> None:
    set_up()
    logs.bind_call(42)
    structlog.get_logger("telephony").info("call.ringing", queue="network")
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["call_id"], line["queue"]) == ("call.ringing", 42, "network")


def test_lines_of_other_libraries_look_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    set_up()
    logging.getLogger("twilio").warning("slow answer after %s s", 3)
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["level"]) == ("slow answer after 3 s", "warning")
