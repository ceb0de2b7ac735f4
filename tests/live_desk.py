"""A real desk for browser tests: pages, sockets, worker and scheduler as children, on the test database."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from servicedesk.desk import roles
from servicedesk.desk.preflight import Plan
from servicedesk.desk.supervisor import stop_all
from servicedesk.desk.welcome import answers
from servicedesk.engines.process import wait_until

START_SECONDS = 60


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


@pytest.fixture(scope="session")
def live_desk(django_db_setup: None, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a running desk; use it together with `transactional_db`."""
    # Playwright keeps an event loop in the main thread, where Django would refuse the ORM.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    database = connection.settings_dict
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}",
        "LATER_INLINE": "0",
    }
    plan = Plan("127.0.0.1", free_port(), Path(os.environ["DATA_DIR"]), demo=True)
    children = roles.every(plan.host, plan.port, environment)
    for child in children:
        child.start()
    try:
        assert wait_until(lambda: answers(plan), seconds=START_SECONDS), "the desk did not start"
        yield f"http://{plan.host}:{plan.port}"
    finally:
        stop_all(children)
