"""Addresses of the live board."""

from django.urls import path

from servicedesk.supervisor import causes, leads, ledger_sheet, report_views, satisfaction_views, stages, views

app_name = "supervisor"

urlpatterns = [
    path("", views.board_page, name="board"),
    path("panels/<slug:name>/", views.panel, name="panel"),
    path("reports/", report_views.queues, name="report_queues"),
    path("reports/flow/", report_views.flow, name="report_flow"),
    path("reports/agents/", report_views.agents, name="report_agents"),
    path("reports/outbound/", report_views.outbound, name="report_outbound"),
    path("reports/satisfaction/", satisfaction_views.satisfaction, name="report_satisfaction"),
    path("reports/satisfaction/answers/", satisfaction_views.answers, name="satisfaction_answers"),
    path("reports/stages/", stages.stages, name="report_stages"),
    path("reports/stages/tickets/", stages.stage_tickets, name="stage_tickets"),
    path("reports/causes/", causes.causes, name="report_causes"),
    path("reports/leads/", leads.leads, name="report_leads"),
    path("reports/ledger/", ledger_sheet.ledger, name="ledger"),
    path("agents/<int:agent_id>/state/", views.set_state, name="set_state"),
]
