"""The page that says whether agents are told of supervisors."""

from django.test import Client

from crmcore.models import AuditEntry
from telephony.models import SupervisionPolicy
from tests.cast import make_cast


def test_administrator_decides_whether_agents_are_told(db: None, client: Client) -> None:
    client.force_login(make_cast().ada)
    assert SupervisionPolicy.current().agents_are_told
    client.post("/settings/supervision/", {})
    assert not SupervisionPolicy.current().agents_are_told
    client.post("/settings/supervision/", {"agents_are_told": "on"})
    assert SupervisionPolicy.current().agents_are_told
    assert AuditEntry.objects.filter(verb="supervision.policy").count() == 2
