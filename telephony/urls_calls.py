"""Addresses of calls that people look at."""

from django.urls import path

from telephony.views.call_page import call_page

app_name = "calls"

urlpatterns = [path("<int:call_id>/", call_page, name="call")]
