"""Addresses of a ticket's own fields and of its stages."""

from django.urls import path

from tickets.views import fields, stages

STAGES_ABOVE = [path("new/fields/", fields.asked_fields, name="asked_fields")]
STAGES = [
    path("<str:number>/fields/", fields.fields, name="fields"),
    path("<str:number>/fields/edit/", fields.edit_fields, name="edit_fields"),
    path("<str:number>/stage/", stages.step, name="step"),
]
