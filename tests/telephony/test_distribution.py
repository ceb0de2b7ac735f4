"""Distribution over the database: skills, queues, priority, fairness."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crmcore.actions import presence
from crmcore.models import Account, Contact, QueueMembership, QueueSkill, Skill, UserSkill
from crmcore.models.presence import Chosen
from crmcore.strategies import Preference, Strategy
from telephony.actions.distribution import distribute
from telephony.actions.offers import reject_offer
from telephony.models import Call, Offer, QueueEntry
from telephony.queries.candidates import candidates
from telephony.states import CallState
from tests.telephony.desk import Desk


def test_longest_idle_agent_rings(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    desk.new_agent("omar")
    assert desk.last_offer(desk.call(queue=desk.queue)).agent == mei


def test_agent_who_gets_ready_gets_the_longest_waiting_call_of_all_his_queues(desk: Desk) -> None:
    second = desk.new_queue("second")
    first_call = desk.call(queue=second)
    desk.wait(5)
    second_call = desk.call(queue=desk.queue)
    mei = desk.new_agent("mei", desk.queue, second)
    desk.do(distribute)
    assert desk.last_offer(first_call).agent == mei
    assert desk.again(second_call).state == CallState.QUEUED


def test_queue_with_a_head_start_goes_first(desk: Desk) -> None:
    urgent = desk.new_queue("urgent", priority_s=120)
    desk.call(queue=desk.queue)
    desk.wait(100)
    late = desk.call(queue=urgent)
    desk.new_agent("mei", desk.queue, urgent)
    desk.do(distribute)
    assert desk.again(late).state == CallState.OFFERING


def test_head_start_is_seconds_not_absolute(desk: Desk) -> None:
    urgent = desk.new_queue("urgent", priority_s=60)
    early = desk.call(queue=desk.queue)
    desk.wait(100)
    desk.call(queue=urgent)
    desk.new_agent("mei", desk.queue, urgent)
    desk.do(distribute)
    assert desk.again(early).state == CallState.OFFERING


def test_skill_below_the_needed_level_gets_nothing(desk: Desk) -> None:
    skill = Skill.objects.create(code="zh", name="Chinese")
    QueueSkill.objects.create(queue=desk.queue, skill=skill, min_level=5)
    mei, omar = desk.new_agent("mei"), desk.new_agent("omar")
    UserSkill.objects.create(user=mei, skill=skill, level=4)
    UserSkill.objects.create(user=omar, skill=skill, level=5)
    assert desk.last_offer(desk.call(queue=desk.queue)).agent == omar


def test_penalty_comes_before_idleness(desk: Desk) -> None:
    desk.new_agent("mei", penalty=1)
    omar = desk.new_agent("omar")
    assert desk.last_offer(desk.call(queue=desk.queue)).agent == omar


def test_agent_of_another_queue_is_left_alone(desk: Desk) -> None:
    desk.new_agent("mei", desk.new_queue("second"))
    assert desk.call(queue=desk.queue).state == CallState.QUEUED


def test_agent_away_is_left_alone(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    desk.do(presence.choose, mei, Chosen.AUX, aux_code="meal", by=mei)
    assert desk.call(queue=desk.queue).state == CallState.QUEUED


def test_agent_without_a_screen_is_left_alone(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    desk.do(presence.device_lost, mei.pk)
    assert desk.call(queue=desk.queue).state == CallState.QUEUED


def test_caller_whose_connection_is_broken_is_not_offered(desk: Desk) -> None:
    call = desk.call(queue=desk.queue)
    desk.loses(call)
    desk.new_agent("mei")
    desk.do(distribute)
    assert desk.again(call).state == CallState.QUEUED


def test_many_calls_and_agents_pair_off_in_order(desk: Desk) -> None:
    calls = []
    for _ in range(25):
        calls.append(desk.call(queue=desk.queue))
        desk.moment = desk.moment.replace(microsecond=desk.moment.microsecond + 1)
    agents = [desk.new_agent(f"a{number}", desk.new_queue(f"q{number}")) for number in range(20)]
    QueueMembership.objects.bulk_create(QueueMembership(queue=desk.queue, user=agent) for agent in agents)
    assert desk.do(distribute) == 20
    rung = Offer.objects.order_by("call_id").values_list("call_id", "agent_id")
    assert list(rung) == [(call.pk, agent.pk) for call, agent in zip(calls, agents, strict=False)]
    assert Call.objects.filter(state=CallState.QUEUED).count() == 5


def test_skill_is_asked_less_of_as_the_caller_waits(desk: Desk) -> None:
    skill = Skill.objects.create(code="zh", name="Chinese")
    QueueSkill.objects.create(queue=desk.queue, skill=skill, min_level=5, relax_every_s=30, lowest_level=3)
    mei, omar = desk.new_agent("mei"), desk.new_agent("omar")
    UserSkill.objects.create(user=mei, skill=skill, level=3)
    UserSkill.objects.create(user=omar, skill=skill, level=2)
    call = desk.call(queue=desk.queue)
    desk.wait(59)
    assert desk.again(call).state == CallState.QUEUED
    desk.wait(1)
    assert desk.last_offer(call).agent == mei


def test_caller_not_yet_within_reach_does_not_hide_the_next(desk: Desk) -> None:
    skill = Skill.objects.create(code="zh", name="Chinese")
    strict = desk.new_queue("strict", priority_s=600)
    QueueSkill.objects.create(queue=strict, skill=skill, min_level=5, relax_every_s=60)
    desk.call(queue=strict)
    call = desk.call(queue=desk.queue)
    mei = desk.new_agent("mei", strict, desk.queue)
    desk.do(distribute)
    assert desk.last_offer(call).agent == mei


def test_agent_who_declines_rests_as_long_as_the_queue_says(desk: Desk) -> None:
    desk.queue.decline_pause_s = 20
    desk.queue.save()
    mei = desk.new_agent("mei")
    desk.do(reject_offer, desk.last_offer(desk.call()).pk, by=mei)
    second = desk.call(queue=desk.new_queue("other"))
    QueueMembership.objects.create(queue=second.queue, user=mei)
    desk.wait(19)
    assert desk.again(second).state == CallState.QUEUED
    desk.wait(1)
    assert desk.again(second).state == CallState.OFFERING


def test_head_start_adds_up_from_its_reasons(desk: Desk) -> None:
    queue = desk.new_queue("graded", priority_s=60, grade_boosts={"A": 120})
    account = Account.objects.create(code="C-1", name="Li Na", grade="A", created_at=desk.moment)
    call = desk.call(queue=queue, priority_s=30, **_customer(desk, account))
    entry = QueueEntry.objects.get(call=call)
    assert entry.head_start == {"queue": 60, "call": 30, "grade": 120}
    assert (entry.priority_s, entry.rank) == (210, entry.entered_at - timedelta(seconds=210))


@pytest.fixture
def owned(desk: Desk) -> Account:
    """Omar looks after this customer; Mei has been idle for longer."""
    desk.queue.preferred_agent, desk.queue.preferred_wait_s = Preference.OWNER_OR_LAST, 30
    desk.queue.save()
    desk.new_agent("mei")
    omar = desk.new_agent("omar")
    return Account.objects.create(code="C-1", name="Li Na", owner=omar, created_at=desk.moment)


def test_customer_rings_at_their_owner_first(desk: Desk, owned: Account) -> None:
    assert desk.last_offer(desk.call(**_customer(desk, owned))).agent == owned.owner


def test_customer_waits_for_a_busy_owner_until_patience_is_over(desk: Desk, owned: Account) -> None:
    desk.talk(desk.call(**_customer(desk, owned)))
    second = desk.call(**_customer(desk, owned))
    desk.wait(29)
    assert desk.again(second).state == CallState.QUEUED
    desk.wait(1)
    assert desk.last_offer(second).agent.username == "mei"


def test_nobody_waits_for_an_owner_who_is_away(desk: Desk, owned: Account) -> None:
    assert owned.owner is not None
    desk.do(presence.choose, owned.owner, Chosen.AUX, aux_code="meal", by=owned.owner)
    assert desk.last_offer(desk.call(**_customer(desk, owned))).agent.username == "mei"


def test_nobody_waits_for_an_owner_who_declined(desk: Desk, owned: Account) -> None:
    call = desk.call(**_customer(desk, owned))
    desk.do(reject_offer, desk.last_offer(call).pk, by=desk.last_offer(call).agent)
    assert desk.last_offer(call).agent.username == "mei"


def test_who_talked_with_the_customer_last_goes_first(desk: Desk) -> None:
    desk.queue.preferred_agent = Preference.LAST
    desk.queue.save()
    contact = Contact.objects.create(name="Li Na", created_at=desk.moment)
    mei = desk.new_agent("mei")
    desk.hangs_up(desk.talk(desk.call(contact_id=contact.pk)))
    desk.new_agent("omar")
    desk.wait(100)
    assert desk.last_offer(desk.call(contact_id=contact.pk)).agent == mei


@pytest.mark.parametrize(
    ("strategy", "first"), [(Strategy.FEWEST_CALLS, "omar"), (Strategy.ROUND_ROBIN, "omar"), (Strategy.LINEAR, "mei")]
)
def test_strategies_share_the_calls_by_what_was_done(desk: Desk, strategy: str, first: str) -> None:
    desk.queue.strategy = strategy
    desk.queue.save()
    mei = desk.new_agent("mei")
    desk.hangs_up(desk.talk(desk.call()))
    omar = desk.new_agent("omar")
    QueueMembership.objects.filter(user=omar).update(position=1)
    desk.wait(100)
    assert desk.presence(mei).chosen == Chosen.AVAILABLE
    assert desk.last_offer(desk.call()).agent.username == first


def test_least_occupied_agent_rings(desk: Desk) -> None:
    desk.queue.strategy = Strategy.LEAST_OCCUPIED
    desk.queue.save()
    mei = desk.new_agent("mei")
    call = desk.talk(desk.call())
    desk.wait(300)
    desk.hangs_up(call)
    desk.wait(61)
    omar = desk.new_agent("omar")
    desk.wait(10)
    assert desk.last_offer(desk.call()).agent == omar
    assert desk.presence(mei).chosen == Chosen.AVAILABLE


@pytest.mark.parametrize("strategy", Strategy.values)
def test_candidates_are_read_in_bulk(desk: Desk, strategy: str) -> None:
    desk.queue.strategy = strategy
    desk.queue.save()
    statements = []
    for round_ in range(2):
        for n in range(1 + 5 * round_):
            desk.call()
            mei = desk.new_agent(f"a{round_}{n}", desk.new_queue(f"q{round_}{n}"))
            QueueMembership.objects.create(queue=desk.queue, user=mei)
        with CaptureQueriesContext(connection) as captured:
            found = candidates(desk.moment)
        assert len(found.agents) == len(found.callers)
        statements.append(len(captured))
    assert statements[0] == statements[1]


def _customer(desk: Desk, account: Account) -> dict[str, int]:
    """What a portal call of this customer says."""
    contact = Contact.objects.create(name="Li Na", created_at=desk.moment)
    return {"contact_id": contact.pk, "account_id": account.pk}
