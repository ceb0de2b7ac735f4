"""Django, set up once, so that a new worker is a fork away."""

import os

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.chaos.settings"
django.setup()

from tests.chaos import worker  # noqa: E402  # its models need a Django that is set up

serve = worker.serve
