"""Giving out running numbers."""

from django.db import transaction
from django.db.models import F

from crmcore.models import NumberSequence


@transaction.atomic
def next_number(key: str, *, prefix: str = "") -> str:
    """The next number of the sequence `key`, which begins with `prefix` when it is used for the first time."""
    sequence = NumberSequence.objects.select_for_update().filter(key=key).first()
    if sequence is None:
        NumberSequence.objects.bulk_create([NumberSequence(key=key, prefix=prefix)], ignore_conflicts=True)
        sequence = NumberSequence.objects.select_for_update().get(key=key)
    NumberSequence.objects.filter(pk=sequence.pk).update(next_value=F("next_value") + 1)
    return f"{sequence.prefix}{sequence.next_value}"
