"""The regions of a new desk: the countries, and China by GB/T 2260 down to the district.

The codes and Chinese names of China come from the package @vant/area-data, which the front-end build writes beside its
bundles; countries come from Babel. A district carries its city in its name, so that it can stand alone.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel import Locale
from pypinyin import Style, lazy_pinyin

CHINA = "CN"
# Inside China, so no countries of the list; and names that CLDR keeps for groups and tests.
_NO_COUNTRIES = {"HK", "MO", "TW", "EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"}
# Levels that only gather: direct cities, and counties that belong to their province.
_GATHERING = {"县", "市辖区", "省直辖县", "自治区直辖县级行政区划"}
_SUFFIXES = (
    "特别行政区",
    "壮族自治区",
    "回族自治区",
    "维吾尔自治区",
    "自治区",
    "自治州",
    "地区",
    "省",
    "市",
    "区",
    "县",
    "乡",
    "镇",
)
_DIRECT_CITIES = {"110000", "120000", "310000", "500000"}
_PROVINCE, _CITY = 2, 4
ENGLISH = {
    "150000": "Inner Mongolia",
    "150100": "Hohhot",
    "211300": "Chaoyang",
    "450000": "Guangxi",
    "540000": "Tibet",
    "610000": "Shaanxi",
    "640000": "Ningxia",
    "650000": "Xinjiang",
    "710000": "Taiwan",
    "710100": "Taipei",
    "710200": "Kaohsiung",
    "710300": "Tainan",
    "710400": "Taichung",
    "711100": "New Taipei",
    "711400": "Taoyuan",
    "810000": "Hong Kong",
    "810100": "Hong Kong Island",
    "810200": "Kowloon",
    "810300": "New Territories",
    "820000": "Macao",
    "820100": "Macao Peninsula",
    "820200": "Taipa and Coloane",
}


@dataclass(frozen=True)
class ShippedRegion:
    """A region with the code of the one above it."""

    code: str
    name: str
    name_zh: str
    parent: str = ""


def countries() -> Iterator[ShippedRegion]:
    """All countries, China first."""
    english, chinese = _territories("en"), _territories("zh_Hans")
    codes = sorted(code for code in english if len(code) == len(CHINA) and code.isalpha() and code not in _NO_COUNTRIES)
    for code in sorted(codes, key=lambda code: code != CHINA):
        yield ShippedRegion(code, english[code], chinese.get(code, ""))


def _territories(locale: str) -> dict[str, str]:
    return {str(code): str(name) for code, name in Locale.parse(locale).territories.items()}


def regions_of_china(file: Path) -> Iterator[ShippedRegion]:
    """Provinces, cities and districts, those above first. Raises OSError without the built file."""
    levels = json.loads(file.read_text("utf-8"))
    provinces, cities, districts = levels["provinces"], levels["cities"], levels["districts"]
    for code, name in provinces.items():
        yield ShippedRegion(code, _english(code, name), name, CHINA)
    kept = {code: name for code, name in cities.items() if not _is_gathering(name, provinces[_above(code, _PROVINCE)])}
    for code, name in kept.items():
        yield ShippedRegion(code, _english(code, name), name, _above(code, _PROVINCE))
    for code, name in districts.items():
        city, province = _above(code, _CITY), _above(code, _PROVINCE)
        parent = city if city in kept else province
        # A county that belongs to its province has a name of its own; a district is one of its city.
        home = kept.get(city) or (provinces[province] if province in _DIRECT_CITIES else "")
        english = ", ".join(filter(None, [_english(code, name), _english(parent, home)]))
        yield ShippedRegion(code, english, f"{home}{name}", parent)


def _is_gathering(city: str, province: str) -> bool:
    return city in _GATHERING or city == province


def shipped(file: Path) -> list[ShippedRegion]:
    """All of them, as far as the front-end build has been made."""
    return [*countries(), *(regions_of_china(file) if file.exists() else [])]


def _above(code: str, digits: int) -> str:
    return code[:digits].ljust(len(code), "0")


def _english(code: str, name: str) -> str:
    """The name in Latin letters: the usual one, else pinyin without what kind of place it is."""
    if code in ENGLISH or not name:
        return ENGLISH.get(code, "")
    stem = next((name.removesuffix(end) for end in _SUFFIXES if name.endswith(end) and len(name) > len(end) + 1), name)
    return "".join(lazy_pinyin(name, style=Style.NORMAL)[: len(stem)]).capitalize()
