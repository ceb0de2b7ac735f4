"""Addresses of what is written down about customers."""

from django.urls import path

from crmcore.views import account_details, regions

urlpatterns = [
    path("accounts/<int:pk>/details/", account_details.account_details, name="account_details"),
    path("regions/steps/", regions.region_steps, name="region_steps"),
    path("regions/search/", regions.region_search, name="region_search"),
]
