"""The settings of people: who may look after whom, what is refused, what a lock and a new password do."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from crmcore.actions import staff
from crmcore.models import AgentPresence, AuditEntry, QueueMembership, Role, Skill, User, UserSkill
from crmcore.models.presence import Chosen
from tests.cast import Cast, make_cast, ready

EMPTY = {
    f"{rows}-{count}": value
    for rows in ("skills", "queues")
    for count, value in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0))
}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(person: User, name: str = "person") -> str:
    return reverse(f"setup:{name}", args=[person.pk])


def facts(person: User, **changes: Any) -> dict[str, Any]:
    known = {name: getattr(person, name) for name in ("name", "title", "username", "email", "language", "time_zone")}
    places = {
        "roles": list(person.roles.values_list("pk", flat=True)),
        "teams": list(person.teams.values_list("pk", flat=True)),
    }
    return known | places | EMPTY | changes


def role(code: str) -> int:
    return Role.objects.get(code=code).pk


def new(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Lin",
        "username": "lin",
        "language": "en",
        "time_zone": "UTC",
        "roles": [role("agent")],
    } | changes


@pytest.mark.parametrize("who", ["mei", "zhao"])
def test_agents_and_customers_are_refused(cast: Cast, who: str) -> None:
    client = signed_in(getattr(cast, who))
    assert {client.get(reverse("setup:people")).status_code, client.get(address(cast.omar)).status_code} == {403}


def test_a_supervisor_sees_the_people_of_the_teams_led(cast: Cast) -> None:
    people = signed_in(cast.sun).get(reverse("setup:people")).context["people"]
    assert {person.username for person in people} == {"ada", "mei", "sun"}
    assert signed_in(cast.sun).get(address(cast.omar)).status_code == 404


def test_the_list_is_searched_by_name(cast: Cast) -> None:
    people = signed_in(cast.ada).get(reverse("setup:people"), {"q": "OMAR"}).context["people"]
    assert [person.username for person in people] == ["omar"]


def test_somebody_new_signs_in_with_the_password_shown_once(cast: Cast) -> None:
    client = signed_in(cast.ada)
    page = client.post(reverse("setup:new_person"), new(), follow=True)
    password = page.context["password"]
    assert User.objects.get(username="lin").check_password(password)
    assert password not in client.get(page.request["PATH_INFO"]).content.decode()


def test_a_supervisor_cannot_hire(cast: Cast) -> None:
    assert signed_in(cast.sun).post(reverse("setup:new_person"), new()).status_code in (403, 422)
    assert not User.objects.filter(username="lin").exists()


@pytest.mark.parametrize("changes", [{"username": "mei"}, {"email": "MEI@example.com"}, {"roles": []}])
def test_a_taken_name_or_address_or_no_role_is_refused(cast: Cast, changes: dict[str, Any]) -> None:
    answer = signed_in(cast.ada).post(reverse("setup:new_person"), new(**changes))
    assert (answer.status_code, User.objects.filter(name="Lin").count()) == (422, 0)


def test_skills_and_queues_are_stored_with_the_person(cast: Cast) -> None:
    skill = Skill.objects.create(code="zh", name="Chinese")
    rows = {
        "skills-TOTAL_FORMS": 1,
        "skills-0-skill": skill.pk,
        "skills-0-level": 7,
        "queues-TOTAL_FORMS": 1,
        "queues-0-queue": cast.billing_queue.pk,
        "queues-0-penalty": 2,
        "queues-0-position": 0,
    }
    assert signed_in(cast.sun).post(address(cast.mei), facts(cast.mei, **rows)).status_code == 302
    assert UserSkill.objects.get(user=cast.mei).level == 7
    assert QueueMembership.objects.get(user=cast.mei, queue=cast.billing_queue).penalty == 2
    assert AuditEntry.objects.filter(verb="user.changed", actor=cast.sun).exists()


def test_a_level_out_of_range_is_refused_and_kept_in_the_row(cast: Cast) -> None:
    skill = Skill.objects.create(code="zh", name="Chinese")
    rows = {"skills-TOTAL_FORMS": 1, "skills-0-skill": skill.pk, "skills-0-level": 12}
    answer = signed_in(cast.ada).post(address(cast.mei), facts(cast.mei, **rows))
    assert (answer.status_code, UserSkill.objects.count()) == (422, 0)


def test_roles_are_given_by_who_may_assign_alone(cast: Cast) -> None:
    signed_in(cast.sun).post(address(cast.mei), facts(cast.mei, roles=[role("supervisor")]))
    assert [one.code for one in cast.mei.roles.all()] == ["agent"]
    signed_in(cast.ada).post(address(cast.mei), facts(cast.mei, roles=[role("supervisor")]))
    assert [one.code for one in User.objects.get(pk=cast.mei.pk).roles.all()] == ["supervisor"]


def test_nobody_touches_an_account_with_more_rights(cast: Cast) -> None:
    client = signed_in(cast.sun)
    assert client.post(address(cast.ada), facts(cast.ada, email="mine@example.com")).status_code == 403
    assert client.post(address(cast.ada, "reset_password")).status_code == 403
    assert client.post(address(cast.ada, "lock_person"), {"locked": "1"}).status_code == 403
    assert User.objects.get(pk=cast.ada.pk).is_active


def test_nobody_changes_his_own_roles(cast: Cast) -> None:
    answer = signed_in(cast.ada).post(address(cast.ada), facts(cast.ada, roles=[role("agent")]))
    assert answer.status_code == 422
    assert [one.code for one in cast.ada.roles.all()] == ["admin"]


def test_nobody_locks_himself_out(cast: Cast) -> None:
    signed_in(cast.ada).post(address(cast.ada, "lock_person"), {"locked": "1"})
    assert User.objects.get(pk=cast.ada.pk).is_active


def test_a_new_password_signs_out_who_is_signed_in(cast: Cast) -> None:
    mei = signed_in(cast.mei)
    page = signed_in(cast.sun).post(address(cast.mei, "reset_password"), follow=True)
    assert mei.get("/console/").status_code == 302
    assert User.objects.get(pk=cast.mei.pk).check_password(page.context["password"])


def test_who_is_locked_is_out_and_off_shift_and_may_come_back(cast: Cast) -> None:
    ready(cast.mei)
    mei, sun = signed_in(cast.mei), signed_in(cast.sun)
    sun.post(address(cast.mei, "lock_person"), {"locked": "1"})
    assert mei.get("/console/").status_code == 302
    assert AgentPresence.objects.get(user=cast.mei).chosen == Chosen.OFFLINE
    assert "mei" in {one.username for one in sun.get(reverse("setup:people"), {"show": "locked"}).context["people"]}
    sun.post(address(cast.mei, "lock_person"), {"locked": "0"})
    assert User.objects.get(pk=cast.mei.pk).is_active


def test_a_role_above_ones_own_rights_cannot_be_given(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        staff.place(cast.mei, roles=[Role.objects.get(code="admin")], teams=[], by=cast.sun)


def test_a_person_changes_the_own_password_and_stays(cast: Cast) -> None:
    client = signed_in(cast.mei)
    passwords = {"old_password": "pw", "new_password1": "teal-otter-31x", "new_password2": "teal-otter-31x"}
    assert client.post(reverse("setup:password"), passwords).status_code == 302
    assert client.get("/console/").status_code == 200
    assert User.objects.get(pk=cast.mei.pk).check_password("teal-otter-31x")


def test_the_old_password_is_asked_for(cast: Cast) -> None:
    passwords = {"old_password": "guess", "new_password1": "teal-otter-31x", "new_password2": "teal-otter-31x"}
    assert signed_in(cast.mei).post(reverse("setup:password"), passwords).status_code == 422
    assert signed_in(cast.zhao).get(reverse("setup:password")).status_code == 403
