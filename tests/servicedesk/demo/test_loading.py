"""The loaded demo: nothing on a screen is empty, nothing in it contradicts anything else."""

from collections import defaultdict
from contextlib import suppress
from datetime import timedelta
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from crmcore import clock
from crmcore.models import AccountContact, ContactPoint, Lead, LiveEvent, Opportunity, Queue, Stage, User
from crmcore.models.leads import LeadState
from knowledgebase.queries.search import search_articles
from servicedesk.demo.active import is_active
from telephony.models import Call, CallFlow, CallLeg, PhoneLine
from telephony.queries.board import queue_stats
from telephony.states import CallOutcome, CallState, LegKind
from tests.servicedesk.demo.conftest import Loaded
from tests.telephony import invariants
from tickets.models import Category, Interaction, SlaClock, Ticket
from tickets.queries.worklists import my_tickets

pytestmark = pytest.mark.django_db

State = SlaClock.State


def test_the_small_size_is_reached(demo: Loaded) -> None:
    counts = demo.counts
    converted = Lead.objects.filter(is_demo=True, state=LeadState.CONVERTED).count()
    assert (counts["user"], counts["account"] - converted, counts["contact"] - converted) == (30, 120, 265)
    assert counts["call"] >= 650
    assert counts["ticket"] >= 350
    assert counts["article"] >= 60
    assert counts["opportunity"] >= 70


def test_a_call_flow_of_each_firm_is_in_use_and_leads_nobody_yet(demo: Loaded) -> None:
    flows = list(CallFlow.objects.filter(is_demo=True).order_by("pk"))
    assert [flow.in_use is not None for flow in flows] == [True, True]
    assert not PhoneLine.objects.filter(flow__isnull=False).exists()


def test_the_board_of_today_is_not_empty(demo: Loaded) -> None:
    stats = queue_stats(Queue.objects.filter(is_demo=True), since=demo.now - timedelta(hours=24), now=demo.now)
    assert all(
        one.offered for one in stats if one.queue.code != "complaints" and not one.queue.code.startswith("estate")
    )


@pytest.mark.parametrize("username", ["agent1", "agent2"])
def test_the_agents_to_sign_in_as_have_work(demo: Loaded, username: str) -> None:
    assert len(my_tickets(User.objects.get(username=username))) >= 4


@pytest.mark.parametrize(("words", "language"), [("tunnel drops", "en"), ("隧道", "zh-hans"), ("E3", "zh-hans")])
def test_knowledge_is_found(demo: Loaded, words: str, language: str) -> None:
    assert search_articles(words, user=User.objects.get(username="agent1"), language=language, limit=5)


def test_every_stage_of_the_pipeline_has_money_in_it(demo: Loaded) -> None:
    for stage in Stage.objects.all():
        assert Opportunity.objects.filter(stage=stage, amount_minor__gt=0).exists(), stage.code


def test_every_status_is_to_be_seen(demo: Loaded) -> None:
    seen = set(Ticket.objects.values_list("status__category", flat=True))
    assert seen == set(Category.values) - {Category.VOID}


def test_the_best_known_tickets_have_their_numbers(demo: Loaded) -> None:
    assert Ticket.objects.get(number="KW-20418").contact.name == "Dana Whitlock"  # type: ignore[union-attr]
    assert Ticket.objects.get(number="CG-8841").contact.name == "王芳"  # type: ignore[union-attr]


def test_numbers_grow_with_time(demo: Loaded) -> None:
    # Chats are written when the rest of the past stands, so their numbers come last.
    told = Ticket.objects.exclude(channel=Ticket.Channel.CHAT).order_by("opened_at", "pk")
    for prefix in ("KW-", "CG-"):
        found = told.filter(number__startswith=prefix).values_list("number", flat=True)
        serials = [int(number.removeprefix(prefix)) for number in found]
        assert serials == sorted(serials)


def test_a_promise_breaks_within_six_minutes(demo: Loaded) -> None:
    due = SlaClock.objects.filter(state=State.RUNNING, due_at__range=(demo.now, demo.now + timedelta(minutes=6)))
    assert due.filter(metric="first_reply", ticket__subject__startswith="Portal sign-in code").exists()


def test_a_complaint_led_to_the_renewal_that_keeps_the_customer(demo: Loaded) -> None:
    kept = Opportunity.objects.get(name="Renewal with spare controller on site")
    assert kept.tickets.get().type.code == "complaint"


def test_a_deal_was_lost_on_price(demo: Loaded) -> None:
    assert Opportunity.objects.filter(stage__code="lost", lost_reason__icontains="price").exists()


def test_a_switchboard_is_shared_by_nine(demo: Loaded) -> None:
    point = ContactPoint.objects.get(value="+442079460300")
    assert point.is_shared
    assert point.account is not None
    assert point.account.contacts.count() == 9


def test_one_number_belongs_to_husband_and_wife(demo: Loaded) -> None:
    holders = ContactPoint.objects.filter(value="+8616830172649", contact__isnull=False)
    assert set(holders.values_list("contact__name", flat=True)) == {"陈立群", "周敏"}


def test_forty_tickets_have_one_cause(demo: Loaded) -> None:
    assert Ticket.objects.filter(subject__contains="E3").count() >= 25


def test_a_complaint_came_without_a_number(demo: Loaded) -> None:
    withheld = Call.objects.filter(from_e164="", ticket__type__code="complaint", direction=Call.Direction.IN)
    assert withheld.exists()


def test_two_records_look_like_one_person(demo: Loaded) -> None:
    names = AccountContact.objects.filter(contact__name__startswith="王").values_list("contact__name", flat=True)
    assert {"王芳", "王 芳"} <= set(names)


def test_rebuilding_the_clocks_would_change_nothing(demo: Loaded) -> None:
    said = StringIO()
    with clock.at(demo.now), suppress(CommandError):
        call_command("sla_rebuild", "--verify", stdout=said)
    assert said.getvalue() == f"{SlaClock.objects.count()} clocks, 0 differences\n"


def test_about_nine_promises_in_ten_were_kept(demo: Loaded) -> None:
    ended = SlaClock.objects.filter(metric="resolution", state__in=(State.MET, State.MISSED))
    assert 0.82 < ended.filter(state=State.MET).count() / ended.count() < 0.98


def test_few_callers_gave_up(demo: Loaded) -> None:
    calls = Call.objects.filter(direction=Call.Direction.IN)
    assert 0.025 < calls.filter(outcome=CallOutcome.ABANDONED).count() / calls.count() < 0.08


def test_the_calls_keep_the_rules_of_telephony(demo: Loaded) -> None:
    invariants.check(demo.now)


def test_nobody_is_in_two_conversations_at_once(demo: Loaded) -> None:
    talks = defaultdict(list)
    legs = CallLeg.objects.filter(kind=LegKind.AGENT).order_by("joined_at")
    for agent, joined_at, left_at in legs.values_list("agent", "joined_at", "left_at"):
        assert joined_at is not None
        assert left_at is not None
        talks[agent].append((joined_at, left_at))
    overlapping = [(one, other) for spans in talks.values() for one, other in pairwise(spans) if one[1] > other[0]]
    assert len(overlapping) <= 3


def test_what_was_said_on_a_call_stands_on_its_ticket(demo: Loaded) -> None:
    legs = CallLeg.objects.filter(kind=LegKind.AGENT)
    assert not legs.filter(interaction=None).exists()
    assert not legs.exclude(interaction__ticket=F("call__ticket")).exclude(call__ticket=None).exists()
    assert not legs.exclude(interaction__body=F("call__note")).exists()


def test_tickets_belong_to_people_of_their_account(demo: Loaded) -> None:
    for ticket in Ticket.objects.exclude(contact=None).prefetch_related("account__contacts"):
        assert ticket.account is not None
        assert ticket.contact in ticket.account.contacts.all()


def test_timelines_have_no_gap(demo: Loaded) -> None:
    for ticket in Ticket.objects.prefetch_related("interactions"):
        assert {one.seq for one in ticket.interactions.all()} == set(range(1, ticket.seq + 1)), ticket


def test_nothing_happened_in_the_future(demo: Loaded) -> None:
    assert not Interaction.objects.filter(occurred_at__gt=demo.now).exists()
    assert not Call.objects.filter(ended_at__gt=demo.now).exists()


def test_the_past_announces_nothing(demo: Loaded) -> None:
    # Only the caller and the chat that wait now are news.
    assert LiveEvent.objects.count() < 30


def test_a_customer_waits_in_line(demo: Loaded) -> None:
    call = Call.objects.get(state=CallState.QUEUED)
    assert call.contact == User.objects.get(username="customer2").contact
    assert call.pop["verified"]


@pytest.mark.parametrize("username", ["agent1", "agent2", "supervisor1", "admin1", "customer1", "customer2"])
def test_everybody_named_on_the_sign_in_page_can_enter(demo: Loaded, username: str) -> None:
    assert User.objects.get(username=username).check_password("demo-desk")


def test_a_second_load_is_refused(demo: Loaded) -> None:
    with pytest.raises(CommandError, match="empty system"):
        call_command("demo", "load")


def test_the_banner_knows_of_the_demo(demo: Loaded) -> None:
    assert is_active()


@pytest.mark.parametrize("site", ["estate-hangzhou", "estate-london"])
def test_complaints_stand_at_every_stage_of_their_loop(demo: Loaded, site: str) -> None:
    rows = Ticket.objects.filter(queue__code=site)
    stages = {"reception", "inspection", "assignment", "handling", "closing", "return_visit", ""}
    assert set(rows.values_list("stage", flat=True)) == stages
    assert rows.filter(visits__climbs__gt=0, visits__left_at=None).exists()
    assert rows.filter(priority="urgent").count() == 2
