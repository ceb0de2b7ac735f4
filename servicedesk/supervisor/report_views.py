"""Reports on the past: queues by interval, agents by person; on screen and as a file."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from crmcore import clock
from crmcore.actions import audit
from crmcore.models import User
from crmcore.permissions import may, require
from crmcore.service_levels import Formula
from servicedesk.supervisor.call_flow import call_flow_of
from servicedesk.supervisor.figures import Question, agents_of, ask, away_of, report_of
from servicedesk.supervisor.outbound import outbound_of
from servicedesk.supervisor.periods import presets, today_of
from servicedesk.supervisor.sheets import agent_sheet, flow_sheet, outbound_sheet, queue_sheet
from telephony.queries.figures import summed_up_until


@login_required
@require_GET
def queues(request: HttpRequest) -> HttpResponse:
    """Service level and calls by interval."""
    user, question = asked(request)
    report = report_of(question)
    if wants_file(request, user, question):
        return queue_sheet(report.rows, file_name("queues", question))
    return show(request, user, question, "queues", report=report)


@login_required
@require_GET
def agents(request: HttpRequest) -> HttpResponse:
    """How each agent's time was spent and what became of the offers."""
    user, question = asked(request)
    days = agents_of(question)
    if wants_file(request, user, question):
        return agent_sheet(days, file_name("agents", question))
    return show(request, user, question, "agents", days=days, away=away_of(question, clock.now()))


@login_required
@require_GET
def flow(request: HttpRequest) -> HttpResponse:
    """What became of the calls that came in, menus and callbacks included, and how good the estimated waits were."""
    user, question = asked(request)
    report = call_flow_of(question)
    if wants_file(request, user, question):
        return flow_sheet(report.ways, file_name("flow", question))
    return show(request, user, question, "flow", report=report)


@login_required
@require_GET
def outbound(request: HttpRequest) -> HttpResponse:
    """Calls that were placed: attempts, conversations and talk time, by interval, agent, campaign and outcome."""
    user, question = asked(request)
    rows = outbound_of(question)
    if wants_file(request, user, question):
        return outbound_sheet(rows, file_name("outbound", question))
    return show(request, user, question, "outbound", **rows)


def asked(request: HttpRequest) -> tuple[User, Question]:
    """Who asks what. Raises PermissionDenied for who may see no reports."""
    user = request.user
    assert isinstance(user, User)
    require(user, "report", "view")
    return user, ask(user, request.GET.dict(), clock.now())


def wants_file(request: HttpRequest, user: User, question: Question) -> bool:
    """Whether a file was asked for; taking figures out of the house is a right of its own and leaves a trace."""
    if request.GET.get("format") != "csv":
        return False
    require(user, "report", "export")
    detail = {"first": str(question.period.first), "last": str(question.period.last)}
    audit.record("report.exported", user, by=user, detail=detail)
    return True


def show(request: HttpRequest, user: User, question: Question, name: str, **context: object) -> HttpResponse:
    """The page of a report, with what stands around each of them."""
    context |= {
        "question": question,
        "presets": presets(today_of(clock.now())),
        "formulas": list(Formula),
        "may_export": may(user, "report", "export"),
        "may_leads": may(user, "lead", "view"),
        "fresh_at": summed_up_until(),
        "tab": name,
    }
    return render(request, f"servicedesk/supervisor/report_{name}.html", context)


def file_name(what: str, question: Question) -> str:
    """What the file of a report is called."""
    return f"{what}-{question.period.first}-{question.period.last}"
