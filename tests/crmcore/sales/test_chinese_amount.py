"""Capital amounts, by the worked examples of the rules for filling in bills."""

import pytest

from crmcore.chinese_amount import in_capitals


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角整"),
        (100, "壹元整"),
        (1_000, "壹拾元整"),
        (140_950, "壹仟肆佰零玖元伍角整"),
        (600_714, "陆仟零柒元壹角肆分"),
        (168_032, "壹仟陆佰捌拾元零叁角贰分"),
        (10_700_053, "壹拾万柒仟元零伍角叁分"),
        (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
        (32_504, "叁佰贰拾伍元零肆分"),
        (12_000_500, "壹拾贰万零伍元整"),
        (10_000_000_100, "壹亿零壹元整"),
        (10_005_000_000, "壹亿零伍万元整"),
        (1_001_000_000, "壹仟零壹万元整"),
        (12_345_678_912, "壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元壹角贰分"),
        (100_000_000_000_000, "壹万亿元整"),
        (150_000_000_000_000, "壹万伍仟亿元整"),
    ],
)
def test_amounts_are_read_in_capitals(fen: int, words: str) -> None:
    assert in_capitals(fen) == f"人民币{words}"


def test_negative_amount_says_so() -> None:
    assert in_capitals(-1_050) == "人民币负壹拾元零伍角整"
