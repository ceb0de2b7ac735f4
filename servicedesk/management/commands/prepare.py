"""Brings a database up to date before the desk opens."""

import signal
import sys
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from redis import RedisError

from crmcore.actions.regions import install_regions
from crmcore.live import redis
from crmcore.models import User
from crmcore.shipped_regions import shipped
from servicedesk.demo.active import may_enter


class Command(BaseCommand):
    """Both engines must answer; then migrations, and the demo on an empty database."""

    help = "Check the engines, apply migrations, and load the demo into an empty database when DEMO is on."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        self._reach_engines()
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
        call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
        install_regions(shipped(settings.REGIONS_FILE))
        people = User.objects.all()
        if settings.DEMO and not people.exists():
            self.stdout.write("Loading the demo data; this takes a minute …")
            call_command("demo", "load")
        elif not any(may_enter(user) for user in people.filter(is_superuser=True, is_active=True)):
            self._ask_for_administrator()

    def _ask_for_administrator(self) -> None:
        if sys.stdin.isatty():
            signal.signal(signal.SIGTERM, _leave)
            self.stdout.write("There is no administrator yet.")
            call_command("administrator")
        else:
            self.stdout.write("There is no administrator yet; run: python manage.py administrator")

    def _reach_engines(self) -> None:
        try:
            connection.ensure_connection()
            connection.check_database_version_supported()
        except DatabaseError as error:
            raise CommandError(f"DATABASE_URL: the database does not answer: {_first_line(error)}") from error
        try:
            redis().ping()
        except (RedisError, OSError) as error:
            raise CommandError(f"REDIS_URL: Redis does not answer: {_first_line(error)}") from error


def _leave(_number: int, _frame: FrameType | None) -> None:
    """Stop where a terminal's echo is switched on again, should a password be half typed."""
    sys.exit(1)


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0].rstrip(".") + "."
