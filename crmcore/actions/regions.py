"""Putting the shipped regions into the database."""

from collections.abc import Iterable

from django.db import transaction

from crmcore.models import Region
from crmcore.shipped_regions import ShippedRegion


@transaction.atomic
def install_regions(rows: Iterable[ShippedRegion]) -> int:
    """Create the regions whose code is not there yet, those above before those below; how many are new."""
    known = dict(Region.objects.values_list("code", "pk"))
    waiting, made = [row for row in rows if row.code not in known], 0
    while ready := [row for row in waiting if not row.parent or row.parent in known]:
        new = [
            Region(code=row.code, name=row.name, name_zh=row.name_zh, parent_id=known.get(row.parent)) for row in ready
        ]
        known |= {region.code: region.pk for region in Region.objects.bulk_create(new)}
        made += len(new)
        waiting = [row for row in waiting if row.code not in known]
    return made
