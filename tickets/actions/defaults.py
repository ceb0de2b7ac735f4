"""The shipped types, statuses, policy, views, rules and complaint loop."""

from types import SimpleNamespace

from django.db import transaction

from crmcore.models import Calendar
from tickets.models import (
    Questionnaire,
    QuestionnaireVersion,
    Rule,
    SavedView,
    SlaPolicy,
    SlaPolicyVersion,
    SlaTarget,
    StageFlow,
    StageFlowVersion,
    SurveyTemplate,
    TicketField,
    TicketStatus,
    TicketType,
    TypeField,
    VisitMethod,
    VisitPlan,
    VisitTheme,
)
from tickets.shipped_desk import install_rules, install_ticket_desk, install_views
from tickets.shipped_loop import install_loop
from tickets.shipped_questionnaires import install_questionnaires
from tickets.shipped_surveys import install_surveys
from tickets.shipped_visits import install_visits


@transaction.atomic
def ensure_ticket_defaults() -> None:
    """Create what a desk needs to open tickets, where it is missing; what somebody changed stays."""
    parts = (TicketType, TicketStatus, SlaPolicy, SlaPolicyVersion, SlaTarget, Calendar, SavedView, Rule)
    loop = (TicketField, TypeField, StageFlow, StageFlowVersion)
    models = SimpleNamespace(**{part.__name__: part for part in (*parts, *loop, VisitMethod, VisitTheme, VisitPlan)})
    install_ticket_desk(models)
    install_views(models)
    install_rules(models)
    install_loop(models)
    install_surveys(SurveyTemplate, Rule)
    install_visits(models)
    install_questionnaires(Questionnaire, QuestionnaireVersion)
