"""A process that fetches and enters mail until it is killed: python -m tests.tickets.intake.killed MAILBOX FUNCTION.

It dies as if its machine lost its power, at the moment when the named function is called. It works on the database and
in the folder of files that the environment names.
"""

import os
import signal
import sys
from unittest.mock import patch

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from crmcore import clock  # noqa: E402
from tickets.actions.mail_inbox import enter_due  # noqa: E402
from tickets.intake.fetching import fetch  # noqa: E402


def main(mailbox: str, function: str) -> None:
    connection.settings_dict["NAME"] = os.environ["KILLED_DATABASE"]
    settings.MEDIA_ROOT = os.environ["KILLED_FILES"]
    with patch(function, lambda *_args, **_more: os.kill(os.getpid(), signal.SIGKILL)):
        fetch(int(mailbox))
        enter_due(clock.now())


if __name__ == "__main__":
    main(*sys.argv[1:])
