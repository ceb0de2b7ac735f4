"""Rebuild the cached state of SLA clocks from their ledger, or only verify it."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crmcore.clock import now
from tickets.models import SlaClock
from tickets.queries.ledger import Book, cached_state, with_ledger


class Command(BaseCommand):
    help = "Rebuild the cached state of every SLA clock from its ledger."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--verify", action="store_true", help="change nothing, fail on any difference")

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for clock, differences in self._differing():
            found += 1
            self.stdout.write(f"{clock}: {differences}")
            if not options["verify"]:
                SlaClock.objects.filter(pk=clock.pk).update(
                    **{name: ledger for name, (_row, ledger) in differences.items()}
                )
        self.stdout.write(f"{SlaClock.objects.count()} clocks, {found} differences")
        if found and options["verify"]:
            raise CommandError("The cached state of some clocks is not what their ledger says.")

    def _differing(self) -> Iterator[tuple[SlaClock, dict[str, tuple[object, object]]]]:
        """Clocks that wait for the scheduler are left to it."""
        clocks = with_ledger(SlaClock.objects.select_related("ticket"))
        at = now()
        for clock in clocks.order_by("pk").iterator(chunk_size=2000):
            waits = clock.is_live and clock.next_event_at is not None and clock.next_event_at <= at
            if not waits and (differences := cached_state(Book.of(clock), at).differences(clock)):
                yield clock, differences
