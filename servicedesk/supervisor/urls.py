"""Addresses of the live board."""

from django.urls import path

from servicedesk.supervisor import views

app_name = "supervisor"

urlpatterns = [
    path("", views.board_page, name="board"),
    path("panels/<slug:name>/", views.panel, name="panel"),
    path("agents/<int:agent_id>/state/", views.set_state, name="set_state"),
]
