"""Who gets which call: the rules as tables, without a database."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from telephony.call_distribution import Caller, FreeAgent, pair

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def at(seconds: int) -> datetime:
    return NOON + timedelta(seconds=seconds)


def agent(user_id: int, idle_since: int = 0, **penalties: int) -> FreeAgent:
    return FreeAgent(user_id, at(idle_since), {int(key[1:]): value for key, value in penalties.items()} or {1: 0})


def pairs(callers: list[Caller], agents: list[FreeAgent]) -> list[tuple[int, int]]:
    return [(p.caller.call_id, p.agent.user_id) for p in pair(callers, agents)]


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


callers_drawn = st.lists(
    st.builds(
        Caller,
        call_id=st.integers(1, 50),
        queue_id=st.integers(1, 3),
        rank=st.integers(-300, 300).map(at),
        excluded=st.frozensets(st.integers(100, 105), max_size=2),
    ),
    unique_by=lambda caller: caller.call_id,
    max_size=12,
)
agents_drawn = st.lists(
    st.builds(
        FreeAgent,
        user_id=st.integers(100, 109),
        idle_since=st.integers(0, 300).map(at),
        penalties=st.dictionaries(st.integers(1, 3), st.integers(0, 2), max_size=3),
    ),
    unique_by=lambda agent: agent.user_id,
    max_size=6,
)


@given(callers_drawn, agents_drawn)
def test_every_pair_is_allowed_and_no_pair_is_left(callers: list[Caller], agents: list[FreeAgent]) -> None:
    made = pair(callers, agents)
    assert len({p.caller.call_id for p in made}) == len({p.agent.user_id for p in made}) == len(made)
    for p in made:
        assert p.caller.queue_id in p.agent.penalties and p.agent.user_id not in p.caller.excluded
    idle = {agent.user_id: agent for agent in agents} | {p.agent.user_id: None for p in made}
    waiting = {caller.call_id for caller in callers} - {p.caller.call_id for p in made}
    left = [agent for agent in idle.values() if agent]
    assert not pair([caller for caller in callers if caller.call_id in waiting], left)


@given(callers_drawn, agents_drawn)
def test_nobody_who_fits_the_same_agent_is_overtaken(callers: list[Caller], agents: list[FreeAgent]) -> None:
    made = pair(callers, agents)
    served = {p.caller.call_id for p in made}
    for p in made:
        for other in callers:
            fits = other.queue_id in p.agent.penalties and p.agent.user_id not in other.excluded
            if fits and (other.rank, other.call_id) < (p.caller.rank, p.caller.call_id):
                assert other.call_id in served
