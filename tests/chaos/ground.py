"""Django with everything that a first request would load, so that a new worker is a fork away."""

import os

import django
from django.urls import get_resolver

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.chaos.settings"
django.setup()
_ADDRESSES = get_resolver().url_patterns

from twilio.rest import Client  # noqa: E402, F401  # Django must be set up first

from tests.chaos import worker  # noqa: E402, F401
