"""Addresses of the settings."""

from django.urls import path

from servicedesk.setup import overview

app_name = "setup"

urlpatterns = [
    path("", overview.overview, name="overview"),
]
