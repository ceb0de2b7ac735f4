"""统一社会信用代码: the check sign of GB 32100-2015, worked by hand for the standard's own example."""

import pytest
from django.core.exceptions import ValidationError

from crmcore.credit_code import check_credit_code, credit_code, last_sign


def test_the_check_sign_of_the_standards_example() -> None:
    # 9·1+1·3+3·9+5·27+1·26+21·20+1·8+30·30+4·28 = 1640; 1640 mod 31 = 28; 31 - 28 = 3
    assert last_sign("91350100M000100Y4") == "3"


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91440300708461136T", "9135 0100 m000-100y43"])
def test_real_codes_pass_however_they_are_spaced(code: str) -> None:
    check_credit_code(code)


@pytest.mark.parametrize(
    "code", ["91350100M000100Y44", "19350100M000100Y43"[::-1], "91350100M000100Y4", "I" * 18, "１２"]
)
def test_a_wrong_sign_place_or_length_is_refused(code: str) -> None:
    with pytest.raises(ValidationError):
        check_credit_code(code)


def test_full_width_signs_are_read() -> None:
    assert credit_code("９１３５０１００ｍ０００１００ｙ４３") == "91350100M000100Y43"
