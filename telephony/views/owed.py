"""Calls that are owed: done with, or called off."""

from django.http import HttpRequest, HttpResponse

from crmcore.models import User
from telephony.actions.callbacks import call_off as call_off_promise
from telephony.actions.missed import mark_done
from telephony.views.doors import done, staff_command


@staff_command
def missed_done(request: HttpRequest, user: User, missed_id: int) -> HttpResponse:
    """Nothing more is to be done about a missed caller."""
    mark_done(missed_id, by=user)
    return done()


@staff_command
def call_off(request: HttpRequest, user: User, callback_id: int) -> HttpResponse:
    """A promised call is not made."""
    call_off_promise(callback_id, by=user)
    return done()
