"""Distribution over the database: skills, queues, priority, fairness."""

from crmcore.actions import presence
from crmcore.models import QueueMembership, QueueSkill, Skill, UserSkill
from crmcore.models.presence import Chosen
from telephony.actions.distribution import distribute
from telephony.models import Call, Offer
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
