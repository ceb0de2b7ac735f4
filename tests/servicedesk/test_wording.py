"""How people, durations and amounts are written."""

import pytest

from servicedesk.wording import duration, has_han, initials, money, span, tint


@pytest.mark.parametrize(("name", "letters"), [("Dana Whitlock", "DW"), ("李娜", "李娜"), ("Cher", "C"), ("", "?")])
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_small_chinese_initials_are_one_character() -> None:
    assert initials("沈佳怡", small=True) == "怡"


def test_a_record_keeps_its_colour() -> None:
    assert tint(42) == tint("42")
    assert {tint(number) for number in range(200)} == {1, 2, 3, 4, 5, 6}


@pytest.mark.parametrize(("seconds", "text"), [(-5, "0:00"), (8, "0:08"), (185, "3:05"), (3723, "1:02:03")])
def test_clock_readings(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(("seconds", "text"), [(59, "0 min"), (1320, "22 min"), (11400, "3 h 10"), (100800, "1 d 4 h")])
def test_lengths_in_words(seconds: float, text: str) -> None:
    assert span(seconds) == text


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [(1_824_000, "USD", "$18,240"), (129_950, "CNY", "¥1,299.50"), (500, "JPY", "¥500"), (-250, "EUR", "−€2.50")],
)
def test_amounts(minor: int, currency: str, text: str) -> None:
    assert money(minor, currency) == text


def test_chinese_text_is_recognised() -> None:
    assert has_han("E3报错")
    assert not has_han("Ørsted")
