"""Tells what is wrong with an installation, and what to do about it."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from crmcore.findings import Finding, Level, worst
from servicedesk.checkup import check_installation

WORDS = {Level.OK: "ok", Level.WARNING: "warning", Level.FAULT: "fault"}


class Command(BaseCommand):
    """Exits with 0 when all is well, 1 after warnings, 2 after faults."""

    help = "Check engines, worker, disk, mail, clock, public address, relay and carrier; one line each."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--local", action="store_true", help="ask nothing beyond the desk's own engines")

    def handle(self, *args: Any, **options: Any) -> None:
        found = []
        for finding in check_installation(network=not options["local"]):
            self.stdout.write(_line(finding))
            found.append(finding)
        if level := worst(found):
            sys.exit(level.value)


def _line(finding: Finding) -> str:
    advice = f" -> {finding.remedy}" if finding.level and finding.remedy else ""
    return f"{WORDS[finding.level]:8} {finding.subject:14} {finding.text}{advice}".rstrip()
