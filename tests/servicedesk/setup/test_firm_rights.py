"""The settings page with what an outside firm sees and does."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from crmcore.actions.firms import set_firm_rights
from crmcore.firm_rights import usual
from crmcore.models import AuditEntry, Firm
from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def firm(cast: Cast) -> Firm:
    return Firm.objects.create(code="roofers", name="Roofers")


def test_a_new_firm_has_its_visits(firm: Firm) -> None:
    assert firm.allowed == usual()
    assert [module.code for module in firm.modules] == ["visits"]


def test_an_administrator_switches_operations(client: Client, cast: Cast, firm: Firm) -> None:
    client.force_login(cast.ada)
    address = f"/settings/firms/{firm.pk}/rights/"
    assert client.get(address).content.decode().count(" checked") == len(usual())
    sent = {"allowed": ["tickets.comment", "tickets.see", "no.such"]}
    for _again in range(2):
        assert client.post(address, sent).status_code == 302
    firm.refresh_from_db()
    assert firm.allowed == ["tickets.see", "tickets.comment"]
    entry = AuditEntry.objects.get(verb="firm.rights_set")
    assert entry.detail == {"was": usual(), "now": firm.allowed}


def test_a_module_that_is_closed_keeps_its_ticks(cast: Cast, firm: Firm) -> None:
    firm = set_firm_rights(firm, ["tickets.comment"], by=cast.ada)
    assert firm.allowed == ["tickets.comment"]
    assert firm.modules == []


def test_nobody_else_switches(client: Client, cast: Cast, firm: Firm) -> None:
    for person in (cast.mei, cast.sun, cast.zhao):
        client.force_login(person)
        assert client.post(f"/settings/firms/{firm.pk}/rights/", {"allowed": []}).status_code in (302, 403)
        with pytest.raises(PermissionDenied):
            set_firm_rights(firm, [], by=person)
    firm.refresh_from_db()
    assert firm.allowed == usual()
