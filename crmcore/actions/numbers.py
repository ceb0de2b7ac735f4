"""Giving out running numbers."""

from django.db import transaction
from django.db.models import F

from crmcore.models import NumberSequence


def next_number(key: str, *, prefix: str = "") -> str:
    """The next number of the sequence `key`, which begins with `prefix` when it is used for the first time."""
    return next_numbers(key, 1, prefix=prefix)[0]


@transaction.atomic
def next_numbers(key: str, count: int, *, prefix: str = "") -> list[str]:
    """The next `count` numbers of a sequence, in order and without a gap."""
    sequence = NumberSequence.objects.select_for_update().filter(key=key).first()
    if sequence is None:
        NumberSequence.objects.bulk_create([NumberSequence(key=key, prefix=prefix)], ignore_conflicts=True)
        sequence = NumberSequence.objects.select_for_update().get(key=key)
    NumberSequence.objects.filter(pk=sequence.pk).update(next_value=F("next_value") + count)
    return [f"{sequence.prefix}{sequence.next_value + place}" for place in range(count)]
