"""The pages that say what went wrong."""

from typing import Any, NoReturn

import pytest
from django.db import OperationalError, connection
from django.test import Client

from tests.cast import make_cast


def no_database(*_: Any) -> NoReturn:
    raise OperationalError("the database is gone")


@pytest.mark.django_db
def test_the_error_page_needs_no_database(client: Client) -> None:
    client.force_login(make_cast().mei)
    client.raise_request_exception = False
    with connection.execute_wrapper(no_database):
        answer = client.get("/console/")
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()


@pytest.mark.django_db
def test_the_error_page_speaks_the_language_of_the_browser(client: Client) -> None:
    client.force_login(make_cast().mei)
    client.raise_request_exception = False
    client.cookies["django_language"] = "zh-hans"
    with connection.execute_wrapper(no_database):
        answer = client.get("/console/")
    assert 'lang="zh-hans"' in answer.content.decode()


@pytest.mark.django_db
def test_a_page_that_is_not_there_says_so(client: Client) -> None:
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
