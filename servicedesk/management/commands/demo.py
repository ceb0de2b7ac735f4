"""The demo: load it, take it away, load it anew, let people call."""

import time
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from crmcore.actions.regions import install_regions
from crmcore.shipped_regions import shipped
from servicedesk.demo.active import is_open
from servicedesk.demo.clear import clear
from servicedesk.demo.load import SEED, NotEmpty, load
from telephony.simulation import run_simulated_callers


class Command(BaseCommand):
    """One word says what to do with the demo."""

    help = "Load, clear or refresh the demo data, or let simulated customers call."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        for name, what in (("load", "load both demo firms"), ("refresh", "clear and load, up to this minute")):
            loading = actions.add_parser(name, help=what)
            loading.add_argument("--seed", type=int, default=SEED)
            loading.add_argument("--force", action="store_true", help="also beside data of your own")
        actions.add_parser("clear", help="delete the demo and only the demo")
        calling = actions.add_parser("calls", help="let simulated customers call until Ctrl-C")
        calling.add_argument("--rate", type=float, default=4.0, help="calls a minute, on average")
        calling.add_argument("--seed", type=int, help="the same number brings the same people")
        calling.add_argument("--duration", type=float, help="seconds until nobody else calls")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        if action in ("clear", "refresh"):
            self._report("Cleared", clear())
            install_regions(shipped(settings.REGIONS_FILE))
        if action in ("load", "refresh"):
            self._load(options["seed"], force=options["force"])
        if action == "calls":
            self._call(options["rate"], options["seed"], options["duration"])

    def _load(self, seed: int, *, force: bool) -> None:
        started = time.monotonic()
        try:
            counts = load(seed=seed, force=force)
        except NotEmpty as error:
            raise CommandError(
                "There are customers, tickets or calls already. Load the demo into an empty system, or add --force."
            ) from error
        self._report("Loaded", counts)
        self.stdout.write(f"It took {time.monotonic() - started:.1f} s.")
        if not is_open():
            self.stdout.write("Nobody of the demo can sign in: set DEMO=1 and load it again to allow that.")

    def _call(self, rate: float, seed: int | None, duration: float | None) -> None:
        if rate <= 0:
            raise CommandError("The rate must be above 0.")
        self.stdout.write(f"Customers call, about {rate:g} a minute. Ctrl-C stops them.")
        try:
            self.stdout.write(f"{run_simulated_callers(rate, seed, duration)} called.")
        except KeyboardInterrupt:
            self.stdout.write("Nobody else calls.")

    def _report(self, what: str, counts: Mapping[str, int]) -> None:
        self.stdout.write(f"{what}: " + ", ".join(f"{number} {noun}" for noun, number in counts.items()) + ".")
