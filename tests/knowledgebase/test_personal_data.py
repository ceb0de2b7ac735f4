"""Personal data are found and marked, and nothing else is."""

import pytest

from knowledgebase.personal_data import mark, marked_in


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Write to ann.lee@example.com today.", ["ann.lee@example.com"]),
        ("Call +44 20 7946 0911 or 138-0013-8000.", ["+44 20 7946 0911", "138-0013-8000"]),
        ("请致电13800138000，订单号DD20260105001。", ["13800138000", "DD20260105001"]),
        ("Order A-10442 and ticket KW-20418 and 8812345.", ["A-10442", "KW-20418", "8812345"]),
        ("Dear Ann, Mrs Lee knows. Anna does not.", ["Ann", "Lee"]),
        ("王芳女士您好，请重启。", ["王芳"]),
        ("Set the timer to 3600 seconds in version 7.2.4, see E3 and port 8080.", []),
        ("", []),
    ],
)
def test_finds(text: str, marked: list[str]) -> None:
    assert marked_in(mark(text, ["Ann Lee", "王芳"])) == marked


def test_finds_that_meet_are_one_and_nothing_else_changes() -> None:
    text = "Ann Lee <ann@lee.example>, 0800 123456."
    found = mark(text, ["Ann Lee", "Ann", "Lee"])
    assert marked_in(found) == ["Ann Lee", "ann@lee.example", "0800 123456"]
    assert found.replace("⟪", "").replace("⟫", "") == text
