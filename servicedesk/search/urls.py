"""Address of the one box."""

from django.urls import path

from servicedesk.search import views

app_name = "search"

urlpatterns = [path("", views.search, name="search")]
