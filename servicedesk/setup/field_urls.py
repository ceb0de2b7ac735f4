"""Addresses of what field work is arranged by, below the settings."""

from django.urls import path

from servicedesk.setup import field_work
from servicedesk.setup.field_work import CHECKS, FAILURES
from servicedesk.setup.firm_rights import firm_rights
from servicedesk.setup.firms import FIRMS, add_person, lock_person

FIELD = [
    path("field-terms/", field_work.terms, name="field_terms"),
    path("technicians/", field_work.technician_list, name="technicians"),
    path("technicians/new/", field_work.edit_technician, name="technician_new"),
    path("technicians/<int:pk>/", field_work.edit_technician, name="technician"),
    *FIRMS.addresses(),
    path("firms/<int:pk>/rights/", firm_rights, name="firm_rights"),
    path("firms/<int:pk>/people/", add_person, name="firm_person_new"),
    path("firms/<int:pk>/people/<int:person_id>/lock/", lock_person, name="firm_person_lock"),
    *FAILURES.addresses(),
    *CHECKS.addresses(),
]
