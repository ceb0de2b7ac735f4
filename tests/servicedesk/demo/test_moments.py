"""Relative moments."""

from datetime import timedelta

import pytest

from servicedesk.demo.moments import span


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("-35m", -timedelta(minutes=35)),
        ("-2d 03:10", -timedelta(days=2, hours=3, minutes=10)),
        ("+1h 20m", timedelta(hours=1, minutes=20)),
        ("+1d 51m", timedelta(days=1, minutes=51)),
        ("+0m", timedelta()),
    ],
)
def test_a_span_is_read_with_its_sign(text: str, length: timedelta) -> None:
    assert span(text) == length


@pytest.mark.parametrize("text", ["", "2d", "-", "-soon", "+3 days"])
def test_what_names_no_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a relative moment"):
        span(text)
