"""Memory of the whole idle desk, all processes, as proportional set size."""

import argparse
import shutil
import tempfile
import time
from collections.abc import Iterator

from bench.figures import Figure
from bench.processes import free_port, proportional_memory, running

AIM_MB = 600
SETTLE_S = 15


def run(options: argparse.Namespace) -> Iterator[Figure]:
    data, port = tempfile.mkdtemp(prefix="desk-idle-"), free_port()
    env = {"DATA_DIR": data, "PORT": str(port), "DEMO": "0", "PUBLIC_BASE_URL": "", "LOG_LEVEL": "ERROR"}
    try:
        with running(["manage.py", "desk"], f"http://127.0.0.1:{port}/healthz/live", env=env) as desk:
            time.sleep(SETTLE_S)
            parts = proportional_memory(desk.pid)
    finally:
        shutil.rmtree(data, ignore_errors=True)
    for name, megabytes in sorted(parts.items(), key=lambda part: -part[1]):
        yield Figure(name, megabytes, "MB PSS")
    yield Figure("all processes", sum(parts.values()), "MB PSS", f"aim {AIM_MB}")
