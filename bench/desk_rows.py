"""A desk with any number of tickets: a thousand are written by the product's own models, the rest copied from them."""

import random
from datetime import timedelta
from typing import Any

from django.db import connection, models
from django.db.models.functions import Cast

from crmcore import clock
from crmcore.actions import people
from crmcore.models import Account, Contact, Queue, QueueMembership, User
from crmcore.text_search import index_text
from tickets.actions.entries import Channel, Direction
from tickets.models import Interaction, Priority, Ticket, TicketStatus, TicketType

PATTERNS = 1_000
ENTRIES = 5
TEAMS, AGENTS_PER_TEAM = 10, 2
SAID = (
    "No internet since this morning",
    "发票金额不对，请重开",
    "Machine shows E3 and stops",
    "空调不制冷，报修",
    "Please change the address",
    "投诉安装迟到两小时",
    "Router restarts every hour",
    "合同到期，询问续约",
    "Refund for order 4711",
    "门禁卡无法开门",
)
# One in fifty is open; the others were closed during three years. What is open happened within ten days.
_DRAWN = """
SELECT n, pattern.*, random() < .02 AS open, random() AS one, random() AS two
FROM generate_series(%(first)s, %(last)s) AS n
JOIN {table} AS pattern ON pattern.id = %(base)s + 1 + n %% %(patterns)s
"""
_AGE = "CASE WHEN open THEN one * interval '10 days' ELSE one * interval '1000 days' END"
_TICKET = {
    "id": "%(base)s + 1 + n",
    "number": "'B-' || n",
    "status_id": "CASE WHEN open THEN %(open)s ELSE %(closed)s END",
    "is_active": "open",
    "opened_at": f"now() - {_AGE}",
    "last_event_at": f"now() - ({_AGE}) * two",
    "last_reply_at": f"now() - ({_AGE}) * two",
    "solved_at": f"CASE WHEN open THEN NULL ELSE now() - ({_AGE}) * two END",
    "sla_due_at": "CASE WHEN open THEN now() + (two - .1) * interval '5 days' END",
    "sla_state": "CASE WHEN NOT open THEN '' WHEN two < .1 THEN 'breached' WHEN two < .2 THEN 'soon' ELSE 'ok' END",
}
_ENTRY = {
    "id": "%(entries)s + 1 + n",
    "ticket_id": "%(base)s + 1 + n / %(each)s",
    "occurred_at": "now() - one * interval '1000 days'",
}


def furnish() -> dict[str, User]:
    """Ten teams with a queue and two agents each, and the thousand patterns; an agent and an admin of them."""
    people.ensure_roles()
    rng, now = random.Random(4), clock.now()
    teams = [people.create_team(f"bench-{place}", f"Bench {place}") for place in range(TEAMS)]
    queues = [Queue.objects.create(code=team.code, name=team.name, team=team) for team in teams]
    agents = [_agent(queue, place) for queue in queues for place in range(AGENTS_PER_TEAM)]
    customers = [_customer(place, now) for place in range(PATTERNS // 10)]
    types, closed = list(TicketType.objects.all()), TicketStatus.objects.get(code="closed")
    for number in range(PATTERNS):
        account, contact = customers[number % len(customers)]
        queue = rng.choice(queues)
        Ticket.objects.create(
            number=f"P-{number}",
            subject=rng.choice(SAID),
            type=rng.choice(types),
            status=closed,
            is_active=False,
            priority=rng.choice(Priority.values),
            queue=queue,
            assignee=rng.choice([None, *[agent for agent in agents if queue in agent.queues.all()]]),
            account=account,
            contact=contact,
            channel=rng.choice(Ticket.Channel.values),
            opened_at=now - timedelta(days=rng.randrange(1000)),
            last_event_at=now,
            seq=ENTRIES,
            waiting_on=rng.choice(Ticket.WaitingOn.values),
        )
    _enter(now)
    return {"agent": agents[0], "admin": _admin()}


def grow_to(size: int) -> None:
    """Copy the patterns until there are so many tickets, with five entries each."""
    have = Ticket.objects.count()
    base = Ticket.objects.order_by("pk").values_list("pk", flat=True)[0] - 1
    entries = Interaction.objects.order_by("pk").values_list("pk", flat=True)[0] - 1
    statuses = dict(TicketStatus.objects.values_list("code", "pk"))
    known = {"base": base, "patterns": PATTERNS, "open": statuses["open"], "closed": statuses["closed"]}
    _copy(Ticket, _TICKET, {**known, "first": have, "last": size - 1})
    of_entries = {"base": base, "entries": entries, "each": ENTRIES, "patterns": PATTERNS * ENTRIES}
    # Entries are drawn from the patterns' own.
    _copy(Interaction, _ENTRY, {**of_entries, "first": have * ENTRIES, "last": size * ENTRIES - 1}, base="entries")
    with connection.cursor() as cursor:
        for model in (Ticket, Interaction):
            table = model._meta.db_table
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
            cursor.execute(f"ANALYZE {table}")


def _copy(model: type[models.Model], changed: dict[str, str], facts: dict[str, Any], base: str = "base") -> None:
    columns = [field.column for field in model._meta.concrete_fields]
    drawn = _DRAWN.format(table=model._meta.db_table).replace("%(base)s", f"%({base})s")
    values = ", ".join(changed.get(column, f'"{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {model._meta.db_table} ({names}) SELECT {values} FROM ({drawn}) AS drawn", facts)


def _enter(now: Any) -> None:
    rng = random.Random(5)
    for ticket in Ticket.objects.order_by("pk"):
        Ticket.objects.filter(pk=ticket.pk).update(search=_lexemes(ticket))
        Interaction.objects.bulk_create(
            Interaction(
                ticket=ticket,
                seq=seq,
                account=ticket.account,
                contact=ticket.contact,
                channel=Channel.PORTAL,
                direction=rng.choice([Direction.IN, Direction.OUT]),
                body=rng.choice(SAID),
                is_public=True,
                occurred_at=now,
                recorded_at=now,
            )
            for seq in range(1, ENTRIES + 1)
        )


def _lexemes(ticket: Ticket) -> Any:
    words = index_text({"A": f"{ticket.number} {ticket.subject}", "C": SAID[ticket.pk % len(SAID)]})
    return Cast(models.Value(words), Ticket._meta.get_field("search"))


def _agent(queue: Queue, place: int) -> User:
    name = f"{queue.code}-{place}"
    user = people.create_user(name, name=name, password=None, roles=["agent"], teams=[queue.team], by=None)
    QueueMembership.objects.create(queue=queue, user=user)
    return user


def _admin() -> User:
    return people.create_user("bench-admin", name="Admin", password=None, roles=["admin"], by=None)


def _customer(place: int, now: Any) -> tuple[Account, Contact]:
    grade = Account.Grade.values[place % 4]
    account = Account.objects.create(code=f"B-{place}", name=f"Customer {place}", grade=grade, created_at=now)
    return account, Contact.objects.create(name=f"Person {place}", created_at=now)
