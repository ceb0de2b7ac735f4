"""Is the process up, is the desk ready for work, and what do its figures say."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from redis import RedisError

from servicedesk.metrics import registry

WORKER_SEEN = "servicedesk:worker-seen"
WORKER_SEEN_SECONDS = 30


def note_worker() -> None:
    """Remember for a while that a worker took scheduled work."""
    cache.set(WORKER_SEEN, True, WORKER_SEEN_SECONDS)


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Everything that a call needs is there; 503 with the faults otherwise."""
    faults = {name: fault for name, check in CHECKS.items() if (fault := check())}
    checks = {name: faults.get(name, "ok") for name in CHECKS}
    if faults:
        return JsonResponse({"status": "unavailable", "checks": checks}, status=503)
    return JsonResponse({"status": "ok", "checks": checks})


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures in Prometheus' text format, for this machine or the holder of METRICS_TOKEN."""
    if not _may_read_metrics(request):
        return HttpResponse(status=403)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read_metrics(request: HttpRequest) -> bool:
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN and constant_time_compare(token, settings.METRICS_TOKEN):
        return True
    # Behind a proxy every visitor seems to come from this machine.
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    address = request.META.get("REMOTE_ADDR", "")
    return bool(address) and not forwarded and ip_address(address).is_loopback


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "the database does not answer"
    return ""


def _migrations() -> str:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "the database does not answer"
    return f"{len(waiting)} migrations are not applied" if waiting else ""


def _redis() -> str:
    try:
        cache.get(WORKER_SEEN)
    except (RedisError, OSError):
        return "Redis does not answer"
    return ""


def _worker() -> str:
    try:
        seen = cache.get(WORKER_SEEN)
    except (RedisError, OSError):
        return "Redis does not answer"
    return "" if seen else f"no worker took scheduled work for {WORKER_SEEN_SECONDS} seconds"


CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "migrations": _migrations,
    "redis": _redis,
    "worker": _worker,
}
