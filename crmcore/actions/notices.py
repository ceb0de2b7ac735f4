"""Telling people inside the product, and what they have read of it."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise

from crmcore import clock, live
from crmcore.events import NoticesChanged
from crmcore.models import Notice, User

LONGEST = 300


def notify(
    user: User,
    kind: str,
    text: str | Promise,
    *,
    url: str,
    facts: Mapping[str, object] | None = None,
    key: str = "",
) -> None:
    """`notify_all` for one person."""
    notify_all([user], kind, text, url=url, facts=facts, key=key)


@transaction.atomic
def notify_all(
    users: Iterable[User],
    kind: str,
    text: str | Promise,
    *,
    url: str,
    facts: Mapping[str, object] | None = None,
    key: str = "",
) -> None:
    """Tell each active member of staff once, in their own language; `url` leads to what it is about.

    `text` is lazy and takes its %(names)s from `facts`, which may be lazy too. What carries a `key` is told a person
    once, however often this runs. `kind` is a `NoticeKind`.
    """
    told = {user.pk: user for user in users if user.is_active and not user.is_portal}
    at = clock.now()
    rows = [
        Notice(user=user, kind=kind, text=_said(text, facts or {}, user.language), url=url, key=key, created_at=at)
        for user in told.values()
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    _tell(told)


@transaction.atomic
def notify_customer(user: User, kind: str, text: str, *, url: str, key: str) -> None:
    """Tell a customer once; `text` is in the language that they chose. `kind` is a `NewsKind`."""
    notice = Notice(user=user, kind=kind, text=_cut(text), url=url, key=key, created_at=clock.now())
    Notice.objects.bulk_create([notice], ignore_conflicts=True)
    _tell([user.pk])


@transaction.atomic
def read_notice(notice: Notice) -> None:
    """The person looked at it; again is no change."""
    if Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=clock.now()):
        _tell([notice.user_id])


@transaction.atomic
def read_all(user: User) -> None:
    """The person has seen everything that is there now."""
    if Notice.objects.filter(user=user, read_at=None).update(read_at=clock.now()):
        _tell([user.pk])


def _said(text: str | Promise, facts: Mapping[str, object], language: str) -> str:
    with translation.override(language):
        said = str(text) % {name: str(fact) for name, fact in facts.items()} if facts else str(text)
    return _cut(said)


def _cut(said: str) -> str:
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"


def _tell(user_ids: Iterable[int]) -> None:
    live.publish_all((f"agent:{user_id}", NoticesChanged(user_id=user_id)) for user_id in sorted(user_ids))
