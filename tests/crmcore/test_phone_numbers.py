"""Written forms of phone numbers and what they become."""

import pytest

from crmcore import phone_numbers
from crmcore.phone_numbers import Kind, LineType

MOBILE = "+8613800138000"
BEIJING = "+861062770334"


@pytest.mark.parametrize(
    "raw",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "(138)0013/8000",
        "１３８００１３８０００",
        "＋８６ １３８ ００１３ ８０００",
        "+86 138 0013 8000",
        "0086 138 0013 8000",
        "008613800138000",
        "  +86-138-0013-8000 ",
        "tel:+8613800138000",
        "sip:+8613800138000@pbx.example.com",
    ],
)
def test_every_written_form_of_a_mobile_is_one_number(raw: str) -> None:
    number = phone_numbers.normalise(raw)
    assert (number.value, number.kind, number.is_valid, number.raw) == (
        MOBILE,
        Kind.NUMBER,
        True,
        raw,
    )


@pytest.mark.parametrize(
    "raw",
    [
        "010-6277 0334转801",
        "010/62770334 轉 801",
        "（010）6277-0334 分机801",
        "010-62770334#801",
        "+86 10 6277 0334 ext. 801",
        "010-62770334 x801",
        "01062770334，转８０１",
    ],
)
def test_extension_is_kept_apart(raw: str) -> None:
    number = phone_numbers.normalise(raw)
    assert (number.value, number.extension) == (BEIJING, "801")


def test_double_zero_counts_as_plus_where_the_region_dials_otherwise() -> None:
    assert phone_numbers.normalise("0086 138 0013 8000", "US").value == MOBILE


def test_other_prefix_for_abroad_is_still_understood() -> None:
    assert phone_numbers.normalise("0011 86 138 0013 8000", "AU").value == MOBILE


def test_number_without_country_belongs_to_the_region() -> None:
    assert phone_numbers.normalise("202-555-0147", "US").value == "+12025550147"
    assert phone_numbers.normalise("020 7946 0018", "GB").value == "+442079460018"


@pytest.mark.parametrize(
    "raw",
    [
        "+266696687",
        "+7378742833",
        "+2562533",
        "+8656696",
        "+86282452253",
        "86282452253",
    ],
)
def test_keypad_words_are_withheld(raw: str) -> None:
    assert phone_numbers.normalise(raw).is_withheld


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "  ",
        "anonymous",
        "Anonymous",
        "RESTRICTED",
        "unavailable",
        "unknown",
        "private",
        "blocked",
        "未知",
    ],
)
def test_words_for_no_number_are_withheld(raw: str) -> None:
    number = phone_numbers.normalise(raw)
    assert (number.kind, number.value, number.is_callable) == (Kind.WITHHELD, "", False)


def test_sip_anonymous_is_withheld() -> None:
    assert phone_numbers.normalise("sip:anonymous@anonymous.invalid").is_withheld


@pytest.mark.parametrize("prefix", ["154", "161", "168"])
def test_demo_number_is_storable(prefix: str) -> None:
    number = phone_numbers.normalise(f"{prefix} 0571 2345")
    assert (number.value, number.kind) == (f"+86{prefix}05712345", Kind.NUMBER)


def test_possible_number_that_nobody_has_is_not_valid() -> None:
    assert not phone_numbers.normalise("154 0571 2345").is_valid


@pytest.mark.parametrize(
    ("raw", "value"),
    [("95588", "95588"), ("10086", "10086"), ("+86 10086", "10086"), ("110", "110")],
)
def test_short_code_is_flagged_and_keeps_its_digits(raw: str, value: str) -> None:
    number = phone_numbers.normalise(raw)
    assert (number.kind, number.value) == (Kind.SHORT, value)


@pytest.mark.parametrize("raw", ["hello", "12", "1380013800013900139000", "sip:alice@example.com", "--", "+"])
def test_what_is_no_number_is_unreadable(raw: str) -> None:
    assert phone_numbers.normalise(raw).kind is Kind.UNREADABLE


def test_service_numbers_are_valid() -> None:
    assert phone_numbers.normalise("400-820-8820").value == "+864008208820"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (MOBILE, "138 0013 8000"),
        (BEIJING, "010-6277 0334"),
        ("+8657188886666", "0571-8888 6666"),
        ("+862787654321", "027-8765 4321"),
        ("+864008208820", "400-820-8820"),
        ("+12025550147", "+1 202-555-0147"),
        ("+442079460018", "+44 20 7946 0018"),
        ("+8615405712345", "154 0571 2345"),
        ("95588", "95588"),
        ("", ""),
        ("+", "+"),
    ],
)
def test_pretty(value: str, shown: str) -> None:
    assert phone_numbers.pretty(value) == shown


def test_home_numbers_drop_their_country_code() -> None:
    assert phone_numbers.pretty("+12025550147", home="US") == "(202) 555-0147"


def test_extension_is_shown_behind_the_number() -> None:
    assert phone_numbers.pretty(BEIJING, extension="801") == "010-6277 0334 ×801"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (MOBILE, "138****8000"),
        (BEIJING, "010****0334"),
        ("+12025550147", "202****0147"),
        ("95588", "9****"),
        ("", "****"),
    ],
)
def test_mask_hides_the_middle(value: str, shown: str) -> None:
    assert phone_numbers.mask(value) == shown


def test_tails_are_the_last_four_to_eight_digits() -> None:
    assert phone_numbers.tails(MOBILE) == [
        "8000",
        "38000",
        "138000",
        "0138000",
        "00138000",
    ]


def test_short_values_have_the_tails_they_can() -> None:
    assert phone_numbers.tails("95588") == ["5588", "95588"]
    assert phone_numbers.tails("110") == []


@pytest.mark.parametrize(
    ("value", "region", "line_type"),
    [
        (MOBILE, "CN", LineType.MOBILE),
        ("+8615405712345", "CN", LineType.MOBILE),
        (BEIJING, "CN", LineType.LANDLINE),
        ("+864008208820", "CN", LineType.SHARED_COST),
        ("+85221234567", "HK", LineType.LANDLINE),
        ("+12025550147", "US", LineType.UNKNOWN),
        ("95588", "", LineType.SERVICE),
        ("", "", LineType.UNKNOWN),
    ],
)
def test_place(value: str, region: str, line_type: LineType) -> None:
    place = phone_numbers.place_of(value)
    assert (place.region, place.line_type) == (region, line_type)


def test_country_is_named_in_the_readers_language() -> None:
    place = phone_numbers.place_of(MOBILE)
    assert (place.country("en"), place.country("zh-hans")) == ("China", "中国")


def test_unknown_country_has_no_name() -> None:
    assert phone_numbers.place_of("95588").country("en") == ""
