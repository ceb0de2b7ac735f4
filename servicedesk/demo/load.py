"""Loading both worlds in one transaction: all of it or nothing."""

from datetime import datetime
from random import Random
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from crmcore import clock, live
from crmcore.events import BoardChanged
from crmcore.models import Account, Contact, NumberSequence, Opportunity, Queue, User
from knowledgebase.models import Article
from servicedesk.demo.approvals import add_approvals
from servicedesk.demo.articles import add_articles
from servicedesk.demo.call_flows import draw_flows
from servicedesk.demo.campaigns import add_campaigns
from servicedesk.demo.cast import Cast
from servicedesk.demo.chats import add_chats, let_somebody_chat
from servicedesk.demo.clockwork import play
from servicedesk.demo.content_library import add_library
from servicedesk.demo.customers import add_customers
from servicedesk.demo.dispatch import add_dispatch
from servicedesk.demo.estate import add_estate
from servicedesk.demo.furnish import DEFAULT_QUEUE, furnish, set_passwords
from servicedesk.demo.leads import add_leads
from servicedesk.demo.mail import add_letters
from servicedesk.demo.one_piece import in_one_piece
from servicedesk.demo.products import add_products
from servicedesk.demo.reading import read_desk, read_world, world_codes
from servicedesk.demo.recurring import add_recurring
from servicedesk.demo.sales import add_sales
from servicedesk.demo.satisfaction import add_answers, add_visits, wake_rules
from servicedesk.demo.script import Script
from servicedesk.demo.shift import begin_shifts
from servicedesk.demo.waiting import let_somebody_wait
from servicedesk.demo.wechat import write_on_wechat
from telephony.actions.roll_up import forget_sums
from telephony.models import Call
from tickets.actions.alerts import process_due
from tickets.models import Ticket

SEED = 20418
ROOTS: tuple[type[Model], ...] = (User, Account, Contact, Opportunity, Article, Ticket, Call)


class NotEmpty(Exception):
    """The system holds customers, tickets or calls already."""


@transaction.atomic
def load(*, seed: int = SEED, force: bool = False) -> dict[str, int]:
    """Load the demo up to the present minute; how many rows of each root. Raises NotEmpty unless forced."""
    if not force and any(model._default_manager.exists() for model in (Account, Ticket, Call)):
        raise NotEmpty
    now, rng, cast = clock.now(), Random(seed), Cast()
    desk, worlds = read_desk(), [read_world(code) for code in world_codes()]
    with live.silence(), in_one_piece():
        NumberSequence.objects.get_or_create(key="article", defaults={"prefix": "KB-", "next_value": 401})
        furnish(desk, worlds, cast)
        draw_flows(cast.administrator())
        script = Script(cast, now=now, rng=rng)
        for world in worlds:
            add_customers(world, cast, now=now, rng=rng)
            add_articles(world, cast, now=now, rng=rng)
            script.add(world)
        script.start_numbers(desk)
        script.stories.append(write_on_wechat(cast, now=now))
        play(script.stories, until=now)
        while process_due():
            pass
        script.write_echoes()
        add_letters(Queue.objects.get(code=DEFAULT_QUEUE), now=now)
        add_chats(now=now)
        add_campaigns(cast, now=now, rng=rng)
        wake_rules()
        add_estate(cast, now=now)
        add_products(cast, now=now, rng=rng)
        add_sales(now=now)
        add_dispatch(cast, now=now)
        add_approvals(cast, now=now)
        while process_due():
            pass
        _look_back(cast, now=now, rng=rng)
        set_passwords()
        begin_shifts(cast.shift())
    let_somebody_wait(cast, UUID(int=rng.getrandbits(128), version=4))
    let_somebody_chat()
    forget_sums()
    live.publish("board", BoardChanged())
    return {model.__name__.lower(): model._default_manager.filter(is_demo=True).count() for model in ROOTS}


def _look_back(cast: Cast, *, now: datetime, rng: Random) -> None:
    """Who asks for something first; what customers said afterwards, and who is visited again."""
    add_leads(cast, now=now)
    add_answers(now=now, rng=rng)
    add_visits(cast, now=now, rng=rng)
    add_recurring(cast.teams["chinese_service"], now=now, rng=rng)
    add_library(next(person for person in cast.staff.values() if person.username == "admin1"))
