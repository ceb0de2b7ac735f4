"""Names of people as each script writes them: initials, surname, pinyin, salutation."""

import re
from functools import cache

from django.utils.translation import gettext as _
from pypinyin import Style, lazy_pinyin

_HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f"
_HAN_NAME = re.compile(rf"[{_HAN}\s·•‧]+")
_MIDDLE_DOT = re.compile("[·•‧]")
_LONGEST_PERSON_NAME = 4

_COMPOUND_TABLE = """
欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠
公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁
拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘 东门 西门 第五
"""
COMPOUND_SURNAMES = frozenset(_COMPOUND_TABLE.split())

# Surnames read differently from the same characters elsewhere; for all others the dictionary is right.
_READING_TABLE = """
单 shan 仇 qiu 曾 zeng 解 xie 查 zha 区 ou 盖 ge 朴 piao 员 yun 贠 yun 乐 yue 召 shao 覃 qin 折 she 翟 zhai
缪 miao 隗 wei 洗 xian 黑 he 秘 bi 种 chong 重 chong 卜 bu 祭 zhai 佴 nai 么 yao 句 gou 阚 kan 乜 nie 都 du
薄 bo 繁 po 郇 xun 炅 gui 能 nai 藏 zang 角 jue 不 fou 奇 ji 参 shen 逢 pang 库 she 颉 xie 乐正 yuezheng
子车 ziju
"""
SURNAME_READINGS = dict(zip(_READING_TABLE.split()[::2], _READING_TABLE.split()[1::2], strict=True))


def is_chinese(name: str) -> bool:
    """Whether a name is written in Chinese characters only; the script decides, not the reader's language."""
    return bool(name.strip()) and _HAN_NAME.fullmatch(name.strip()) is not None


def displayed(name: str, *, family: str = "", given: str = "") -> str:
    """The whole name in its script's order: family first and no space in Chinese, given first elsewhere."""
    if not family and not given:
        return re.sub(r"\s+", "" if is_chinese(name) and not _MIDDLE_DOT.search(name) else " ", name.strip())
    if is_chinese(family + given):
        return family.strip() + given.strip()
    return f"{given} {family}".strip()


def surname(name: str) -> str:
    """The family name: one or two characters in Chinese, the last word elsewhere; empty if there is none."""
    whole = displayed(name)
    if not is_chinese(whole):
        words = whole.split()
        return words[-1] if len(words) > 1 else ""
    if _MIDDLE_DOT.search(whole):
        return ""
    return whole[:2] if whole[:2] in COMPOUND_SURNAMES and len(whole) > 2 else whole[:1]


def avatar_initials(name: str) -> str:
    """Two Latin initials, or the last two Chinese characters (the first two of a company's name)."""
    whole = displayed(name)
    if is_chinese(whole):
        characters = _MIDDLE_DOT.split(whole)[0]
        return characters[:2] if len(characters) > _LONGEST_PERSON_NAME else characters[-2:]
    words = re.findall(r"\w[\w'’]*", whole)
    if not words:
        return "?"
    chosen = words if len(words) == 1 else [words[0], words[-1]]
    return "".join(word[0] for word in chosen).upper()


@cache
def pinyin(name: str) -> str:
    """A Chinese person's name as it is spoken, Shan Tianfang; empty for any other name."""
    whole = displayed(name)
    if not is_chinese(whole) or _MIDDLE_DOT.search(whole) or len(whole) > _LONGEST_PERSON_NAME:
        return ""
    family = surname(whole)
    spoken = SURNAME_READINGS.get(family) or "".join(lazy_pinyin(family))
    given = "".join(lazy_pinyin(whole[len(family) :], style=Style.NORMAL))
    return f"{spoken.capitalize()} {given.capitalize()}".strip()


def salutation(name: str, *, title: str = "") -> str:
    """How to address a person: by surname and title in Chinese, by the whole name elsewhere."""
    whole = displayed(name)
    if is_chinese(whole) and title:
        return f"{surname(whole) or whole}{title}"
    return _("Dear %(name)s") % {"name": whole}
