"""The Celery application of worker and scheduler; the packages' tasks register when Django is ready."""

import os
import warnings

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicedesk.settings")

# In a container the desk may well be root; the warning is about pickled tasks, and ours are JSON.
warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")

app = Celery("servicedesk")
app.config_from_object("django.conf:settings", namespace="CELERY")

# The scheduler only sends names, so it needs the settings but none of the packages: a third of the memory.
scheduler = Celery("servicedesk.scheduler", fixups=[], set_as_current=False)
scheduler.config_from_object("django.conf:settings", namespace="CELERY")
