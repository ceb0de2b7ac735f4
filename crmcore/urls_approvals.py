"""Addresses of approvals."""

from django.urls import path

from crmcore.views import approvals

app_name = "approvals"

urlpatterns = [
    path("", approvals.approval_list, name="list"),
    path("<int:pk>/", approvals.approval, name="request"),
    path("<int:pk>/progress/", approvals.progress, name="progress"),
    path("<int:pk>/decide/", approvals.decide, name="decide"),
]
