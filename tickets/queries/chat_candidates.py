"""The two sides of the distribution of chats: which wait, and who has a slot left. All read in bulk."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta

from django.db.models import Max, Q, QuerySet

from crmcore.models import AgentPresence, AnsweringPolicy, Queue, QueueMembership
from crmcore.models.presence import Chosen, SystemState
from crmcore.queries.skills import Skills
from tickets.chat_distribution import ChatAgent, Place, WaitingChat
from tickets.models import Chat, ChatRules, ChatSeat, ChatState

LOOK_AHEAD = 200
LONG_AGO = datetime.min.replace(tzinfo=UTC)
NOT_TAKEN = (ChatSeat.End.TIMEOUT, ChatSeat.End.DECLINED, ChatSeat.End.GONE, ChatSeat.End.PASSED_ON)


def waiting_chats(now: datetime) -> list[WaitingChat]:
    """The first chats that wait for an offer, by rank."""
    rows = Chat.objects.filter(state=ChatState.WAITING, queue__is_active=True).select_related("queue")
    listed = list(rows.order_by("rank", "pk")[:LOOK_AHEAD])
    excluded = _excluded(listed, now)
    return [
        WaitingChat(
            chat_id=chat.pk,
            queue_id=chat.queue_id,
            rank=chat.rank,
            waited_s=(now - chat.entered_at).total_seconds(),
            asked=chat.asked_id,
            excluded=frozenset(excluded[chat.pk]),
        )
        for chat in listed
    ]


def chat_agents(chats: Iterable[WaitingChat], now: datetime) -> list[ChatAgent]:
    """Everybody on duty who serves one of these queues, or was asked for, with the slots that are taken."""
    queue_ids = {chat.queue_id for chat in chats}
    asked = {chat.asked for chat in chats if chat.asked is not None}
    rules = ChatRules.current()
    duty = on_duty().filter(Q(user__queue_memberships__queue__in=queue_ids) | Q(user__in=asked))
    limits = {
        user_id: rules.at_once if system == SystemState.IDLE else rules.at_once_on_call
        for user_id, system in duty.values_list("user_id", "system").distinct()
    }
    resting = _resting(limits, now)
    users = [user_id for user_id, limit in limits.items() if limit and user_id not in resting]
    taken, last_at, places = taken_slots(users), _last_at(users), _places(queue_ids, users)
    return [
        ChatAgent(user_id, limits[user_id], frozenset(taken[user_id]), last_at.get(user_id, LONG_AGO), places[user_id])
        for user_id in users
    ]


def on_duty() -> QuerySet[AgentPresence]:
    """Agents who chose to be ready and sit at a living screen; their phone does not matter."""
    ready = AgentPresence.objects.filter(chosen=Chosen.AVAILABLE, device_ok=True, user__is_active=True)
    return ready.exclude(system=SystemState.NOT_RESPONDING)


def is_staffed(queue: Queue) -> bool:
    """Whether anybody who serves the queue is on duty, busy or not."""
    return on_duty().filter(user__queue_memberships__queue=queue).exists()


def taken_slots(users: Collection[int]) -> defaultdict[int, set[int]]:
    """By agent: the slots of the chats that ring or run."""
    slots: defaultdict[int, set[int]] = defaultdict(set)
    open_seats = ChatSeat.objects.filter(agent__in=users).exclude(state=ChatSeat.State.CLOSED)
    for user_id, slot in open_seats.values_list("agent_id", "slot"):
        slots[user_id].add(slot)
    return slots


def _excluded(chats: Collection[Chat], now: datetime) -> defaultdict[int, set[int]]:
    """By chat: the agents who did not take it, or gave it away, a short while ago."""
    agents: defaultdict[int, set[int]] = defaultdict(set)
    spans = {chat.pk: timedelta(seconds=chat.queue.exclusion_s) for chat in chats}
    longest = max(spans.values(), default=timedelta())
    closed = ChatSeat.objects.filter(chat__in=spans, closed_at__gt=now - longest, end__in=NOT_TAKEN)
    for chat_id, agent_id, closed_at in closed.values_list("chat_id", "agent_id", "closed_at"):
        if closed_at and closed_at > now - spans[chat_id]:
            agents[chat_id].add(agent_id)
    return agents


def _resting(users: Collection[int], now: datetime) -> set[int]:
    """Who let a chat ring out just now gets no other for a moment."""
    pause = timedelta(seconds=AnsweringPolicy.current().pause_after_miss_s)
    missed = ChatSeat.objects.filter(agent__in=users, end=ChatSeat.End.TIMEOUT, closed_at__gt=now - pause)
    return set(missed.values_list("agent_id", flat=True))


def _last_at(users: Collection[int]) -> dict[int, datetime]:
    seats = ChatSeat.objects.filter(agent__in=users).order_by().values("agent_id")
    return dict(seats.annotate(last=Max("offered_at")).values_list("agent_id", "last"))


def _places(queue_ids: Collection[int], users: Collection[int]) -> defaultdict[int, dict[int, Place]]:
    places: defaultdict[int, dict[int, Place]] = defaultdict(dict)
    skills = Skills(queue_ids, users)
    rows = QueueMembership.objects.filter(queue__in=queue_ids, user__in=users)
    for queue_id, user_id, penalty in rows.values_list("queue_id", "user_id", "penalty"):
        after_s = skills.suffice_after(queue_id, user_id)
        if after_s is not None:
            places[user_id][queue_id] = Place(penalty, after_s)
    return places
