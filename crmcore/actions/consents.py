"""Writing down what a customer agrees to or refuses."""

from collections.abc import Mapping

from django.db import transaction

from crmcore import clock
from crmcore.actions import audit
from crmcore.actions.announcements import announce
from crmcore.consents import SENTENCES, WORDING
from crmcore.models import Consent, Contact, User
from crmcore.queries.consents import latest_of


@transaction.atomic
def say_consents(contact: Contact, said: Mapping[str, bool], *, by: User | None, source: str) -> list[Consent]:
    """Store each answer that differs from the latest one, with the sentence in the active language.

    What was said before stays; said twice it is one record.
    """
    Contact.objects.select_for_update(of=("self",), no_key=True).get(pk=contact.pk)
    before, at = latest_of(contact), clock.now()
    rows = [
        Consent(
            contact=contact,
            kind=kind,
            is_given=is_given,
            wording=WORDING,
            words=str(SENTENCES[kind]),
            source=source,
            by=by,
            at=at,
        )
        for kind, is_given in said.items()
        if kind not in before or before[kind].is_given != is_given
    ]
    if rows:
        Consent.objects.bulk_create(rows)
        audit.record("contact.consents", contact, by=by, detail={row.kind: row.is_given for row in rows})
        announce(contact)
    return rows
