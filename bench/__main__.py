"""Run the measurements and print their figures.

Usage: python -m bench [--only NAME,NAME] [--contacts N] [--tickets N] [--calls N]
"""

import argparse
import importlib
import time

from bench.ground import prepare

PARTS = {
    "webhook": "signed webhook to the frame at the agent's socket, against a bare group_send",
    "rush": "signed webhooks answered with TwiML at 30 a second",
    "offers": "offers committed with 1,000 agents in 10 queues each and 500 waiting callers",
    "events": "cost of one event at 10, 100 and 1,000 agents",
    "due": "due moments computed",
    "ledgers": "ledgers of many tickets written, rebuilt and compared",
    "alerts": "how late warnings and breaches are written while a million clocks run",
    "search": "customer search and phone look-up as contacts grow",
    "tickets": "lists, search and changes as tickets grow",
    "year": "reports on a year of calls",
    "pages": "server time of the pages on demo data",
    "memory": "memory of the whole idle desk",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default=",".join(PARTS), help="parts to run: " + ", ".join(PARTS))
    parser.add_argument("--contacts", type=int, default=1_000_000, help="how many contacts the search grows to")
    parser.add_argument("--tickets", type=int, default=100_000, help="how many tickets the desk grows to")
    parser.add_argument("--calls", type=int, default=50_000, help="how many calls the year has")
    parser.add_argument("--ledgers", type=int, default=100_000, help="how many tickets have their ledgers written")
    parser.add_argument("--clocks", type=int, default=1_000_000, help="how many clocks run while others are due")
    options = parser.parse_args()
    prepare()
    for name in options.only.split(","):
        print(f"\n{name}: {PARTS[name]}", flush=True)
        start = time.monotonic()
        for figure in importlib.import_module(f"bench.{name}").run(options):
            print(figure, flush=True)
        print(f"  ({time.monotonic() - start:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
