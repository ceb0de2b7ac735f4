"""Regions: countries, and China by GB/T 2260 down to the district; found by words, chosen step by step."""

import pytest
from django.conf import settings

from crmcore.actions import customers
from crmcore.actions.regions import install_regions
from crmcore.models import Account, Region
from crmcore.queries.regions import levels_to, regions_called, used_regions
from crmcore.shipped_regions import ShippedRegion, countries, regions_of_china, shipped
from tests.cast import Cast
from tests.crmcore.conftest import signed_in
from tests.crmcore.test_api import client_of

ROWS = (
    ShippedRegion("CN", "China", "中国"),
    ShippedRegion("GB", "United Kingdom", "英国"),
    ShippedRegion("330106", "Xihu, Hangzhou", "杭州市西湖区", "330100"),
    ShippedRegion("330000", "Zhejiang", "浙江省", "CN"),
    ShippedRegion("330100", "Hangzhou", "杭州市", "330000"),
    ShippedRegion("110000", "Beijing", "北京市", "CN"),
    ShippedRegion("110105", "Chaoyang, Beijing", "北京市朝阳区", "110000"),
)
built = pytest.mark.skipif(not settings.REGIONS_FILE.exists(), reason="comes with the front-end build")


@pytest.fixture
def regions(db: None) -> dict[str, Region]:
    install_regions(ROWS)
    return Region.objects.in_bulk(field_name="code")


@pytest.fixture(scope="module")
def china() -> dict[str, ShippedRegion]:
    return {row.code: row for row in regions_of_china(settings.REGIONS_FILE)}


@built
@pytest.mark.parametrize(
    ("code", "name_zh", "name", "parent"),
    [
        ("330000", "浙江省", "Zhejiang", "CN"),
        ("330106", "杭州市西湖区", "Xihu, Hangzhou", "330100"),
        ("110105", "北京市朝阳区", "Chaoyang, Beijing", "110000"),
        ("500235", "重庆市云阳县", "Yunyang, Chongqing", "500000"),
        ("429004", "仙桃市", "Xiantao", "420000"),
        ("441900", "东莞市", "Dongguan", "440000"),
        ("150000", "内蒙古自治区", "Inner Mongolia", "CN"),
        ("810200", "九龙", "Kowloon", "810000"),
        ("820000", "澳门特别行政区", "Macao", "CN"),
        ("710100", "台北市", "Taipei", "710000"),
    ],
)
def test_china_is_divided_by_its_codes(
    china: dict[str, ShippedRegion], code: str, name_zh: str, name: str, parent: str
) -> None:
    assert china[code] == ShippedRegion(code, name, name_zh, parent)


@built
def test_direct_cities_and_gathering_levels_are_left_out(china: dict[str, ShippedRegion]) -> None:
    assert not {"110100", "310100", "500100", "500200", "429000"} & china.keys()
    assert all(row.parent in china or row.parent == "CN" for row in china.values())


@built
def test_every_region_has_a_latin_name_and_fits_its_columns() -> None:
    rows = shipped(settings.REGIONS_FILE)
    assert len(rows) > 3_500
    assert all(row.name and len(row.name) <= 120 and len(row.code) <= 20 for row in rows)
    assert all(row.name.isascii() for row in rows if row.code.isdecimal())


def test_hong_kong_macao_and_taiwan_stand_below_china_alone() -> None:
    rows = {row.code: row for row in countries()}
    assert not {"HK", "MO", "TW"} & rows.keys()
    assert (rows["DE"].name, rows["DE"].name_zh) == ("Germany", "德国")
    assert next(iter(rows)) == "CN"


def test_installing_again_makes_nothing_and_leaves_names_alone(regions: dict[str, Region]) -> None:
    Region.objects.filter(code="330106").update(name="West Lake")
    assert install_regions(ROWS) == 0
    assert Region.objects.get(code="330106").name == "West Lake"
    assert regions["330106"].parent == regions["330100"]


@pytest.mark.parametrize("words", ["西湖", "xihu", "330106", " Xihu, Hang"])
def test_a_region_is_found_by_either_name_or_code(regions: dict[str, Region], words: str) -> None:
    assert regions["330106"] in regions_called(words)


def test_nothing_typed_finds_nothing(regions: dict[str, Region]) -> None:
    assert not regions_called("  ").exists()


def test_the_steps_lead_down_to_a_region_and_one_further(regions: dict[str, Region]) -> None:
    chosen = [step.chosen and step.chosen.code for step in levels_to(regions["330100"])]
    assert chosen == ["CN", "330000", "330100", None]
    assert [step.chosen and step.chosen.code for step in levels_to(regions["110105"])] == ["CN", "110000", "110105"]
    assert [row.code for row in levels_to(None)[0].options] == ["CN", "GB"]


def test_the_picker_answers_with_the_next_step(cast: Cast, regions: dict[str, Region]) -> None:
    page = signed_in(cast.mei).get("/crm/regions/steps/", {"region_pick": regions["330000"].pk}).content.decode()
    assert f'name="region" value="{regions["330000"].pk}"' in page
    assert "Hangzhou" in page
    found = signed_in(cast.mei).get("/crm/regions/search/", {"region_words": "西湖"}).content.decode()
    assert f'value="{regions["330106"].pk}"' in found
    assert signed_in(cast.zhao).get("/crm/regions/search/", {"region_words": "西湖"}).status_code == 403


def test_the_form_keeps_region_and_words_of_ones_own(cast: Cast, ellery: Account, regions: dict[str, Region]) -> None:
    typed = {"name": "Ellery", "kind": "company", "points-TOTAL_FORMS": "0", "points-INITIAL_FORMS": "0"}
    typed |= {"region": str(regions["GB"].pk), "locality": "Isle of Skye"}
    signed_in(cast.mei).post(f"/crm/accounts/{ellery.pk}/edit/", typed)
    stored = Account.objects.get(pk=ellery.pk)
    assert (stored.region, stored.locality) == (regions["GB"], "Isle of Skye")


def test_the_list_is_narrowed_to_a_region_and_what_lies_below(
    cast: Cast, ellery: Account, regions: dict[str, Region]
) -> None:
    customers.update_account(ellery, by=cast.mei, region=regions["330106"])
    page = signed_in(cast.mei).get("/crm/accounts/", {"region": regions["330000"].pk}).content.decode()
    assert "Port Ellery Logistics" in page
    assert (
        "Port Ellery Logistics"
        not in signed_in(cast.mei).get("/crm/accounts/", {"region": regions["110000"].pk}).content.decode()
    )
    assert [row.code for row in used_regions()] == ["330000", "330100", "330106", "CN"]


def test_the_api_tells_regions_level_by_level(cast: Cast, regions: dict[str, Region]) -> None:
    rows = client_of(cast.mei).get("/api/v1/regions/", {"parent": "330000"}).json()["results"]
    assert [(row["code"], row["parent"]) for row in rows] == [("330100", "330000")]
    entries = client_of(cast.mei).get("/api/v1/code-lists/", {"list": "nature", "limit": 200}).json()["results"]
    assert {"private", "state"} <= {row["code"] for row in entries}
