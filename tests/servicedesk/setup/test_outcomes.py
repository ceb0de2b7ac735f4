"""The outcomes of a desk: headings, digits, order, retirement."""

import pytest
from django.test import Client

from crmcore.models import Outcome, OutcomeGroup
from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def admin(client: Client, cast: Cast) -> Client:
    client.force_login(cast.ada)
    return client


def fields(**more: object) -> dict[str, object]:
    return {"name": "Quoted", "ticket_effect": "keep", "digit": "", **more}


def retire(admin: Client, code: str, in_use: str = "0") -> Outcome:
    outcome = Outcome.objects.get(code=code)
    admin.post(f"/settings/outcomes/{outcome.pk}/retire/", {"in_use": in_use})
    outcome.refresh_from_db()
    return outcome


def test_new_outcome_stands_under_its_heading(admin: Client) -> None:
    admin.post("/settings/outcomes/headings/new/", {"name": "Sales"})
    heading = OutcomeGroup.objects.get()
    admin.post("/settings/outcomes/new/", fields(group=heading.pk))
    assert Outcome.objects.get(name="Quoted").group == heading
    shown = admin.get("/settings/outcomes/").content.decode()
    assert shown.index("Sales") < shown.index("Quoted")


def test_digit_that_is_taken_is_refused_with_its_owner(admin: Client) -> None:
    answer = admin.post("/settings/outcomes/new/", fields(digit="1"))
    assert answer.status_code == 422
    assert "“Solved” has this digit." in answer.content.decode()


def test_digit_of_a_queue_must_not_meet_one_of_every_queue(admin: Client, cast: Cast) -> None:
    answer = admin.post("/settings/outcomes/new/", fields(digit="2", queue=cast.support_queue.pk))
    assert answer.status_code == 422


def test_two_queues_may_use_the_same_digit(admin: Client, cast: Cast) -> None:
    retire(admin, "solved")
    for queue in (cast.support_queue, cast.billing_queue):
        admin.post("/settings/outcomes/new/", fields(digit="1", queue=queue.pk))
    assert Outcome.objects.filter(digit=1, is_active=True).count() == 2


def test_retiring_leaves_the_other_digits_where_they_were(admin: Client) -> None:
    before = dict(Outcome.objects.exclude(code="solved").values_list("code", "digit"))
    retire(admin, "solved")
    assert dict(Outcome.objects.exclude(code="solved").values_list("code", "digit")) == before


def test_outcome_taken_back_gives_up_a_digit_that_is_taken(admin: Client) -> None:
    retire(admin, "solved")
    admin.post("/settings/outcomes/new/", fields(digit="1"))
    assert retire(admin, "solved", in_use="1").digit is None


def test_moving_changes_no_digit(admin: Client) -> None:
    digits = dict(Outcome.objects.values_list("code", "digit"))
    answered = Outcome.objects.get(code="answered")
    admin.post(f"/settings/outcomes/{answered.pk}/move/", {"to": "up"})
    order = list(Outcome.objects.filter(is_automatic=False).values_list("code", flat=True))
    assert order[:2] == ["answered", "solved"]
    assert dict(Outcome.objects.values_list("code", "digit")) == digits


def test_the_automatic_outcome_is_nobodys_to_choose_or_change(admin: Client) -> None:
    assert "Time ran out" not in admin.get("/settings/outcomes/").content.decode()


def test_agents_do_not_open_the_page(client: Client, cast: Cast) -> None:
    client.force_login(cast.mei)
    assert client.get("/settings/outcomes/").status_code == 403
