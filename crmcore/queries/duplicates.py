"""Customers that may be the one being typed in: few candidates by exact keys, then scored."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q

from crmcore import search_keys
from crmcore.duplicates import Likeness, Profile, compare
from crmcore.models import Account, Contact, ContactPoint, User
from crmcore.person_names import pinyin
from crmcore.queries.customers import holder_ids

Customer = Account | Contact
Kind = ContactPoint.Kind

_CANDIDATES = 100


@dataclass(frozen=True)
class Suspect:
    """A customer that looks like the one being typed in."""

    customer: Customer
    likeness: Likeness


def suspects(
    model: type[Account] | type[Contact],
    profile: Profile,
    *,
    name: str,
    user: User,
    besides: int | None = None,
    limit: int = 3,
) -> list[Suspect]:
    """The likely duplicates of what is typed that `user` may view, the likeliest first."""
    rows: Any = model._default_manager
    candidates = rows.visible_to(user).filter(is_active=True, merged_into=None).exclude(pk=besides)
    holders = holder_ids(model, profile.phones | profile.emails | profile.wechats)
    by_name = Q(search_keys__overlap=search_keys.identity_keys(name)) if profile.name else Q(pk__in=[])
    blocks = [candidates.filter(pk__in=holders), candidates.filter(by_name)]
    if profile.credit_code:
        blocks.append(candidates.filter(credit_code=profile.credit_code))
    found = {row.pk: row for rows in blocks for row in rows.prefetch_related("points")[:_CANDIDATES]}
    likely = [Suspect(row, compare(profile, profile_of(row))) for row in found.values()]
    ranked = sorted(likely, key=lambda suspect: (-suspect.likeness.score, suspect.customer.pk))
    return [suspect for suspect in ranked if suspect.likeness.is_likely][:limit]


def profile_of(customer: Customer) -> Profile:
    """What of a stored customer is compared."""
    points = customer.points.all()
    if isinstance(customer, Contact):
        return replace(profile(customer.name, points), born_on=customer.born_on)
    is_company = customer.kind == Account.Kind.COMPANY
    known = profile(customer.name, points, is_company=is_company, region=customer.region_id)
    return replace(known, credit_code=customer.credit_code)


def profile(
    name: str, points: Iterable[ContactPoint], *, is_company: bool = False, region: int | None = None
) -> Profile:
    """The profile of a name with its points, stored or still being typed."""
    points = list(points)
    emails = [point for point in points if point.kind == Kind.EMAIL]
    return Profile(
        name=search_keys.company_core(name),
        is_company=is_company,
        pinyin=pinyin(name).lower(),
        region=region,
        phones=frozenset(point.value for point in points if point.kind == Kind.PHONE and not point.is_shared),
        emails=frozenset(point.value for point in emails),
        verified_emails=frozenset(point.value for point in emails if point.verified_at),
        wechats=frozenset(point.value for point in points if point.kind in {Kind.WECHAT, Kind.WECOM}),
    )
