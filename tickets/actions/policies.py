"""Policies: drafts that are changed, versions that are published and then never change."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max

from crmcore import clock
from crmcore.actions import audit
from crmcore.actions.codes import free_code
from crmcore.models import Calendar, User
from crmcore.permissions import require
from tickets.models import SlaPolicy, SlaPolicyVersion, SlaTarget

_COPIED = (
    "conditions",
    "calendar",
    "follow_queue",
    "pauses",
    "stage_pauses",
    "updates_pause",
    "update_rhythm",
    "steps",
    "acts_when_late",
)


class PolicyMoved(Exception):
    """Somebody changed or published the draft after the reader last looked."""


@dataclass(frozen=True)
class PolicyTerms:
    """What a version says: its columns by name, and its targets, not yet stored."""

    columns: dict[str, Any]
    targets: Sequence[SlaTarget] = field(default_factory=list)


@transaction.atomic
def create_policy(*, name: str, name_zh: str, by: User) -> SlaPolicy:
    """A policy that is asked last, with an empty draft; nothing is promised before it is published."""
    require(by, "settings", "edit")
    last = SlaPolicy.objects.aggregate(last=Max("position"))["last"]
    policy = SlaPolicy.objects.create(
        code=free_code(SlaPolicy.objects, name, "policy"),
        name=name,
        name_zh=name_zh,
        position=0 if last is None else last + 1,
    )
    calendar = Calendar.objects.earliest("pk")
    SlaPolicyVersion.objects.create(policy=policy, number=1, calendar=calendar, changed_by=by)
    audit.record("sla_policy.created", policy, by=by, detail={"name": name})
    return policy


@transaction.atomic
def draft_of(policy: SlaPolicy, *, by: User) -> SlaPolicyVersion:
    """The draft of a policy; without one, a copy of its newest version becomes it."""
    require(by, "settings", "edit")
    SlaPolicy.objects.select_for_update().get(pk=policy.pk)
    newest = policy.versions.latest("number")
    if newest.published_at is None:
        return newest
    copied = {name: getattr(newest, name) for name in _COPIED}
    draft = SlaPolicyVersion.objects.create(policy=policy, number=newest.number + 1, changed_by=by, **copied)
    _replace_targets(draft, list(newest.targets.all()))
    return draft


@transaction.atomic
def save_draft(
    policy: SlaPolicy, terms: PolicyTerms, *, names: dict[str, str], seen: tuple[int, int], by: User
) -> SlaPolicyVersion:
    """Write the draft; what is in force stays. `seen` are the number and revision that the reader had before them.

    Raises PolicyMoved.
    """
    require(by, "settings", "edit")
    draft = _locked(policy, seen, by)
    for name, value in terms.columns.items():
        setattr(draft, name, value)
    draft.revision += 1
    draft.changed_by = by
    draft.save()
    _replace_targets(draft, terms.targets)
    SlaPolicy.objects.filter(pk=policy.pk).update(**names)
    audit.record("sla_policy.drafted", policy, by=by, detail={"version": draft.number, "revision": draft.revision})
    return draft


@transaction.atomic
def publish_draft(policy: SlaPolicy, *, seen: tuple[int, int], by: User) -> SlaPolicyVersion:
    """Let the draft rule tickets that are opened from now on. Raises PolicyMoved."""
    require(by, "settings", "edit")
    draft = _locked(policy, seen, by)
    draft.published_at = clock.now()
    draft.changed_by = by
    draft.save(update_fields=["published_at", "changed_by"])
    audit.record("sla_policy.published", policy, by=by, detail={"version": draft.number})
    return draft


@transaction.atomic
def discard_draft(policy: SlaPolicy, *, by: User) -> None:
    """Forget the draft; the first draft of a policy that was never published takes the policy with it."""
    require(by, "settings", "edit")
    SlaPolicy.objects.select_for_update().get(pk=policy.pk)
    policy.versions.filter(published_at=None).delete()
    audit.record("sla_policy.draft_discarded", policy, by=by)
    if not policy.versions.exists():
        policy.delete()


def _locked(policy: SlaPolicy, seen: tuple[int, int], by: User) -> SlaPolicyVersion:
    """The draft that the reader saw, or the one that begins where they saw the newest version."""
    SlaPolicy.objects.select_for_update().get(pk=policy.pk)
    newest = policy.versions.latest("number")
    if (newest.number, newest.revision) != seen:
        raise PolicyMoved(policy.code)
    return draft_of(policy, by=by)


def _replace_targets(version: SlaPolicyVersion, targets: Sequence[SlaTarget]) -> None:
    version.targets.all().delete()
    for target in targets:
        target.pk, target.version = None, version
    SlaTarget.objects.bulk_create(targets)
