"""Filling a campaign: from customers that are known, or from a file."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction

from crmcore import clock
from crmcore.actions import audit
from crmcore.models import User
from crmcore.queries.segments import Segment
from crmcore.spreadsheets import read_table
from telephony.actions.campaigns import announce
from telephony.models import Campaign, CampaignFile, CampaignTarget
from telephony.queries.campaign_numbers import Person, people_to_add, sift

AT_ONCE = 2000
# What columns are usually called; a name is recognised when it contains one of these.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "number": ("phone", "number", "mobile", "tel", "电话", "手机", "号码"),
    "name": ("name", "contact", "姓名", "名称", "联系人", "客户"),
    "words": ("note", "remark", "comment", "info", "备注", "说明"),
}


@transaction.atomic
def fill_from_segment(campaign: Campaign, segment: Segment, *, by: User) -> int:
    """Add the people of a segment; how many were new. Raises PermissionDenied."""
    locked = _lock(campaign, by)
    added = _add(locked, people_to_add(by, locked, segment))
    audit.record("campaign.filled", locked, by=by, detail={"added": added, "from": "segment"})
    announce(locked)
    return added


@transaction.atomic
def keep_file(campaign: Campaign, name: str, content: bytes, *, by: User) -> CampaignFile:
    """Store an uploaded table, its columns guessed. Raises UnusableFile, PermissionDenied."""
    locked, table = _lock(campaign, by), read_table(content)
    return CampaignFile.objects.create(
        campaign=locked,
        name=name[:200],
        header=table.header,
        rows=list(zip(table.lines, table.rows, strict=True)),
        columns=guess_columns(table.header),
        created_at=clock.now(),
        by=by,
    )


@transaction.atomic
def take_file(file: CampaignFile, columns: Mapping[str, int], *, by: User) -> CampaignFile:
    """Add the file's people by these columns; what cannot be added is kept with its reason. Again is no change.

    Raises PermissionDenied.
    """
    locked = _lock(file.campaign, by)
    stored = CampaignFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    if stored.taken_at is not None:
        return stored
    sifted = sift(by, locked, [(line, cells) for line, cells in stored.rows], dict(columns))
    stored.added = _add(locked, sifted.people)
    stored.columns, stored.rejected, stored.rows, stored.taken_at = dict(columns), sifted.rejected, [], clock.now()
    stored.save()
    audit.record("campaign.filled", locked, by=by, detail={"added": stored.added, "from": stored.name})
    announce(locked)
    return stored


def guess_columns(header: list[str]) -> dict[str, int]:
    """Which column holds what, by its heading; each column one thing."""
    found: dict[str, int] = {}
    for what, words in HEADINGS.items():
        for place, heading in enumerate(header):
            if place not in found.values() and any(word in heading.casefold() for word in words):
                found[what] = place
                break
    return found


def _add(campaign: Campaign, people: Iterable[Person]) -> int:
    """Store them; a number that somebody else added meanwhile is left as it is."""
    now, before = clock.now(), campaign.targets.count()
    rows = [
        CampaignTarget(
            campaign=campaign,
            number=person.number,
            name=person.name,
            words=person.words,
            contact_id=person.contact_id,
            account_id=person.account_id,
            next_at=now,
        )
        for person in people
    ]
    CampaignTarget.objects.bulk_create(rows, ignore_conflicts=True, batch_size=AT_ONCE)
    return campaign.targets.count() - before


def _lock(campaign: Campaign, by: User) -> Campaign:
    if not Campaign.objects.visible_to(by, "edit").filter(pk=campaign.pk).exists():
        raise PermissionDenied(f"campaign {campaign.pk}")
    locked = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if locked.state == Campaign.State.FINISHED:
        raise PermissionDenied(f"campaign {campaign.pk} is finished")
    return locked
