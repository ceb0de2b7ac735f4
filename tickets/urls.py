"""Addresses of tickets."""

from django.urls import path

from tickets.mail_urls import MAIL, MAIL_ABOVE
from tickets.stage_urls import STAGES, STAGES_ABOVE
from tickets.views import bulk, changes, clocks, composer, conditions, opening, saved_views, ticket, worklist
from tickets.work_urls import ABOVE, WORK

app_name = "tickets"

urlpatterns = [
    path("", worklist.ticket_list, name="list"),
    path("new/", opening.new_ticket, name="new"),
    path("new/customers/", opening.customers, name="customers"),
    path("views/", worklist.shelf, name="shelf"),
    path("views/new/", saved_views.new_view, name="view_new"),
    path("views/preview/", saved_views.preview, name="view_preview"),
    path("views/<int:pk>/", saved_views.edit_view, name="view_edit"),
    path("views/<int:pk>/remove/", saved_views.remove, name="view_remove"),
    path("bulk/", bulk.change, name="bulk"),
    path("bulk/choices/", bulk.choices, name="bulk_choices"),
    path("bulk/strip/", bulk.strip, name="bulk_strip"),
    path("bulk/<int:pk>/", bulk.progress, name="bulk_change"),
    path("bulk/<int:pk>/undo/", bulk.undo, name="bulk_undo"),
    path("conditions/<str:key>/", conditions.condition_row, name="condition_row"),
    path("steps/<str:key>/", conditions.step_row, name="step_row"),
    path("drafts/", composer.draft, name="draft"),
    *ABOVE,
    *MAIL_ABOVE,
    *STAGES_ABOVE,
    path("<str:number>/", ticket.ticket, name="ticket"),
    path("<str:number>/header/", ticket.header, name="header"),
    path("<str:number>/thread/", ticket.thread, name="thread"),
    path("<str:number>/side/", ticket.side, name="side"),
    path("<str:number>/row/", worklist.row, name="row"),
    path("<str:number>/compose/", composer.compose, name="compose"),
    path("<str:number>/status/", changes.status, name="status"),
    path("<str:number>/assign/", changes.assign, name="assign"),
    path("<str:number>/priority/", changes.priority, name="priority"),
    path("<str:number>/waive/", changes.waive, name="waive"),
    path("<str:number>/due/<slug:metric>/", clocks.due, name="due"),
    path("<str:number>/owed/", clocks.owed, name="owed"),
    path("<str:number>/reopen/", changes.reopen, name="reopen"),
    *WORK,
    *MAIL,
    *STAGES,
]
