"""Probes and figures: what they say, and to whom."""

import json

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from servicedesk import health
from servicedesk.tasks import heartbeat


def get(view: str, **extra: str) -> HttpResponse:
    answer: HttpResponse = getattr(health, view)(RequestFactory().get(f"/{view}", **extra))
    return answer


def test_live_needs_nothing_but_the_process() -> None:
    assert get("live").status_code == 200


@pytest.mark.django_db
def test_ready_when_a_worker_was_seen() -> None:
    heartbeat()
    answer = get("ready")
    assert answer.status_code == 200
    assert set(json.loads(answer.content)["checks"].values()) == {"ok"}


@pytest.mark.django_db
def test_not_ready_without_a_worker() -> None:
    cache.delete(health.WORKER_SEEN)
    answer = get("ready")
    assert answer.status_code == 503
    assert "no worker" in json.loads(answer.content)["checks"]["worker"]


def test_not_ready_without_redis(settings: Settings) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "unix:///nowhere/valkey.sock"}}
    assert health.CHECKS["redis"]() == "Redis does not answer"
    assert health.CHECKS["worker"]() == "Redis does not answer"


@pytest.mark.parametrize("name", ["database", "migrations"])
def test_not_ready_without_the_database(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OperationalError

    monkeypatch.setattr(health.connection, "cursor", refuse)
    assert health.CHECKS[name]() == "the database does not answer"


@pytest.mark.django_db
def test_figures_name_the_backlog() -> None:
    answer = get("metrics")
    assert answer.status_code == 200
    assert b"desk_tasks_waiting 0.0" in answer.content
    assert b"desk_live_events_unsent 0.0" in answer.content


def test_strangers_get_no_figures() -> None:
    assert get("metrics", REMOTE_ADDR="203.0.113.7").status_code == 403


def test_visitor_through_a_proxy_counts_as_a_stranger() -> None:
    assert get("metrics", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.7").status_code == 403


@pytest.mark.django_db
def test_token_opens_the_figures(settings: Settings) -> None:
    settings.METRICS_TOKEN = "secret"
    assert get("metrics", REMOTE_ADDR="203.0.113.7", HTTP_AUTHORIZATION="Bearer secret").status_code == 200
    assert get("metrics", REMOTE_ADDR="203.0.113.7", HTTP_AUTHORIZATION="Bearer guess").status_code == 403


def test_empty_token_opens_nothing(settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    assert get("metrics", REMOTE_ADDR="203.0.113.7", HTTP_AUTHORIZATION="Bearer ").status_code == 403
