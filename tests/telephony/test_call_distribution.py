"""Who gets which call: the rules as tables, without a database."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.queries.skills import suffices_after
from crmcore.strategies import Strategy
from telephony.call_distribution import LONG_AGO, Caller, FreeAgent, Load, Seat, fits, match

UNTRIED = Load()
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def at(seconds: int) -> datetime:
    return NOON + timedelta(seconds=seconds)


def agent(user_id: int, idle_since: int = 0, *, load: Load = UNTRIED, position: int = 0, **penalties: int) -> FreeAgent:
    seats = {int(key[1:]): Seat(value, position) for key, value in penalties.items()} or {1: Seat(0, position)}
    return FreeAgent(user_id, at(idle_since), seats, load)


def pairs(callers: list[Caller], agents: list[FreeAgent]) -> list[tuple[int, int]]:
    return [(m.caller.call_id, agent.user_id) for m in match(callers, agents) for agent in m.agents]


def rings_at(strategy: str, *agents: FreeAgent, **facts: Any) -> list[int]:
    """At whom a call of a queue with this strategy rings."""
    return [user_id for _, user_id in pairs([Caller(1, 1, at(0), strategy=strategy, **facts)], list(agents))]


def test_longest_idle_agent_gets_the_call() -> None:
    assert pairs([Caller(1, 1, at(0))], [agent(10, 5), agent(11, 2), agent(12, 9)]) == [(1, 11)]


def test_first_caller_is_served_first() -> None:
    assert pairs([Caller(1, 1, at(9)), Caller(2, 1, at(3))], [agent(10)]) == [(2, 10)]


def test_one_order_over_all_queues_of_an_agent() -> None:
    waiting = [Caller(1, 1, at(5)), Caller(2, 2, at(3))]
    assert pairs(waiting, [agent(10, q1=0, q2=0)]) == [(2, 10)]


def test_head_start_is_part_of_the_rank() -> None:
    vip = Caller(2, 1, at(100) - timedelta(seconds=200))
    assert pairs([Caller(1, 1, at(0)), vip], [agent(10)]) == [(2, 10)]


def test_lower_penalty_goes_before_longer_idleness() -> None:
    assert pairs([Caller(1, 1, at(0))], [agent(10, 0, q1=5), agent(11, 50, q1=0)]) == [(1, 11)]


def test_agent_outside_of_the_queue_gets_nothing() -> None:
    assert pairs([Caller(1, 2, at(0))], [agent(10)]) == []


def test_call_does_not_return_to_who_declined_it() -> None:
    assert pairs([Caller(1, 1, at(0), frozenset({10}))], [agent(10)]) == []


def test_who_declined_the_first_gets_the_second() -> None:
    waiting = [Caller(1, 1, at(0), frozenset({10})), Caller(2, 1, at(5))]
    assert pairs(waiting, [agent(10)]) == [(2, 10)]


def test_call_that_nobody_fits_does_not_hold_up_the_rest() -> None:
    assert pairs([Caller(1, 7, at(0)), Caller(2, 1, at(5))], [agent(10)]) == [(2, 10)]


def test_least_occupied_agent_gets_the_call() -> None:
    busy, fresh = agent(10, 0, load=Load(occupancy=0.8)), agent(11, 50, load=Load(occupancy=0.3))
    assert rings_at(Strategy.LEAST_OCCUPIED, busy, fresh) == [11]


def test_agent_with_the_fewest_calls_gets_the_call() -> None:
    assert rings_at(Strategy.FEWEST_CALLS, agent(10, 0, load=Load(calls=3)), agent(11, 50, load=Load(calls=2))) == [11]


def test_in_turn_goes_to_whom_nothing_rang_at_the_longest() -> None:
    new, old = agent(10, 0, load=Load(rang_at=at(9))), agent(11, 50, load=Load(rang_at=at(3)))
    assert rings_at(Strategy.ROUND_ROBIN, new, old) == [11]
    assert rings_at(Strategy.ROUND_ROBIN, new, old, agent(12, 60)) == [12]


def test_fixed_order_starts_from_the_top_each_time() -> None:
    assert rings_at(Strategy.LINEAR, agent(10, 0, position=2), agent(11, 50, position=1)) == [11]


@pytest.mark.parametrize("strategy", Strategy.values)
def test_equal_agents_are_asked_by_idleness_and_penalty_goes_before_everything(strategy: str) -> None:
    only = slice(None) if strategy == Strategy.RING_ALL else slice(1)
    assert rings_at(strategy, agent(10, 5), agent(11, 2)) == [11, 10][only]
    assert rings_at(strategy, agent(10, 0, q1=1), agent(11, 9, q1=0)) == [11]


def test_ring_all_rings_everybody_of_the_lowest_penalty() -> None:
    agents = agent(10, 5), agent(11, 2), agent(12, 0, q1=1), agent(13, 0, q2=0)
    assert rings_at(Strategy.RING_ALL, *agents) == [11, 10]


def test_ring_all_leaves_nobody_for_the_next_caller() -> None:
    waiting = [Caller(1, 1, at(0), strategy=Strategy.RING_ALL), Caller(2, 1, at(1), strategy=Strategy.RING_ALL)]
    assert pairs(waiting, [agent(10), agent(11)]) == [(1, 10), (1, 11)]


def test_preferred_agent_goes_before_penalty_and_idleness() -> None:
    assert rings_at(Strategy.LONGEST_IDLE, agent(10, 50, q1=3), agent(11), preferred=10) == [10]
    assert rings_at(Strategy.RING_ALL, agent(10, 50, q1=3), agent(11), preferred=10) == [10]


def test_caller_holds_for_the_preferred_agent_and_lets_others_by() -> None:
    patient = Caller(1, 1, at(0), preferred=10, holds=True)
    assert pairs([patient, Caller(2, 1, at(5))], [agent(11)]) == [(2, 11)]


def test_preferred_agent_who_is_not_free_is_no_hindrance_without_holding() -> None:
    assert rings_at(Strategy.LONGEST_IDLE, agent(11), preferred=10) == [11]


@pytest.mark.parametrize(("level", "after"), [(5, 0.0), (6, 0.0), (4, 30.0), (3, 60.0), (2, None), (0, None)])
def test_need_steps_down_one_level_at_a_time_to_its_floor(level: int, after: float | None) -> None:
    assert suffices_after(level, needed=5, lowest=3, every_s=30) == after


def test_need_without_relaxation_stays() -> None:
    assert suffices_after(4, needed=5, lowest=0, every_s=None) is None


def test_agent_fits_once_the_caller_has_waited_long_enough() -> None:
    learner = FreeAgent(10, at(0), {1: Seat(after_s=30)})
    assert [fits(Caller(1, 1, at(0), waited_s=waited), learner) for waited in (29.9, 30.0)] == [False, True]


callers_drawn = st.lists(
    st.builds(
        Caller,
        call_id=st.integers(1, 50),
        queue_id=st.integers(1, 3),
        rank=st.integers(-300, 300).map(at),
        excluded=st.frozensets(st.integers(100, 105), max_size=2),
        strategy=st.sampled_from(Strategy.values),
        waited_s=st.floats(0, 60),
        preferred=st.none() | st.integers(100, 109),
        holds=st.booleans(),
    ),
    unique_by=lambda caller: caller.call_id,
    max_size=12,
)
agents_drawn = st.lists(
    st.builds(
        FreeAgent,
        user_id=st.integers(100, 109),
        idle_since=st.integers(0, 300).map(at),
        seats=st.dictionaries(
            st.integers(1, 3),
            st.builds(Seat, st.integers(0, 2), st.integers(0, 3), st.sampled_from([0.0, 0.0, 30.0])),
            max_size=3,
        ),
        load=st.builds(Load, st.floats(0, 1), st.integers(0, 5), st.integers(-300, 0).map(at) | st.just(LONG_AGO)),
    ),
    unique_by=lambda agent: agent.user_id,
    max_size=6,
)


@given(callers_drawn, agents_drawn)
def test_every_match_is_allowed_and_none_is_left(callers: list[Caller], agents: list[FreeAgent]) -> None:
    made = match(callers, agents)
    rung = [agent for m in made for agent in m.agents]
    assert len({m.caller.call_id for m in made}) == len(made) and len({agent.user_id for agent in rung}) == len(rung)
    for m in made:
        assert m.agents and all(fits(m.caller, agent) for agent in m.agents)
        assert len(m.agents) == 1 or m.caller.strategy == Strategy.RING_ALL
    served = {m.caller.call_id for m in made}
    left = [agent for agent in agents if agent not in rung]
    assert not match([caller for caller in callers if caller.call_id not in served], left)


@given(callers_drawn, agents_drawn)
def test_nobody_who_fits_the_same_agent_is_overtaken(callers: list[Caller], agents: list[FreeAgent]) -> None:
    made = match(callers, agents)
    served = {m.caller.call_id for m in made}
    for m in made:
        for other in callers:
            ahead = (other.rank, other.call_id) < (m.caller.rank, m.caller.call_id)
            if ahead and any(fits(other, agent) for agent in m.agents):
                assert other.call_id in served


@given(callers_drawn, agents_drawn)
def test_lower_penalty_is_asked_first_whatever_the_strategy(callers: list[Caller], agents: list[FreeAgent]) -> None:
    for caller in callers:
        for m in match([caller], agents):
            chosen = m.agents[0]
            if chosen.user_id != caller.preferred:
                penalties = [agent.seats[caller.queue_id].penalty for agent in agents if fits(caller, agent)]
                assert chosen.seats[caller.queue_id].penalty == min(penalties)
