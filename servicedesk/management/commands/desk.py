"""The whole desk in one command."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Hands over to a process without Django, which stays small for as long as the desk runs."""

    help = "Run engines, pages, sockets, worker and scheduler until Ctrl-C."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        os.chdir(settings.BASE_DIR)
        os.execv(sys.executable, [sys.executable, "-m", "servicedesk.desk"])
