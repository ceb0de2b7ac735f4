"""What a person may type to find a customer."""

import pytest

from crmcore import search_keys


def found(name: str, typed: str) -> bool:
    wanted = search_keys.query_keys(typed)
    return bool(wanted) and set(wanted) <= set(search_keys.name_keys(name))


@pytest.mark.parametrize(
    "typed",
    [
        "shan",
        "stf",
        "dan",
        "dtf",
        "单",
        "单田",
        "田芳",
        "单田芳",
        "單田芳",
        "shantian",
        "shantianfang",
        "tianfang",
        "tf",
        "fang",
    ],
)
def test_every_reading_finds_a_surname_with_several(typed: str) -> None:
    assert found("单田芳", typed)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("王芳", "wang fang"),
        ("王芳", "wangf"),
        ("王 芳", "wf"),
        ("李", "li"),
        ("李", "李"),
        ("仇英", "qiu"),
        ("仇英", "chou"),
        ("欧阳明月", "ouyang"),
        ("欧阳明月", "mingyue"),
        ("Dana Whitlock", "whit"),
        ("Dana Whitlock", "WHITLOCK dana"),
        ("Dana Whitlock", "dw"),
        ("Dana Whitlock", "danawhitlock"),
        ("Nguyễn Văn An", "nguyen"),
        ("Nguyễn Văn An", "Nguyễn"),
        ("O’Brien & Daughters", "o'brien"),
        ("O’Brien & Daughters", "obrien"),
        ("Port Ellery Logistics", "logist"),
        ("International Freightways", "internationa"),
        ("3M Company", "3m"),
        ("杭州德信物业有限公司", "德信物业"),
        ("杭州德信物业有限公司", "dexin"),
        ("杭州德信物业有限公司", "dxwy"),
        ("杭州德信物业有限公司", "hzdx"),
        ("阿依古丽·买买提", "guli"),
        ("阿依古丽·买买提", "买买提"),
    ],
)
def test_name_is_found(name: str, typed: str) -> None:
    assert found(name, typed)


@pytest.mark.parametrize(
    ("name", "typed"), [("王芳", "wangg"), ("Dana Whitlock", "white"), ("王芳", "芳王"), ("李", "")]
)
def test_name_is_not_found(name: str, typed: str) -> None:
    assert not found(name, typed)


def test_keys_of_one_name_are_bounded() -> None:
    worst = "曾仇解查单盖乐朴区缪翟折 " * 4
    assert len(search_keys.name_keys(worst)) <= search_keys.MOST_KEYS


@pytest.mark.parametrize(
    "typed", ["8000", "38000", "138000", "00138000", "138 0013 8000", "13800138000", "+86 138-0013-8000"]
)
def test_phone_is_found_by_tail_and_whole(typed: str) -> None:
    assert set(search_keys.query_keys(typed)) <= set(search_keys.phone_keys("+8613800138000"))


def test_foreign_phone_is_found_without_its_country() -> None:
    assert "2025550147" in search_keys.phone_keys("+12025550147")


def test_three_digits_are_too_few() -> None:
    assert search_keys.query_keys("147") == []


def test_code_is_found_joined_and_by_its_number() -> None:
    keys = search_keys.code_keys("KW-A-1024")
    assert {"kwa1024", "1024"} <= set(keys)
    assert search_keys.query_keys("kw-a-1024") == ["kwa1024"]


def test_email_is_found_whole_and_by_its_words() -> None:
    keys = search_keys.email_keys("dana.whitlock@example.com")
    assert {"dana.whitlock@example.com", "whitlock", "example.com"} <= set(keys)
    assert search_keys.query_keys("Dana.Whitlock@Example.com") == ["dana.whitlock@example.com"]


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("杭州德信物业有限公司", "杭州德信物业"),
        ("杭州德信物業（集團）股份有限公司", "杭州德信物业"),
        ("Port Ellery Logistics, Inc.", "portellerylogistics"),
        ("Port Ellery  LOGISTICS Ltd", "portellerylogistics"),
        ("Calder Mills Co. Ltd.", "caldermills"),
        ("Inc Design", "incdesign"),
    ],
)
def test_company_core_drops_what_does_not_tell_companies_apart(name: str, core: str) -> None:
    assert search_keys.company_core(name) == core
