"""The list of pages that is drawn, checked by axe and walked by keyboard leaves no page out."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.cast import make_cast
from tests.journeys.addresses import PAGES

# Made by others: Django's admin, the library of sign-ins, and the browser of the API.
NOT_OURS = ("admin/", "account/", "api/")


def plain_addresses(patterns: list[Any], before: str = "") -> Iterator[str]:
    """Every address that stands for itself, without a number or name in it."""
    for one in patterns:
        address = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from plain_addresses(one.url_patterns, address)
        elif isinstance(one, URLPattern) and not set("<^(") & set(address) and not address.startswith(NOT_OURS):
            yield f"/{address}"


@pytest.mark.parametrize("who", ["ada", "zhao"])
def test_every_whole_page_is_on_the_list(db: None, client: Client, who: str) -> None:
    client.force_login(getattr(make_cast(), who))
    listed = {address.partition("?")[0].partition(" ")[0] for names in PAGES.values() for address in names.values()}
    missing = []
    for address in sorted(set(plain_addresses(get_resolver().url_patterns)) - listed):
        answer = client.get(address)
        if answer.status_code == 200 and b"<!doctype html" in b"".join(answer)[:200].lower():
            missing.append(address)
    assert not missing
