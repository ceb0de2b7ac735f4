"""Whom a group message reaches, what it amounts to, and how far it has come."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import BooleanField, Count, ExpressionWrapper, Q

from crmcore.models import AccountContact, ConsentKind, ContactPoint, User
from crmcore.queries.segments import numbers_of, people_of
from telephony.models import GroupText, TextMessage, TextThread
from telephony.queries.campaign_numbers import forbidden
from telephony.queries.text_numbers import takes_messages
from telephony.queries.texting import TextRoute, text_route
from telephony.text_segments import Segments, segments_of
from telephony.text_states import ARRIVED, LOST, TextChannel, TextFault, TextState

MOST = 20_000


@dataclass(frozen=True)
class Recipient:
    """One person, once per number, and the way there."""

    number: str
    contact_id: int
    account_id: int | None
    route: TextRoute


@dataclass(frozen=True)
class Preview:
    """What sending would do: of `people`, those with a mobile, those who want nothing, those who would get it."""

    people: int
    mobiles: int
    unwilling: int
    recipients: int
    segments: Segments
    is_practice: bool

    @property
    def messages(self) -> int:
        """What the network makes of it."""
        return self.recipients * self.segments.count


@dataclass(frozen=True)
class Progress:
    """How many messages stand where; `unwilling` had opted out by the time their turn came."""

    total: int
    waiting: int
    under_way: int
    delivered: int
    failed: int
    unwilling: int
    stopped: int


def recipients_of(group: GroupText, by: User) -> list[Recipient]:
    """Everybody who would get it now; no number twice."""
    return list(_recipients(group, _numbers(group, by)))


def preview_of(group: GroupText, by: User) -> Preview:
    """What would happen if it were sent now."""
    points = _numbers(group, by)
    recipients = list(_recipients(group, points))
    mobiles = {point.value for point in points}
    return Preview(
        people=people_of(by, group.segment).order_by().values("contact").distinct().count(),
        mobiles=len(mobiles),
        unwilling=len(_unwilling(mobiles)),
        recipients=len(recipients),
        segments=segments_of(group.text),
        is_practice=any(not recipient.route.is_real for recipient in recipients),
    )


def progress_of(group: GroupText) -> Progress:
    """The figures of this moment, from the messages themselves."""
    unbegun = ExpressionWrapper(Q(begun_at=None), output_field=BooleanField())
    rows = TextMessage.objects.filter(group=group).order_by().values_list("state", "error_code", unbegun)
    total = waiting = under_way = delivered = failed = unwilling = stopped = 0
    for state, code, is_unbegun, number in rows.annotate(number=Count("pk")):
        total += number
        waiting += number * (state == TextState.QUEUED and is_unbegun)
        under_way += number * (state == TextState.SENT or (state == TextState.QUEUED and not is_unbegun))
        delivered += number * (state in ARRIVED)
        if state in LOST:
            unwilling += number * (code in (TextFault.OPTED_OUT, "21610"))
            stopped += number * (code == TextFault.CANCELLED)
            failed += number * (code not in (TextFault.OPTED_OUT, "21610", TextFault.CANCELLED))
    return Progress(total, waiting, under_way, delivered, failed, unwilling, stopped)


def _numbers(group: GroupText, by: User) -> list[ContactPoint]:
    points = numbers_of(by, group.segment).select_related("contact")
    return [point for point in points if takes_messages(point.value)]


def _unwilling(numbers: set[str]) -> set[str]:
    threads = TextThread.objects.filter(channel=TextChannel.SMS, opted_out_at__isnull=False)
    return forbidden(numbers, ConsentKind.SMS) | (set(threads.values_list("theirs", flat=True)) & numbers)


def _recipients(group: GroupText, points: list[ContactPoint]) -> Iterator[Recipient]:
    unwilling, seen = _unwilling({point.value for point in points}), set[str]()
    routes = {
        is_demo: text_route(TextChannel.SMS, is_demo=is_demo, queue=group.queue, ours=group.line.number)
        for is_demo in (False, True)
    }
    places = AccountContact.objects.filter(contact__in=[point.contact_id for point in points])
    account_of = dict(places.order_by("is_primary", "-pk").values_list("contact_id", "account_id"))
    for point in points:
        route = routes[bool(point.contact and point.contact.is_demo)]
        if point.contact_id is None or route is None or point.value in unwilling | seen or len(seen) >= MOST:
            continue
        seen.add(point.value)
        yield Recipient(point.value, point.contact_id, account_of.get(point.contact_id), route)
