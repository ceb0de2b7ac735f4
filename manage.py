#!/usr/bin/env python3
"""The command line: every command of Django's and ours, with the engines that it needs."""

import os
import sys
from contextlib import nullcontext

from django.core.management import execute_from_command_line

from servicedesk.desk import become_desk
from servicedesk.engines.embedded import engines_running
from servicedesk.engines.errors import EngineError
from servicedesk.env import BadSetting

WITHOUT_ENGINES = {
    "",
    "help",
    "--help",
    "--version",
    "bench",
    "check",
    "collectstatic",
    "desk",
    "messages",
    "spectacular",
}


def main() -> None:
    """Run the command; what the operator can mend is said in one line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicedesk.settings")
    if sys.argv[1:] == ["desk"]:
        become_desk()
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    try:
        with nullcontext() if command in WITHOUT_ENGINES else engines_running():
            execute_from_command_line(sys.argv)
    except (EngineError, BadSetting, PermissionError) as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
