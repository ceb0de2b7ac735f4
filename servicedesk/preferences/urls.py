"""Addresses of a person's own settings."""

from django.urls import path

from servicedesk.preferences import views

app_name = "settings"

urlpatterns = [
    path("you/", views.profile, name="profile"),
    path("language/", views.set_language, name="language"),
    path("theme/", views.set_theme, name="theme"),
]
