"""The whole desk in one command."""

from typing import Any

from django.core.management.base import BaseCommand

from servicedesk.desk import become_desk


class Command(BaseCommand):
    """Listed here for the help; `manage.py desk` gets there without loading Django first."""

    help = "Run engines, pages, sockets, worker and scheduler until Ctrl-C."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        become_desk()
