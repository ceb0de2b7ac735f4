"""The screen-pop rules: decided once, here, while the call comes in and again when it rings."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max

from crmcore import phone_numbers
from crmcore.models import Account, AccountContact
from telephony.models import Call, PhoneLine
from telephony.queries.number_owners import Owners, owners_of, possible_owners
from telephony.screen_pop import SHOWN, Candidate, Decision, Kind, Rule
from tickets.models import Interaction, Ticket

# An open ticket untouched for longer is offered, not opened.
FRESH = timedelta(days=30)


def decide(call: Call, *, now: datetime) -> Decision:
    """Who calls, by the first rule that knows. What the carrier vouches for beats the number."""
    known = _from_context(call)
    if known is not None:
        return _with_tickets(known, call, now)
    number = phone_numbers.normalise(call.customer_number_raw, region_of(call))
    if number.is_withheld:
        return Decision(Kind.WITHHELD, Rule.WITHHELD)
    return _with_tickets(_by_number(number), call, now)


def region_of(call: Call) -> str:
    """The country that reads the caller's number: the dialled line's, else the desk's."""
    return (
        (call.line.region if call.line else "") or str(call.context.get("region", "")) or settings.DEFAULT_PHONE_REGION
    )


def _from_context(call: Call) -> Decision | None:
    context = call.context
    if contact_id := context.get("contact_id"):
        account_id = context.get("account_id") or _only(_accounts_of([contact_id]))
        return Decision(Kind.CUSTOMER, Rule.SIGNED_IN, verified=True, contact_id=contact_id, account_id=account_id)
    ticket = _ticket_in(context)
    if ticket is not None:
        kind = Kind.CUSTOMER if ticket.contact_id else Kind.ACCOUNT
        return Decision(
            kind, Rule.CONTEXT, contact_id=ticket.contact_id, account_id=ticket.account_id, ticket_id=ticket.pk
        )
    if code := context.get("customer_code"):
        account = Account.objects.filter(code=code, is_active=True).first()
        if account is not None:
            return Decision(Kind.ACCOUNT, Rule.CONTEXT, account_id=account.pk)
    return None


def _ticket_in(context: Mapping[str, Any]) -> Ticket | None:
    if ticket_id := context.get("ticket_id"):
        return Ticket.objects.filter(pk=ticket_id).first()
    if number := context.get("ticket_number"):
        return Ticket.objects.filter(number=number).first()
    return None


def _by_number(number: phone_numbers.PhoneNumber) -> Decision:
    place = phone_numbers.place_of(number.value)
    if not number.value:
        return Decision(Kind.UNKNOWN, Rule.NO_MATCH)
    if PhoneLine.objects.filter(number=number.value).exists():
        return Decision(Kind.INTERNAL, Rule.INTERNAL)
    found = among(owners_of(number.value))
    if found is None and number.kind == phone_numbers.Kind.SHORT:
        return Decision(Kind.INTERNAL, Rule.INTERNAL)
    if found is None:
        found = _guess(number.value) or Decision(Kind.UNKNOWN, Rule.NO_MATCH)
    return replace(found, region=place.region, line_type=str(place.line_type))


def among(owners: Owners) -> Decision | None:
    """Rules 5 to 8: one contact, one account, several accounts, a shared number."""
    contact_ids = [contact.pk for contact in owners.contacts]
    account_ids = {account.pk for account in owners.accounts} | _accounts_of(contact_ids)
    if not contact_ids and not account_ids:
        return None
    if len(account_ids) > 1 or (len(contact_ids) > 1 and not account_ids):
        return _chooser(contact_ids, owners.accounts, Kind.SEVERAL, Rule.SEVERAL)
    account_id = _only(account_ids)
    if owners.is_shared and account_id:
        return Decision(Kind.ACCOUNT, Rule.SHARED, account_id=account_id)
    if len(contact_ids) == 1:
        return Decision(Kind.CUSTOMER, Rule.ONE_CONTACT, contact_id=contact_ids[0], account_id=account_id)
    chips = [Candidate(account_id, contact_id) for contact_id in contact_ids]
    return Decision(
        Kind.ACCOUNT,
        Rule.ONE_ACCOUNT,
        account_id=account_id,
        candidates=chips[:SHOWN],
        more=len(chips) > SHOWN,
    )


def _guess(value: str) -> Decision | None:
    owners = possible_owners(value)
    if not owners.contacts and not owners.accounts:
        return None
    return _chooser([contact.pk for contact in owners.contacts], owners.accounts, Kind.MAYBE, Rule.MAYBE)


def _chooser(contact_ids: list[int], accounts: Iterable[Account], kind: Kind, rule: Rule) -> Decision:
    """Candidates by open tickets, then last contact, then grade."""
    pairs = _pairs(contact_ids, accounts)
    open_tickets = _open_ticket_counts(pairs)
    last = _last_contacts(pairs)
    grades = dict(Account.objects.filter(pk__in=[a for a, _ in pairs if a]).values_list("pk", "grade"))
    ranked = sorted(
        pairs,
        key=lambda p: (-open_tickets[p], -last[p].timestamp() if p in last else 0, grades.get(p[0] or 0) or "Z"),
    )
    candidates = [
        Candidate(
            account_id, contact_id, open_tickets[account_id, contact_id], _iso(last.get((account_id, contact_id)))
        )
        for account_id, contact_id in ranked
    ]
    return Decision(kind, rule, candidates=candidates[:SHOWN], more=len(candidates) > SHOWN)


Pair = tuple[int | None, int | None]


def _pairs(contact_ids: list[int], accounts: Iterable[Account]) -> list[Pair]:
    """(account, contact) of every membership, contacts without account, accounts without contact."""
    memberships = AccountContact.objects.filter(
        contact_id__in=contact_ids, account__is_active=True, account__merged_into=None
    )
    pairs: list[Pair] = list(memberships.order_by("pk").values_list("account_id", "contact_id"))
    covered_accounts, covered_contacts = {a for a, _ in pairs}, {c for _, c in pairs}
    pairs += [(None, contact_id) for contact_id in contact_ids if contact_id not in covered_contacts]
    pairs += [(account.pk, None) for account in accounts if account.pk not in covered_accounts]
    return pairs


def _open_ticket_counts(pairs: list[Pair]) -> Counter[Pair]:
    counts: Counter[Pair] = Counter()
    rows = Ticket.objects.filter(is_active=True, account_id__in=[a for a, _ in pairs if a])
    for account_id, contact_id in rows.values_list("account_id", "contact_id"):
        for pair in pairs:
            counts[pair] += pair == (account_id, contact_id) or pair == (account_id, None)
    return counts


def _last_contacts(pairs: list[Pair]) -> dict[Pair, datetime]:
    rows = Interaction.objects.filter(account_id__in=[a for a, _ in pairs if a])
    by_pair: dict[Pair, datetime] = {}
    for account_id, contact_id, moment in rows.values_list("account_id", "contact_id").annotate(Max("occurred_at")):
        for pair in pairs:
            if pair == (account_id, contact_id) or pair == (account_id, None):
                by_pair[pair] = max(moment, by_pair.get(pair, moment))
    return by_pair


def _with_tickets(decision: Decision, call: Call, now: datetime) -> Decision:
    """Rule 5: one fresh open ticket opens by itself, several are a list, none leaves the note without a ticket."""
    if decision.ticket_id or decision.kind not in (Kind.CUSTOMER, Kind.ACCOUNT):
        return decision
    tickets = Ticket.objects.filter(is_active=True)
    if decision.contact_id:
        tickets = tickets.filter(contact_id=decision.contact_id)
    else:
        tickets = tickets.filter(account_id=decision.account_id or 0)
    latest = list(tickets.order_by("-last_event_at").values_list("pk", "last_event_at")[:SHOWN])
    only_fresh = len(latest) == 1 and latest[0][1] >= now - FRESH
    return replace(
        decision,
        ticket_id=latest[0][0] if only_fresh else None,
        ticket_ids=[pk for pk, _ in latest],
    )


def _accounts_of(contact_ids: Collection[int]) -> set[int]:
    memberships = AccountContact.objects.filter(
        contact_id__in=contact_ids, account__is_active=True, account__merged_into=None
    )
    return set(memberships.values_list("account_id", flat=True))


def _only(ids: Collection[int]) -> int | None:
    return next(iter(ids)) if len(ids) == 1 else None


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
