"""Service level and waiting time: the arithmetic, without a database."""

import pytest

from crmcore.service_levels import Formula
from telephony.service_level import Counts, Definition, abandon_rate, average_answer_seconds, level_of, service_level
from telephony.waiting_time import estimate, smoothed

DAY = Counts(
    answered=80,
    answered_in_time=60,
    abandoned=20,
    abandoned_in_time=8,
    short_abandons=5,
    flowed_out=10,
    flowed_out_in_time=2,
    answer_seconds=1600,
)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (Formula.ANSWERED_ONLY, 60 / 80),
        (Formula.ABANDONS_IN_TIME_COUNT, 68 / 100),
        (Formula.WITHOUT_SHORT_ABANDONS, 60 / 95),
        (Formula.LEFT_IN_TIME, 70 / 110),
        (Formula.IGNORE_ABANDONS_IN_TIME, 60 / 92),
    ],
)
def test_service_level(formula: Formula, expected: float) -> None:
    assert service_level(DAY, Definition(formula)) == pytest.approx(expected)


def test_flow_outs_count_as_missed_where_wanted() -> None:
    assert service_level(DAY, Definition(with_flow_outs=True)) == pytest.approx(60 / 105)


@pytest.mark.parametrize("formula", Formula)
def test_nothing_offered_is_no_level_at_all(formula: Formula) -> None:
    assert service_level(Counts(), Definition(formula)) is None


def test_only_short_abandons_are_no_level_either() -> None:
    assert service_level(Counts(abandoned=2, short_abandons=2)) is None


def test_abandon_rate_leaves_short_abandons_out() -> None:
    assert abandon_rate(DAY) == pytest.approx(15 / 105)
    assert abandon_rate(Counts()) is None


def test_average_speed_of_answer() -> None:
    assert average_answer_seconds(DAY) == 20
    assert average_answer_seconds(Counts(abandoned=3)) is None


def test_wait_grows_with_the_position_and_shrinks_with_agents() -> None:
    assert estimate(position=4, ready=0, agents=2, handle_time=180) == 360
    assert estimate(position=4, ready=0, agents=4, handle_time=180) == 180


def test_idle_agents_take_the_first_in_line() -> None:
    assert estimate(position=2, ready=2, agents=3, handle_time=180) == 0


def test_those_who_give_up_need_no_agent() -> None:
    assert estimate(position=2, ready=0, agents=1, handle_time=100, abandon_share=0.25) == 150


def test_smoothed_mean_forgets_slowly() -> None:
    assert smoothed([]) is None
    assert smoothed([100]) == 100
    assert smoothed([100, 200]) == 125


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        (Definition(with_abandons=False), 60 / 80),
        (Definition(with_short_abandons=True), 60 / 100),
        (Definition(with_short_abandons=True, with_flow_outs=True), 60 / 110),
        (Definition(Formula.ANSWERED_ONLY, with_flow_outs=True), 60 / 80),
    ],
)
def test_switches_say_who_counts_as_missed(definition: Definition, expected: float) -> None:
    assert service_level(DAY, definition) == pytest.approx(expected)


def test_several_queues_count_each_by_its_own_definition() -> None:
    parts = [(DAY, Definition(Formula.ANSWERED_ONLY)), (DAY, Definition(Formula.IGNORE_ABANDONS_IN_TIME))]
    assert level_of(parts) == pytest.approx((60 + 60) / (80 + 92))
    assert level_of([]) is None
