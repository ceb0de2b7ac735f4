"""Fixtures of the journeys: one desk, one browser, for all of them."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.people import CHROMIUM_FLAGS, Person, arrive
from tests.journeys.running_desk import RunningDesk

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


@pytest.fixture(scope="session")
def desk() -> Iterator[RunningDesk]:
    running = RunningDesk()
    try:
        running.start()
        yield running
    finally:
        running.stop()
        shutil.rmtree(running.data_dir, ignore_errors=True)


@pytest.fixture
def people(desk: RunningDesk, browser: Browser) -> Iterator[Callable[..., Person]]:
    """Lets people arrive at their browsers, and sends them home at the end however it ends."""
    present: list[Person] = []

    def come(name: str, **options: Any) -> Person:
        present.append(arrive(browser, desk.url, name, **options))
        return present[-1]

    yield come
    for person in present:
        person.context.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield launched
        launched.close()
