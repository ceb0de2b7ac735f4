"""The five people of every permission test: an agent, an agent of another team, a supervisor, a customer, an admin."""

from dataclasses import dataclass

from crmcore import clock, models
from crmcore.actions import people
from crmcore.models import Account, AccountContact, AgentPresence, Contact, Queue, QueueMembership, Team, User
from crmcore.models.presence import Chosen
from crmcore.shipped_desk import install_desk


@dataclass
class Cast:
    """Mei serves Support, Omar serves Billing, Sun leads Support, Zhao is a customer, Ada runs the desk."""

    support: Team
    billing: Team
    support_queue: Queue
    billing_queue: Queue
    account: Account
    mei: User
    omar: User
    sun: User
    zhao: User
    ada: User


def make_cast() -> Cast:
    """Create the cast, with a queue for each team and an account for Zhao."""
    people.ensure_roles()
    install_desk(models)
    support, billing = people.create_team("support", "Support"), people.create_team("billing", "Billing")
    contact = Contact.objects.create(name="赵敏", created_at=clock.now())
    account = Account.objects.create(code="C-1", name="赵敏", kind=Account.Kind.PERSON, created_at=clock.now())
    AccountContact.objects.create(account=account, contact=contact, is_primary=True)
    cast = Cast(
        support=support,
        billing=billing,
        support_queue=Queue.objects.create(code="support", name="Support", team=support),
        billing_queue=Queue.objects.create(code="billing", name="Billing", team=billing),
        account=account,
        mei=_staff("mei", "Mei", "agent", support),
        omar=_staff("omar", "Omar", "agent", billing),
        sun=_staff("sun", "Sun", "supervisor", support),
        zhao=people.create_user(
            "zhao", name="赵敏", password="pw", roles=["customer"], contact=contact, by=None, email="zhao@example.com"
        ),
        ada=_staff("ada", "Ada", "admin", support),
    )
    Team.objects.filter(pk=support.pk).update(leader=cast.sun)
    for queue, user in ((cast.support_queue, cast.mei), (cast.billing_queue, cast.omar)):
        QueueMembership.objects.create(queue=queue, user=user)
    return cast


def ready(*users: User) -> None:
    """Let these agents stand ready for work, the first one idle the longest."""
    for user in users:
        now = clock.now()
        AgentPresence.objects.update_or_create(
            user=user,
            defaults={
                "chosen": Chosen.AVAILABLE,
                "device_ok": True,
                "last_seen_at": now,
                "idle_since": now,
                "state_since": now,
            },
        )


def _staff(username: str, name: str, role: str, team: Team) -> User:
    return people.create_user(
        username, name=name, password="pw", roles=[role], teams=[team], by=None, email=f"{username}@example.com"
    )
