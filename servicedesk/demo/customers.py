"""The customers of a world, created as an importer would: one action per account and per person."""

from datetime import datetime, timedelta
from random import Random

from crmcore import clock
from crmcore.actions.contact_points import NewPoint
from crmcore.actions.customers import create_account, create_contact
from crmcore.actions.people import create_user
from crmcore.models import Account, AccountContact, Contact, Region
from servicedesk.demo.cast import Cast
from servicedesk.demo.facts import account_facts, contact_facts
from servicedesk.demo.organisation import add_organisation
from servicedesk.demo.schema import AccountText, ContactText, PointText, World

# Customers are older than the history of calls, so that nobody calls before being known.
YOUNGEST = timedelta(days=400)
OLDEST = timedelta(days=2200)


def add_customers(world: World, cast: Cast, *, now: datetime, rng: Random) -> None:
    """All accounts with their people; portal sign-ins where the world names them."""
    regions = Region.objects.in_bulk(field_name="code")
    for row in world.accounts:
        since = now - YOUNGEST - timedelta(seconds=rng.randrange(int((OLDEST - YOUNGEST).total_seconds())))
        with clock.at(since):
            account = _account(row, cast, regions, now)
            cast.accounts[row.key] = account
            for person in row.contacts:
                cast.contacts[person.key] = _contact(person, row, account)
                if person.portal_user:
                    _portal_user(person, row, account, cast.contacts[person.key])
    add_organisation(cast.accounts[row.key] for row in world.accounts)


def _account(row: AccountText, cast: Cast, regions: dict[str, Region], now: datetime) -> Account:
    return create_account(
        by=None,
        name=row.name,
        points=[_point(point) for point in row.points],
        kind=row.kind,
        grade=row.grade,
        owner=cast.staff[row.owner] if row.owner else None,
        region=regions[row.region],
        address=row.address,
        language=row.language,
        time_zone=row.time_zone,
        **account_facts(row, now=now),
        note=row.note,
        is_demo=True,
    )


def _contact(person: ContactText, row: AccountText, account: Account) -> Contact:
    return create_contact(
        by=None,
        name=person.name,
        account=account,
        points=[_point(point) for point in person.points],
        is_primary=person.primary,
        decision_role=person.decision_role,
        title=person.title,
        **contact_facts(person, person.language or row.language),
        language=person.language or row.language,
        time_zone=row.time_zone,
        note=person.note,
        is_demo=True,
    )


def _point(row: PointText) -> NewPoint:
    return NewPoint(
        kind=row.kind,
        raw=row.value,
        label=row.label,
        is_shared=row.shared,
        is_preferred=row.preferred,
        is_verified=row.preferred,
        source="import",
    )


def _portal_user(person: ContactText, row: AccountText, account: Account, contact: Contact) -> None:
    email = next((point.value for point in person.points if point.kind == "email"), "")
    create_user(
        person.portal_user,
        name=person.name,
        password=None,
        roles=["customer"],
        contact=contact,
        by=None,
        email=email,
        language=person.language or row.language,
        time_zone=row.time_zone,
        is_demo=True,
    )
    AccountContact.objects.filter(account=account, contact=contact).update(is_portal_admin=True)
