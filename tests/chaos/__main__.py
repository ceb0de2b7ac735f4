"""The contact centre under fire: python -m tests.chaos [--seed N] [--events N] [--minutes N] [--workers N]

Callers, staff and a carrier that loses, repeats, delays and shuffles its webhooks keep some worker processes busy over
real engines; the processes die at their commits and are replaced; screens fall silent, requests to the carrier fail.
Meanwhile all invariants of `tests.telephony.invariants` are watched. Exit code 1 with the first that breaks.

The seed fixes who calls when and how long they wait, every dice of the staff, every fault of the carrier and after
how many commits each process dies. It does not fix which process is faster: with real processes the same seed gives
the same pressure, not the same interleaving, so a breach is found again by running the seed some times, not by
replaying it. The last events before a breach are printed for that reason.
"""

import argparse
import os
import random
import sys
import time

import django

os.environ |= {"DJANGO_SETTINGS_MODULE": "tests.chaos.settings", "LOG_LEVEL": os.environ.get("LOG_LEVEL", "ERROR")}
django.setup()

from django.core.management import call_command  # noqa: E402  # Django must be set up first

from tests.chaos.desk import open_desk  # noqa: E402
from tests.chaos.run import Run  # noqa: E402
from tests.telephony.flight_recorder import start_recording  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description="The contact centre under fire.")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 1_000_000)
    parser.add_argument("--events", type=int, default=2_000)
    parser.add_argument("--minutes", type=float, default=120, help="end earlier, whatever the events")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    print(f"seed {options.seed}, {options.events} events, {options.workers} worker processes", flush=True)
    call_command("migrate", verbosity=0)
    start_recording()
    run = Run(open_desk(), random.Random(options.seed), options.seed, workers=options.workers)
    return run.until(options.events, longest_s=60 * options.minutes)


if __name__ == "__main__":
    sys.exit(main())
