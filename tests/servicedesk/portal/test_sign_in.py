"""How customers come in: by password, or by a code that is mailed to them."""

import re

from django.core import mail
from django.test import Client

from tests.cast import Cast


def test_by_password_to_the_portal(client: Client, cast: Cast) -> None:
    answer = client.post("/account/login/", {"login": "zhao", "password": "pw"})
    assert answer["Location"] == "/portal/"


def test_by_a_mailed_code_to_the_portal(client: Client, cast: Cast) -> None:
    client.post("/account/login/code/", {"email": "zhao@example.com"})
    (message,) = mail.outbox
    found = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", message.body, re.MULTILINE)
    assert found, message.body
    answer = client.post("/account/login/code/confirm/", {"code": found[1]})
    assert answer["Location"] == "/portal/"


def test_an_unknown_address_learns_nothing(client: Client, cast: Cast) -> None:
    known = client.post("/account/login/code/", {"email": "zhao@example.com"})
    unknown = Client().post("/account/login/code/", {"email": "nobody@example.com"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_the_page_asked_for_is_reached_after_signing_in(client: Client, cast: Cast) -> None:
    answer = client.post("/account/login/?next=/portal/requests/", {"login": "zhao", "password": "pw"})
    assert answer["Location"] == "/portal/requests/"
