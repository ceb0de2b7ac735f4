"""A floor of any size for the measurements of distribution: queues, agents in ten of them each, callers in line."""

from dataclasses import dataclass

from crmcore import clock
from crmcore.actions import people
from crmcore.models import AgentPresence, Queue, QueueMembership, Team, User
from crmcore.models.presence import Chosen, SystemState
from telephony.actions.calls import receive_call
from telephony.models import Call, CallEvent, Offer, QueueEntry
from telephony.providers.base import Incoming
from telephony.states import CallState

QUEUES_PER_AGENT = 10
AGENTS_PER_QUEUE = 50


@dataclass
class Floor:
    """Agents by id, each in ten queues; everybody is away until `stand_ready`."""

    agents: list[int]
    queues: list[Queue]

    @classmethod
    def of(cls, name: str, agents: int) -> "Floor":
        """As many queues as give each fifty agents, ten at least."""
        team = people.create_team(f"floor-{name}", name)
        number = max(QUEUES_PER_AGENT, agents * QUEUES_PER_AGENT // AGENTS_PER_QUEUE)
        queues = Queue.objects.bulk_create(_queue(name, place, team) for place in range(number))
        now = clock.now()
        users = User.objects.bulk_create(
            User(username=f"{name}-{place}", name=f"Agent {place}", email=f"{name}-{place}@bench.example")
            for place in range(agents)
        )
        QueueMembership.objects.bulk_create(
            QueueMembership(queue=queues[(place * 7 + step) % number], user=user)
            for place, user in enumerate(users)
            for step in range(QUEUES_PER_AGENT)
        )
        AgentPresence.objects.bulk_create(
            AgentPresence(
                user=user, chosen=Chosen.AUX, device_ok=True, last_seen_at=now, idle_since=now, state_since=now
            )
            for user in users
        )
        return cls([user.pk for user in users], queues)

    def call(self, number: int) -> None:
        """Somebody calls one of the queues."""
        token = f"{self.queues[0].code}-{number}-{clock.now().timestamp()}"
        context = {"queue_id": self.queues[number % len(self.queues)].pk, "patience_s": 36_000, "talk_s": 60}
        receive_call(
            Incoming(
                provider="simulated",
                provider_call_id=token,
                token=token,
                from_number=f"+1202555{number % 10_000:04d}",
                context=context,
            ),
            now=clock.now(),
        )

    def stand_ready(self, agents: list[int]) -> None:
        """These agents are ready, all others away."""
        self._all_away()
        AgentPresence.objects.filter(user_id__in=agents).update(chosen=Chosen.AVAILABLE)

    def take_back(self) -> None:
        """As if nothing had been offered: callers in line, agents away."""
        Offer.objects.all().delete()
        waiting = QueueEntry.objects.filter(left_at=None).values("call_id")
        Call.objects.filter(pk__in=waiting, state=CallState.OFFERING).update(state=CallState.QUEUED)
        self._all_away()

    def _all_away(self) -> None:
        AgentPresence.objects.update(chosen=Chosen.AUX, system=SystemState.IDLE, deadline=None)

    @staticmethod
    def clear_line() -> None:
        """Nobody waits any more."""
        CallEvent.objects.all().delete()
        Call.objects.all().delete()


def _queue(name: str, place: int, team: Team) -> Queue:
    return Queue(code=f"{name}-{place}", name=f"{name} {place}", team=team)
