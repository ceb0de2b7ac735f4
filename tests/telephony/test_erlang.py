"""Staffing figures against published and independently computed values."""

import pytest

from telephony.erlang import Forecast, Load, agents_needed, blocking, impatient, patient

LIGHT, MIDDLE, TIGHT = (Load(200, 180), 14), (Load(360, 240), 30), (Load(100, 300), 10)


@pytest.mark.parametrize(
    ("case", "must_wait", "level", "wait_s", "occupancy"),
    [
        (LIGHT, "0.1741", "0.8884", "7.84", "0.7143"),
        (MIDDLE, "0.1729", "0.8952", "6.91", "0.8000"),
        (TIGHT, "0.4876", "0.5637", "87.8", "0.8333"),
    ],
)
def test_erlang_c(case: tuple[Load, int], must_wait: str, level: str, wait_s: str, occupancy: str) -> None:
    load, agents = case
    found = patient(load, agents, within_s=20)
    assert found is not None
    shown = (found.must_wait, found.service_level or 0, found.wait_s, found.occupancy)
    expected = (must_wait, level, wait_s, occupancy)
    assert tuple(_like(value, text) for value, text in zip(shown, expected, strict=True)) == expected


@pytest.mark.parametrize(
    ("case", "must_wait", "abandoned"),
    [(LIGHT, "0.1115", "0.0303"), (MIDDLE, "0.0997", "0.0221"), (TIGHT, "0.2308", "0.1002")],
)
def test_erlang_a(case: tuple[Load, int], must_wait: str, abandoned: str) -> None:
    load, agents = case
    found = impatient(load, agents, patience_s=60)
    assert (_like(found.must_wait, must_wait), _like(found.abandoned, abandoned)) == (must_wait, abandoned)


def test_erlang_a_wait() -> None:
    load, agents = LIGHT
    assert _like(impatient(load, agents, patience_s=60).wait_s, "1.82") == "1.82"


@pytest.mark.parametrize(("load", "agents"), [(LIGHT[0], 14), (MIDDLE[0], 29), (Load(1000, 300), 91)])
def test_fewest_agents_for_eighty_in_twenty(load: Load, agents: int) -> None:
    assert agents_needed(load, target=0.8, within_s=20) == agents


def test_shrinkage_grosses_up() -> None:
    assert agents_needed(LIGHT[0], target=0.8, within_s=20, shrinkage=0.3) == 20


def test_too_few_agents_never_keep_up() -> None:
    assert patient(Load(200, 180), 10, within_s=20) is None


def test_too_few_agents_lose_the_impatient() -> None:
    assert 0.5 <= impatient(Load(200, 180), 5, patience_s=60).abandoned < 0.53


def test_without_callers_nobody_waits() -> None:
    assert impatient(Load(0, 180), 3, patience_s=60) == Forecast(0.0, None, 0.0, 0.0)


def test_nothing_to_do_needs_nobody() -> None:
    assert agents_needed(Load(0, 180), target=0.8, within_s=20) == 0


def test_one_line_is_lost_half_the_time() -> None:
    assert blocking(1.0, 1) == pytest.approx(0.5)


@pytest.mark.parametrize("target", [1.0, -0.1])
def test_no_number_of_agents_is_perfect(target: float) -> None:
    with pytest.raises(ValueError, match="below 1"):
        agents_needed(LIGHT[0], target=target, within_s=20)


def _like(value: float, text: str) -> str:
    """The value with as many digits as the published one."""
    return f"{value:.{len(text.split('.')[1])}f}"
