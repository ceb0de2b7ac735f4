"""Addresses of what tickets are, ask for and are called, below the settings."""

from django.urls import path

from servicedesk.setup import questionnaires, stages, ticket_statuses, ticket_type_fields
from servicedesk.setup.content_library import QUESTIONS, SCRIPTS
from servicedesk.setup.recurring_visits import RECURRING_VISITS, pause_plan
from servicedesk.setup.surveys import SURVEYS
from servicedesk.setup.ticket_fields import TICKET_FIELDS
from servicedesk.setup.ticket_types import TICKET_TYPES
from servicedesk.setup.visits import VISIT_METHODS, VISIT_PLANS, VISIT_THEMES

TICKETS = [
    *SURVEYS.addresses(),
    *questionnaires.LIST.addresses(),
    path("questionnaires/<int:pk>/questions/", questionnaires.questions, name="questions"),
    path("questionnaires/<int:pk>/questions/<slug:code>/", questionnaires.save_question, name="question_save"),
    path("questionnaires/<int:pk>/change/", questionnaires.change, name="questionnaire_change"),
    path("questionnaires/<int:pk>/preview/", questionnaires.preview, name="questionnaire_preview"),
    path("questionnaires/<int:pk>/library/", questionnaires.library, name="questionnaire_library"),
    *SCRIPTS.addresses(),
    *QUESTIONS.addresses(),
    *VISIT_METHODS.addresses(),
    *VISIT_THEMES.addresses(),
    *VISIT_PLANS.addresses(),
    *RECURRING_VISITS.addresses(),
    path("recurring-visits/<int:pk>/pause/", pause_plan, name="recurring_visits_pause"),
    *TICKET_TYPES.addresses(),
    path("ticket-types/<int:pk>/fields/", ticket_type_fields.type_fields, name="type_fields"),
    path("ticket-types/<int:pk>/fields/<int:field_id>/", ticket_type_fields.change_field, name="type_field"),
    *TICKET_FIELDS.addresses(),
    path("ticket-stages/", stages.flow_list, name="stages"),
    path("ticket-stages/<int:pk>/", stages.flow_page, name="stage_flow"),
    path("ticket-stages/<int:pk>/change/", stages.change_flow, name="stage_flow_change"),
    path("ticket-stages/<int:pk>/stages/<slug:code>/", stages.save_stage, name="stage_save"),
    path("ticket-statuses/", ticket_statuses.status_list, name="ticket_statuses"),
    path("ticket-statuses/new/", ticket_statuses.edit_status, name="ticket_status_new"),
    path("ticket-statuses/<int:pk>/", ticket_statuses.edit_status, name="ticket_status"),
    path("ticket-statuses/<int:pk>/change/", ticket_statuses.change_status, name="ticket_status_change"),
]
