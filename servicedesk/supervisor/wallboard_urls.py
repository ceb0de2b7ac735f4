"""Addresses of wallboards."""

from django.urls import path

from servicedesk.supervisor import wallboard_views

app_name = "wallboard"

urlpatterns = [
    path("<str:token>/", wallboard_views.wallboard, name="page"),
    path("<str:token>/tiles/", wallboard_views.tiles, name="tiles"),
]
