"""Addresses of what is written down about customers."""

from django.urls import path

from crmcore.views import account_details

urlpatterns = [path("accounts/<int:pk>/details/", account_details.account_details, name="account_details")]
