"""Roles: their matrix on the settings page, and why somebody sees a row."""

import re
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from crmcore.actions.customers import create_account
from crmcore.actions.roles import RoleKept, create_role, remove_role, save_role
from crmcore.models import Account, AuditEntry, Role, User
from crmcore.permissions import ACTIONS, NOUNS, Scope, may, scope_of
from crmcore.queries.rights_explained import BECAUSE, explain
from crmcore.rights_matrix import MATRIX, cells
from tests.cast import Cast, make_cast

ROOT = Path(__file__).parents[3]
PACKAGES = ("crmcore", "tickets", "telephony", "knowledgebase", "servicedesk")


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def readers(cast: Cast) -> Role:
    """A role of one's own with no right yet."""
    return create_role(by=cast.ada, name="Readers", name_zh="阅览")


def fresh(user: User) -> User:
    """The person as the next request meets them."""
    return User.objects.get(pk=user.pk)


def test_every_right_that_the_code_asks_for_can_be_set() -> None:
    text = "".join(
        path.read_text() for name in PACKAGES for path in (ROOT / name).rglob("*.py") if "migrations" not in path.parts
    )
    asked = {(noun, action) for noun, action in re.findall(r'"(\w+)", "(\w+)"', text) if noun in NOUNS}
    asked |= {(noun, "view") for noun in re.findall(r'staff_page\("(\w+)"\)', text)}
    asked = {(noun, action) for noun, action in asked if action in ACTIONS}
    assert ("ticket", "export") in asked
    assert not asked - set(cells())


def test_a_saved_matrix_counts_from_the_next_request(client: Client, cast: Cast, readers: Role) -> None:
    client.force_login(cast.ada)
    page = client.get(f"/settings/roles/{readers.pk}/")
    sent = {"name": "Readers", "name_zh": "阅览", "seen": page.context["seen"], "report.view": "4", "ticket.view": "2"}
    assert client.post(f"/settings/roles/{readers.pk}/", sent).status_code == 302
    cast.omar.roles.set([readers])
    omar = fresh(cast.omar)
    assert may(omar, "report", "view")
    assert scope_of(omar, "ticket", "view") == Scope.TEAM
    assert not may(omar, "account", "view")
    detail = AuditEntry.objects.get(verb="role.rights_set").detail
    assert detail == {"view report": ["NONE", "ALL"], "view ticket": ["NONE", "TEAM"]}


def test_a_stale_form_changes_nothing_and_keeps_what_was_chosen(client: Client, cast: Cast, readers: Role) -> None:
    client.force_login(cast.ada)
    seen = client.get(f"/settings/roles/{readers.pk}/").context["seen"]
    save_role(readers, by=cast.ada, name="Readers", name_zh="阅览", rights={("report", "view"): Scope.ALL})
    answer = client.post(f"/settings/roles/{readers.pk}/", {"name": "Readers", "seen": seen, "ticket.view": "3"})
    assert answer.status_code == 409
    ticket_row = next(cells for label, cells in answer.context["rows"] if str(label) == "Tickets")
    assert ticket_row[0].value == Scope.SUBTREE
    assert not readers.grants.filter(noun="ticket").exists()


def test_what_is_no_scope_is_not_taken(client: Client, cast: Cast, readers: Role) -> None:
    client.force_login(cast.ada)
    sent = {"name": "Readers", "seen": "", "ticket.view": "9", "ticket.fly": "4", "account.view": "x"}
    assert client.post(f"/settings/roles/{readers.pk}/", sent).status_code == 302
    assert not readers.grants.exists()


def test_nobody_changes_the_rights_of_a_role_they_have(cast: Cast) -> None:
    own = cast.ada.roles.get()
    with pytest.raises(RoleKept):
        save_role(own, by=cast.ada, name=own.name, name_zh=own.name_zh, rights={("ticket", "view"): Scope.NONE})
    save_role(own, by=cast.ada, name="Chief", name_zh=own.name_zh, rights={})
    assert fresh(cast.ada).roles.get().name == "Chief"


def test_nobody_gives_more_than_they_have(cast: Cast, readers: Role) -> None:
    clerks = create_role(by=cast.ada, name="Clerks")
    given = {("user", "assign"): Scope.ALL, ("user", "view"): Scope.ALL, ("ticket", "view"): Scope.TEAM}
    save_role(clerks, by=cast.ada, name="Clerks", name_zh="", rights=given)
    cast.omar.roles.set([clerks])
    omar = fresh(cast.omar)
    save_role(readers, by=omar, name="Readers", name_zh="", rights={("ticket", "view"): Scope.TEAM})
    with pytest.raises(PermissionDenied):
        save_role(readers, by=omar, name="Readers", name_zh="", rights={("ticket", "view"): Scope.ALL})
    save_role(readers, by=cast.ada, name="Readers", name_zh="", rights={("ticket", "view"): Scope.ALL})
    with pytest.raises(PermissionDenied):
        save_role(readers, by=omar, name="Readers", name_zh="", rights={("ticket", "view"): Scope.NONE})


def test_a_new_role_begins_like_another(cast: Cast) -> None:
    agent = Role.objects.get(code="agent")
    made = create_role(by=cast.ada, name="Night agents", like=agent)
    given = set(made.grants.values_list("noun", "action", "scope"))
    assert given == set(agent.grants.values_list("noun", "action", "scope"))


def test_a_role_goes_when_nobody_has_it_and_it_did_not_come_with_the_desk(cast: Cast, readers: Role) -> None:
    cast.omar.roles.add(readers)
    with pytest.raises(RoleKept):
        remove_role(readers, by=cast.ada)
    cast.omar.roles.remove(readers)
    remove_role(readers, by=cast.ada)
    with pytest.raises(RoleKept):
        remove_role(Role.objects.get(code="technician"), by=cast.ada)
    assert not Role.objects.filter(pk=readers.pk).exists()


def test_only_who_may_give_roles_opens_the_pages(client: Client, cast: Cast, readers: Role) -> None:
    for person in (cast.mei, cast.sun, cast.zhao):
        client.force_login(person)
        for address in ("/settings/roles/", "/settings/roles/new/", f"/settings/roles/{readers.pk}/"):
            assert client.get(address).status_code == 403
        with pytest.raises(PermissionDenied):
            create_role(by=person, name="Mine")


def test_why_somebody_sees_a_row_names_scope_role_and_reason(client: Client, cast: Cast) -> None:
    theirs = create_account(by=cast.ada, name="Ellery", owner=cast.mei)
    lines = {str(line.label): line for line in explain(fresh(cast.mei), theirs)}
    assert lines["See"].holds
    assert lines["See"].because == BECAUSE[Scope.OWN]
    assert lines["See"].roles == ("Agent",)
    assert not lines["Assign"].holds
    client.force_login(cast.ada)
    page = client.get(f"/settings/why/account/{theirs.pk}/?who={cast.mei.pk}").content.decode()
    assert cast.mei.name in page
    assert str(BECAUSE[Scope.OWN]) in page


def test_the_reason_agrees_with_what_is_shown(cast: Cast) -> None:
    for owner in (cast.mei, cast.sun, None):
        row = create_account(by=None, name="Ellery", owner=owner)
        for person in (cast.mei, cast.sun, cast.ada, cast.omar):
            seen = Account.objects.visible_to(fresh(person)).filter(pk=row.pk).exists()
            assert explain(fresh(person), row)[0].holds == seen


def test_what_one_cannot_see_is_not_explained(client: Client, cast: Cast) -> None:
    row = create_account(by=None, name="Ellery")
    client.force_login(cast.zhao)
    assert client.get(f"/settings/why/account/{row.pk}/").status_code == 403
    client.force_login(cast.ada)
    assert client.get("/settings/why/user/1/").status_code == 404
    assert client.get("/settings/why/account/999999/").status_code == 404


def test_the_matrix_names_each_noun_once() -> None:
    nouns = [row.noun for row in MATRIX]
    assert len(nouns) == len(set(nouns))
    assert set(nouns) <= NOUNS
