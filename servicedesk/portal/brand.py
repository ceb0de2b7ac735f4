"""Whose portal it is: name, colours and telephone number."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Brand:
    """What the page's frame shows. `code` chooses the colours of the style sheet."""

    code: str
    name: str
    phone: str = ""


# The two demo worlds share one desk; the language tells whose customer is looking.
DEMO_BRANDS = {
    "en": Brand("kelwick", "Kelwick Networks", "202-555-0100"),
    "zh-hans": Brand("chengguang", "澄光电器", "161 2305 0000"),
}
OWN_BRAND = Brand("kelwick", "Servicedesk")


def brand_for(language: str, *, is_demo: bool) -> Brand:
    """The desk's own brand; while demo data is loaded, that of the demo world which speaks this language."""
    if is_demo:
        return DEMO_BRANDS.get(language, DEMO_BRANDS["en"])
    return OWN_BRAND
