"""The desk's own processes besides the engines."""

import sys
from collections.abc import Mapping

from servicedesk import env
from servicedesk.engines.process import Child

WORKER_THREADS = 4
_POOLED_CONNECTIONS = "24"


def every(host: str, port: int, environment: Mapping[str, str]) -> list[Child]:
    """All of them, not started yet."""
    return [web(host, port, environment), worker(environment), scheduler(environment)]


def web(host: str, port: int, environment: Mapping[str, str]) -> Child:
    """Pages and sockets."""
    address = ["-b", host, "-p", str(port), "--no-server-name", "-v", "0"]
    if env.flag("BEHIND_PROXY", default=False):
        address.append("--proxy-headers")
    environment = {"DB_POOL": _POOLED_CONNECTIONS, **environment}
    return Child("web", _python("daphne", *address, "servicedesk.asgi:application"), environment)


def worker(environment: Mapping[str, str]) -> Child:
    """Background work, in threads: half the memory of processes."""
    pool = ["--pool", "threads", "-c", str(WORKER_THREADS), "--without-gossip", "--without-mingle"]
    return Child("worker", _python("celery", "-A", "servicedesk", "--quiet", "worker", *_LOGGING, *pool), environment)


def scheduler(environment: Mapping[str, str]) -> Child:
    """Sends what is due to the workers; the schedule is code, so it keeps no file."""
    words = ["celery", "-A", "servicedesk.celery:scheduler", "--quiet", "beat", *_LOGGING, "--pidfile="]
    return Child("scheduler", _python(*words), environment)


_LOGGING = ("-l", "WARNING")


def _python(*words: str) -> list[str]:
    return [sys.executable, "-m", *words]
