"""Addresses of notices."""

from django.urls import path

from crmcore.views import notices

app_name = "notices"

urlpatterns = [
    path("", notices.notice_list, name="list"),
    path("read/", notices.read_them_all, name="read_all"),
    path("<int:pk>/", notices.open_notice, name="open"),
]
