"""Addresses of a customer's organisation and important dates."""

from django.urls import path

from crmcore.views import organisation

urlpatterns = [
    path("accounts/<int:pk>/people/", organisation.account_people, name="account_people"),
    path("accounts/<int:pk>/units/new/", organisation.new_unit, name="unit_new"),
    path("units/<int:pk>/edit/", organisation.edit_unit, name="unit_edit"),
    path("units/<int:pk>/remove/", organisation.remove_unit, name="unit_remove"),
    path("memberships/<int:pk>/edit/", organisation.edit_place, name="place_edit"),
    path("accounts/<int:pk>/dates/", organisation.account_dates, name="account_dates"),
    path("accounts/<int:pk>/dates/new/", organisation.new_date, name="date_new"),
    path("dates/<int:pk>/edit/", organisation.edit_date, name="date_edit"),
    path("dates/<int:pk>/remove/", organisation.remove_date, name="date_remove"),
]
