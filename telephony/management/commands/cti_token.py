"""Let an exchange report its calls."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from crmcore.models import Queue
from telephony.actions.lines import issue_cti_token


class Command(BaseCommand):
    """The address is shown this once; only a digest of its secret is kept."""

    help = "Make the webhook address for an exchange."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="what you call the exchange")
        parser.add_argument("--queue", default="", help="code of the queue for its calls; the default queue otherwise")

    def handle(self, *args: Any, **options: Any) -> None:
        queue = Queue.objects.filter(code=options["queue"]).first()
        if options["queue"] and queue is None:
            raise CommandError(f"No queue has the code {options['queue']}.")
        secret = issue_cti_token(options["name"], queue=queue, by=None)
        base = settings.PUBLIC_BASE_URL or "http://localhost:8000"
        self.stdout.write(base + reverse("telephony:cti", args=[secret]))
