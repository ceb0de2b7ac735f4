"""Approvals of the demo: two plans, and requests that wait, were given, refused and asked back."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from crmcore import clock
from crmcore.actions import approvals
from crmcore.actions.approval_plans import publish
from crmcore.approval_plan import Plan, PlanStep
from crmcore.models import ApprovalPlan, ApprovalRequest, ApprovalSeat, AuditEntry, Role, User
from servicedesk.demo.cast import Cast
from tickets.actions.asking import ask_for_approval
from tickets.models import Ticket

GOODWILL, EXCEPTION = "demo-goodwill", "demo-exception"
FACTS = ("subject", "type", "customer")
# By whom it is asked, by which plan, in which words, and what its approvers do.
STORIES: tuple[tuple[str, str, tuple[str, str], tuple[str, ...]], ...] = (
    (
        "agent",
        GOODWILL,
        ("Half a month free: three failures within a week.", "一周内三次故障，申请减免半个月费用。"),
        (),
    ),
    (
        "agent",
        GOODWILL,
        ("Return the fee, as promised on the phone.", "按电话承诺退还开通费。"),
        ("yes", "yes"),
    ),
    ("agent", EXCEPTION, ("Exchange after the warranty ended two days ago.", "质保过期两天，申请换新。"), ("no",)),
    (
        "agent",
        EXCEPTION,
        ("An engineer on Sunday, when the shop is shut.", "门店平日营业，申请周日上门。"),
        ("back",),
    ),
    ("agent", EXCEPTION, ("A visit outside of the hours of the contract.", "申请合同时段以外上门。"), ()),
    ("leader", EXCEPTION, ("A spare device for a week, until the part arrives.", "备件到货前借用备机一周。"), ()),
)
DESKS = (("agent1", "supervisor1", "network", 0), ("agent2", "supervisor2", "chinese_desk", 1))
NO = ("The terms allow it within a month only.", "条款规定仅限一个月内。")
BACK = ("How much would the visit cost?", "上门费用是多少？")


def add_approvals(cast: Cast, *, now: datetime) -> None:
    """Ask for approvals of open tickets of both worlds, some hours ago."""
    plans = {GOODWILL: _goodwill(cast), EXCEPTION: _exception()}
    for agent, leader, queue, at in DESKS:
        people = {"agent": User.objects.get(username=agent), "leader": User.objects.get(username=leader)}
        tickets = Ticket.objects.filter(is_active=True, queue=cast.queues[queue]).order_by("-opened_at")
        for place, (story, ticket) in enumerate(zip(STORIES, tickets[: len(STORIES)], strict=False)):
            who, code, words, answers = story
            with clock.at(now - timedelta(hours=7 - place)):
                request = ask_for_approval(ticket, plans[code], by=people[who], reason=words[at])
            _answer(request, answers, at, moments=(now - timedelta(minutes=50 - place - 5 * one) for one in range(9)))


def remove_plans() -> None:
    """The plans of the demo with everything that was asked by them."""
    plans = ApprovalPlan.objects.filter(code__in=[GOODWILL, EXCEPTION])
    requests = ApprovalRequest.objects.filter(plan__in=plans)
    for rows, nouns in ((requests, ("approvalrequest", "ticketapproval")), (plans, ("approvalplan",))):
        keys = [str(pk) for pk in rows.values_list("pk", flat=True)]
        AuditEntry.objects.filter(noun__in=nouns, object_id__in=keys).delete()
        rows.delete()


def _goodwill(cast: Cast) -> ApprovalPlan:
    admins = Role.objects.get(code="admin")
    leader = PlanStep("Team leader", "班组长", who=(("leader", ""),), hours=8, remind=2, escalate="leader")
    office = PlanStep("Finance", "财务", who=(("role", str(admins.pk)),), hours=24, remind=4)
    copies = (cast.administrator().pk,)
    return _plan(GOODWILL, "Goodwill payment", "商誉补偿", Plan((leader, office), facts=FACTS, copies=copies))


def _exception() -> ApprovalPlan:
    roles = Role.objects.filter(code__in=["supervisor", "admin"]).order_by("pk")
    step = PlanStep("Supervisors", "主管", who=tuple(("role", str(role.pk)) for role in roles), hours=24, remind=4)
    return _plan(EXCEPTION, "Exception to the terms", "条款例外", Plan((step,), facts=FACTS))


def _plan(code: str, name: str, name_zh: str, plan: Plan) -> ApprovalPlan:
    place = ApprovalPlan.objects.count()
    entry = ApprovalPlan.objects.create(code=code, name=name, name_zh=name_zh, subject="ticket", position=place)
    publish(entry, plan, by=None)
    return entry


def _answer(request: ApprovalRequest, answers: Iterable[str], at: int, moments: Iterable[datetime]) -> None:
    for answer, moment in zip(answers, moments, strict=False):
        with clock.at(moment):
            seat, person = _waited_for(request)
            if answer == "yes":
                approvals.approve(seat, by=person)
            elif answer == "no":
                approvals.reject(seat, by=person, text=NO[at])
            else:
                approvals.ask_back(seat, by=person, text=BACK[at])


def _waited_for(request: ApprovalRequest) -> tuple[int, User]:
    """Somebody who is asked now, of the team's own leaders first."""
    rows = ApprovalSeat.objects.filter(step__request=request, is_waiting=True).select_related("user")
    language = request.asked_by.language if request.asked_by else ""
    seat = min(rows, key=lambda row: (row.user.language != language, row.pk))
    return seat.pk, seat.user
