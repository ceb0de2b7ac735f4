"""People who drive out in the demo, and their visits of today: done, under way, to come, and not yet given."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from crmcore.actions.firms import add_firm_person
from crmcore.actions.people import create_user
from crmcore.firm_rights import MODULES, PRODUCTS, VISITS, Module
from crmcore.models import Calendar, Firm, Queue, Team, User
from servicedesk.demo.cast import Cast
from tickets.actions.dispatching import Window, give_order, write_order
from tickets.actions.field_work import finish, go_on
from tickets.actions.visit_records import add_cost
from tickets.models import DispatchOrder, Technician, Ticket, TicketType

STEPS = ("accepted", "on_way", "on_site")
VISIT = timedelta(hours=2)
FIRST_HOUR = 8
A_DAY = 4
WAITING = 3
BOOKED = ("repair", "request", "question", "complaint")
ABOUT = ("repair", "property_complaint", "complaint", "question")


@dataclass(frozen=True)
class Contractor:
    """An outside firm with the one of its people who signs in, and the modules of its entrance."""

    code: str
    name: str
    name_zh: str
    phone: str
    username: str
    person: str
    modules: tuple[Module, ...]


@dataclass(frozen=True)
class Crew:
    """The technicians of one language, and what their orders say."""

    language: str
    zone: str
    calendar: str
    people: tuple[tuple[str, str], ...]
    task: str
    result: str
    part: tuple[str, int]
    currency: str
    contractor: Contractor


CREWS = (
    Crew(
        "zh-hans",
        "Asia/Shanghai",
        "demo-hangzhou",
        (("technician2", "陈建国"), ("fang.wei", "方伟"), ("luo.bin", "罗斌")),
        "上门检查并维修：{subject}",
        "已更换配件并试运行，客户确认正常。",
        ("排水泵", 12800),
        "CNY",
        Contractor(
            "demo-anju", "Anju Home Services", "安居到家", "161 2305 0071", "partner2", "何立群", (VISITS, PRODUCTS)
        ),
    ),
    Crew(
        "en",
        "Europe/London",
        "demo-london",
        (("technician1", "Sam Whitlock"), ("dale.morgan", "Dale Morgan"), ("priya.nair", "Priya Nair")),
        "Look at it on site: {subject}",
        "Replaced the part and tested it together with the customer.",
        ("Fan module", 6400),
        "USD",
        Contractor(
            "demo-hillside", "Hillside Works", "山居工程", "+44 20 7946 0171", "partner1", "Nora Vance", MODULES
        ),
    ),
)


def add_dispatch(cast: Cast, *, now: datetime) -> None:
    """Name the technicians and let them drive out today; customers ask for visits by themselves."""
    TicketType.objects.filter(code__in=BOOKED).update(visit_booking=TicketType.Booking.ASKS)
    for crew in CREWS:
        people = [_technician(crew, *row) for row in crew.people]
        tickets = _tickets(cast, crew.language)
        morning = now.astimezone(ZoneInfo(crew.zone)).replace(hour=FIRST_HOUR, minute=0, second=0, microsecond=0)
        starts = [morning + place * (VISIT + timedelta(minutes=30)) for place in range(A_DAY)]
        for _place, waiting in zip(range(WAITING), tickets, strict=False):
            _order(waiting, crew)
        _hire_firm(tickets, crew, now)
        for start in starts:
            for person in people:
                if (ticket := next(tickets, None)) is not None:
                    _visit(ticket, crew, person, start, now)


def _hire_firm(tickets: Iterator[Ticket], crew: Crew, now: datetime) -> None:
    """A contractor with somebody who signs in, and a visit for tomorrow."""
    one = crew.contractor
    allowed = [module.key(operation) for module in one.modules for operation in module.operations]
    names = {"name": one.name, "name_zh": one.name_zh, "phone": one.phone}
    firm = Firm.objects.create(code=one.code, crews=2, allowed=allowed, **names)
    facts = {"language": crew.language, "time_zone": crew.zone, "email": f"{one.username}@example.com", "is_demo": True}
    add_firm_person(firm, by=None, username=one.username, name=one.person, **facts)
    if (ticket := next(tickets, None)) is not None:
        start = (now + timedelta(days=1)).replace(hour=10, minute=0, second=0, microsecond=0)
        give_order(_order(ticket, crew), by=None, firm=firm, window=Window(start, start + VISIT))


def _visit(ticket: Ticket, crew: Crew, person: User, start: datetime, now: datetime) -> None:
    order = give_order(_order(ticket, crew), by=None, technician=person, window=Window(start, start + VISIT))
    reached = 3 if start <= now else 1 if start - now < timedelta(hours=4) else 0
    for state in STEPS[:reached]:
        order = go_on(order, state, by=person)
    if reached == len(STEPS):
        name, price = crew.part
        add_cost(order, uuid4(), by=person, kind="part", name=name, quantity=1, unit_minor=price)
    if start + VISIT <= now:
        order = finish(order, by=person, result=crew.result, signed_by=order.person)
        DispatchOrder.objects.filter(pk=order.pk).update(arrived_at=start, over_at=start + VISIT)


def _order(ticket: Ticket, crew: Crew) -> DispatchOrder:
    place = ticket.product.where if ticket.product else ""
    task, person = crew.task.format(subject=ticket.subject), ticket.requester
    return write_order(ticket, by=None, task=task, place=place, person=person, currency=crew.currency)


def _tickets(cast: Cast, language: str) -> Iterator[Ticket]:
    accounts = [row.pk for row in cast.accounts.values() if row.language == language]
    rows = Ticket.objects.filter(account__in=accounts, is_active=True, product__isnull=False, type__code__in=ABOUT)
    with_all = rows.select_related("product__account", "account", "contact", "queue").defer("search")
    return iter(list(with_all.order_by("pk")[: A_DAY * 3 + WAITING + 1]))


def _technician(crew: Crew, username: str, name: str) -> User:
    user = create_user(
        username,
        name=name,
        password=None,
        roles=["technician"],
        teams=Team.objects.none(),
        by=None,
        language=crew.language,
        time_zone=crew.zone,
        email=f"{username}@example.com",
        is_demo=True,
    )
    one = Technician.objects.create(user=user, calendar=Calendar.objects.get(code=crew.calendar))
    one.queues.set(Queue.objects.filter(is_demo=True, language__in=(crew.language, "")))
    return user
