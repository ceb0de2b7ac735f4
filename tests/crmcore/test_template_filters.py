"""How customers' data is written on pages."""

from datetime import date

import pytest
from django.utils import translation

from crmcore.models import ContactPoint
from crmcore.templatetags import crm


def test_number_is_shown_with_the_extension_that_was_typed() -> None:
    point = ContactPoint(kind="phone", raw="010-6277 0334转801", value="+861062770334")
    assert crm.point_text(point) == "010-6277 0334 ×801"


def test_other_points_are_shown_as_typed() -> None:
    assert crm.point_text(ContactPoint(kind="wechat", raw="Wx_Dana", value="wx_dana")) == "Wx_Dana"


@pytest.mark.parametrize("kind", ContactPoint.Kind.values)
def test_every_kind_of_point_has_an_icon(kind: str) -> None:
    assert crm.point_icon(ContactPoint(kind=kind)).startswith("icon:")


@pytest.mark.parametrize(("language", "shown"), [("en", "5 Feb"), ("zh-hans", "2月5日")])
def test_short_date_follows_the_language(language: str, shown: str) -> None:
    with translation.override(language):
        assert crm.short_date(date(2027, 2, 5)) == shown


@pytest.mark.parametrize(
    ("minor", "currency", "whole"), [(16_924_990, "CNY", 16_924_900), (99, "USD", 0), (5_000, "JPY", 5_000)]
)
def test_estimates_lose_the_cents(minor: int, currency: str, whole: int) -> None:
    assert crm.whole(minor, currency) == whole
