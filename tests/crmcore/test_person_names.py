"""Names follow their script, whatever the reader's language."""

import pytest
from django.utils import translation

from crmcore import person_names


@pytest.mark.parametrize(
    ("family", "given", "shown"),
    [
        ("李", "小龙", "李小龙"),
        ("欧阳", "明月", "欧阳明月"),
        ("Whitlock", "Dana", "Dana Whitlock"),
        ("", "Madonna", "Madonna"),
    ],
)
def test_order_of_a_name_follows_its_script(family: str, given: str, shown: str) -> None:
    assert person_names.displayed("", family=family, given=given) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王 芳", "王芳"),
        (" Dana   Whitlock ", "Dana Whitlock"),
        ("李", "李"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
    ],
)
def test_stray_spaces_go(name: str, shown: str) -> None:
    assert person_names.displayed(name) == shown


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("单田芳", "单"),
        ("欧阳明月", "欧阳"),
        ("尉迟恭", "尉迟"),
        ("欧阳", "欧"),
        ("李", "李"),
        ("Dana Whitlock", "Whitlock"),
        ("Madonna", ""),
        ("阿依古丽·买买提", ""),
    ],
)
def test_surname(name: str, family: str) -> None:
    assert person_names.surname(name) == family


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Dana Whitlock", "DW"),
        ("Nguyễn Văn An", "NA"),
        ("O’Brien & Daughters", "OD"),
        ("Madonna", "M"),
        ("王芳", "王芳"),
        ("单田芳", "田芳"),
        ("李", "李"),
        ("欧阳明月", "明月"),
        ("阿依古丽·买买提", "古丽"),
        ("杭州德信物业有限公司", "杭州"),
        ("Port Ellery Logistics", "PL"),
        ("", "?"),
    ],
)
def test_avatar_initials(name: str, initials: str) -> None:
    assert person_names.avatar_initials(name) == initials


@pytest.mark.parametrize(
    ("name", "spoken"),
    [
        ("单田芳", "Shan Tianfang"),
        ("仇英", "Qiu Ying"),
        ("曾国藩", "Zeng Guofan"),
        ("解缙", "Xie Jin"),
        ("查良镛", "Zha Liangyong"),
        ("区元", "Ou Yuan"),
        ("盖聂", "Ge Nie"),
        ("朴树", "Piao Shu"),
        ("尉迟恭", "Yuchi Gong"),
        ("欧阳明月", "Ouyang Mingyue"),
        ("李", "Li"),
        ("Dana Whitlock", ""),
        ("杭州德信物业有限公司", ""),
    ],
)
def test_pinyin_reads_surnames_as_surnames(name: str, spoken: str) -> None:
    assert person_names.pinyin(name) == spoken


def test_chinese_is_addressed_by_surname_and_title() -> None:
    assert person_names.salutation("欧阳明月", title="女士") == "欧阳女士"
    assert person_names.salutation("阿依古丽·买买提", title="女士") == "阿依古丽·买买提女士"


def test_other_names_are_addressed_whole() -> None:
    with translation.override("en"):
        assert person_names.salutation("Dana Whitlock", title="Ms") == "Dear Dana Whitlock"
