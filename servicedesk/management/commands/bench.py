"""Measure the desk on this machine; the measurements live in the folder bench/."""

import subprocess
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Runs on engines and data of its own, so the desk's own data is never touched."""

    help = "Measure webhooks, offers, due moments, search, pages and memory."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("words", nargs="*", help="passed on to the measurements, as in: -- --only due,offers")

    def handle(self, *args: Any, **options: Any) -> None:
        sys.exit(subprocess.call([sys.executable, "-m", "bench", *options["words"]], cwd=settings.BASE_DIR))
