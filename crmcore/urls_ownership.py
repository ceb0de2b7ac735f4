"""Addresses of who looks after customers."""

from django.urls import path

from crmcore.views import ownership

urlpatterns = [path("accounts/<int:pk>/claim/", ownership.claim_account, name="account_claim")]
