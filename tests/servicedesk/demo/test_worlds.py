"""What the writers of the worlds promised: numbers that nobody owns, words in both languages, nobody unknown."""

import re
from collections.abc import Iterator

import pytest

from knowledgebase.markdown import block_count
from servicedesk.demo.moments import span
from servicedesk.demo.reading import read_desk, read_world, world_codes
from servicedesk.demo.schema import PointText, World

RESERVED = re.compile(
    r"\+120255501\d\d|\+442079460\d{3}|\+61491570(006|110|156|157|158|159|313|737)|\+86(154|161|168)\d{8}"
)
SAFE_MAIL = re.compile(r".+@(example\.com|[a-z0-9-]+\.test)")
WORLDS = {code: read_world(code) for code in world_codes()}


@pytest.fixture(params=list(WORLDS))
def world(request: pytest.FixtureRequest) -> World:
    return WORLDS[request.param]


def points(world: World) -> Iterator[PointText]:
    for account in world.accounts:
        yield from account.points
        for person in account.contacts:
            yield from person.points


def test_every_phone_number_is_reserved_or_invalid(world: World) -> None:
    numbers = [point.value for point in points(world) if point.kind == "phone"]
    assert [number for number in numbers if not RESERVED.fullmatch(number)] == []


def test_our_own_lines_are_reserved_and_nobodys() -> None:
    lines = {line.number for line in read_desk().lines}
    theirs = {point.value for one in WORLDS.values() for point in points(one)}
    assert all(RESERVED.fullmatch(number) for number in lines)
    assert not lines & theirs


def test_every_mail_address_leads_nowhere(world: World) -> None:
    addresses = [point.value for point in points(world) if point.kind == "email"]
    assert [address for address in addresses if not SAFE_MAIL.fullmatch(address)] == []


def test_threads_and_opportunities_name_people_of_their_world(world: World) -> None:
    staff = {person.key for person in world.staff}
    members = {account.key: {person.key for person in account.contacts} for account in world.accounts}
    for thread in world.threads:
        assert thread.contact in members[thread.account], thread.key
        known = staff | members[thread.account] | {"system"}
        assert {entry.who for entry in thread.timeline} <= known, thread.key
    for row in world.opportunities:
        assert row.contact in members[row.account], row.key
        assert row.owner in staff, row.key


def test_no_thread_runs_past_the_present(world: World) -> None:
    late = [one.key for one in world.threads if span(one.opened) + span(one.timeline[-1].after) > span("-0m")]
    assert late == []


def test_articles_have_the_same_steps_in_both_languages(world: World) -> None:
    differing = [one.key for one in world.articles if block_count(one.en.body) != block_count(one.zh.body)]
    assert differing == []


def test_the_banks_are_large_enough_to_seem_endless(world: World) -> None:
    assert len(world.accounts) == 60
    assert len(world.threads) >= 30
    assert len(world.subjects) == 60
    assert len(world.call_notes) >= 80
    assert len(world.articles) >= 30


def test_low_scores_have_a_story(world: World) -> None:
    for thread in world.threads:
        if thread.rating and thread.rating.score <= 2:
            assert thread.rating.comment, thread.key
