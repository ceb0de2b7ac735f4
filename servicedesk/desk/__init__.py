"""The whole desk under one command: engines, pages and sockets, worker and scheduler."""

import os
import sys
from pathlib import Path
from typing import NoReturn


def become_desk() -> NoReturn:
    """Replace this process by the desk's supervisor, which never loads Django and stays small."""
    os.chdir(Path(__file__).resolve().parents[2])
    os.execv(sys.executable, [sys.executable, "-m", "servicedesk.desk"])
