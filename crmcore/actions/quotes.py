"""Quotes: written, priced by the desk, and made anew as the next version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crmcore import permissions
from crmcore.actions import audit
from crmcore.actions.announcements import announce_account
from crmcore.actions.numbers import next_number
from crmcore.clock import now
from crmcore.models import Account, Product, Quote, QuoteLine, User
from crmcore.queries.prices import price_of
from crmcore.queries.rights import require_reach

FIELDS = frozenset({"contact", "opportunity", "title", "currency", "valid_until", "terms", "owner"})
VALID_FOR = timedelta(days=30)
MOST_LINES = 60


@dataclass(frozen=True)
class Wish:
    """A line as somebody asks for it; the price is not theirs to say. The discount is in hundredths of a percent."""

    product: Product
    quantity: Decimal
    discount_rate: int = 0
    note: str = ""


@transaction.atomic
def draft_quote(
    *, by: User | None, account: Account, lines: Sequence[Wish], is_demo: bool = False, **fields: Any
) -> Quote:
    """Begin a quote; `fields` as in FIELDS, the prices are today's.

    Raises ValidationError for lines without a price, PermissionDenied.
    """
    _refuse_unknown(fields)
    if by is not None:
        permissions.require(by, "quote", "create")
        require_reach(by, "view", account)
        _require_linkable(by, fields)
    at = now()
    fields["owner"] = fields.get("owner") or by
    fields.setdefault("valid_until", timezone.localtime(at).date() + VALID_FOR)
    number = next_number("quote", prefix="Q-")
    quote = Quote.objects.create(account=account, number=number, created_at=at, is_demo=is_demo, **fields)
    _write_lines(quote, lines, timezone.localtime(at).date())
    audit.record("quote.created", quote, by=by, detail={"total": quote.total_minor})
    announce_account(account.pk)
    return quote


@transaction.atomic
def change_quote(quote: Quote, *, by: User | None, lines: Sequence[Wish], **changes: Any) -> Quote:
    """Write a draft anew, at today's prices. Raises ValidationError for what is no draft, PermissionDenied."""
    _refuse_unknown(changes)
    require_reach(by, "edit", quote)
    if by is not None:
        _require_linkable(by, {name: value for name, value in changes.items() if getattr(quote, name) != value})
    stored = locked_quote(quote)
    if stored.state != Quote.State.DRAFT:
        raise ValidationError(_("Only a draft can be changed."))
    before = stored.total_minor
    for field, value in changes.items():
        setattr(stored, field, value)
    stored.save(update_fields=list(changes) or None)
    _write_lines(stored, lines, timezone.localdate(now()))
    audit.record("quote.changed", stored, by=by, detail={"total": [before, stored.total_minor]})
    announce_account(stored.account_id)
    return stored


@transaction.atomic
def revise_quote(quote: Quote, *, by: User | None) -> Quote:
    """The next version of what went out, as a draft at today's prices; a sent one is replaced by it.

    Asked twice there is one next version. Raises ValidationError for what has not gone out, PermissionDenied.
    """
    require_reach(by, "edit", quote)
    stored = locked_quote(quote)
    latest = Quote.objects.filter(number=stored.number).order_by("-version")[0]
    if latest.pk != stored.pk:
        return latest
    if stored.state not in (Quote.State.SENT, Quote.State.DECLINED, Quote.State.EXPIRED):
        raise ValidationError(_("Only what went out and was not accepted gets a next version."))
    lines = [
        Wish(line.product, line.quantity, line.discount_rate, line.note)
        for line in stored.lines.select_related("product")
    ]
    if stored.state == Quote.State.SENT:
        stored.state, stored.settled_at = Quote.State.REPLACED, now()
        stored.save(update_fields=["state", "settled_at"])
    today = timezone.localdate(now())
    copied = {name: getattr(stored, name) for name in ("account", "number", "is_demo", *FIELDS - {"valid_until"})}
    newer = Quote.objects.create(**copied, version=stored.version + 1, valid_until=today + VALID_FOR, created_at=now())
    _write_lines(newer, lines, today)
    audit.record("quote.revised", newer, by=by, detail={"from": stored.pk})
    announce_account(newer.account_id)
    return newer


def locked_quote(quote: Quote) -> Quote:
    """The quote as it is now, nobody else's until the transaction ends."""
    return Quote.objects.select_for_update(of=("self",)).get(pk=quote.pk)


def _write_lines(quote: Quote, wishes: Sequence[Wish], day: date) -> None:
    if not wishes:
        raise ValidationError(_("A quote needs at least one line."))
    if len(wishes) > MOST_LINES:
        raise ValidationError(_("A quote has at most %(most)d lines.") % {"most": MOST_LINES})
    rows = [_line(quote, wish, place, day) for place, wish in enumerate(wishes, 1)]
    quote.lines.all().delete()
    QuoteLine.objects.bulk_create(rows)
    quote.total_minor = quote.sums().total
    quote.greatest_discount = max(row.discount_rate for row in rows)
    quote.save(update_fields=["total_minor", "greatest_discount"])


def _line(quote: Quote, wish: Wish, place: int, day: date) -> QuoteLine:
    price = price_of(wish.product, quote.account, wish.quantity, quote.currency, day)
    if price is None:
        words = {"product": wish.product.label, "currency": quote.currency}
        raise ValidationError(_("%(product)s has no price in %(currency)s.") % words)
    return QuoteLine(
        quote=quote,
        position=place,
        product=wish.product,
        note=wish.note.strip(),
        quantity=wish.quantity,
        price_minor=price,
        discount_rate=wish.discount_rate,
        tax_rate=wish.product.tax_rate,
    )


def _require_linkable(by: User, fields: dict[str, Any]) -> None:
    """A link needs view on what it points to, and an owner who is someone else the right to assign."""
    for name in ("contact", "opportunity"):
        if fields.get(name) is not None:
            require_reach(by, "view", fields[name])
    if fields.get("owner", by) not in {by, None}:
        permissions.require(by, "quote", "assign")


def _refuse_unknown(fields: dict[str, Any]) -> None:
    if unknown := fields.keys() - FIELDS:
        raise TypeError(f"no such fields: {', '.join(sorted(unknown))}")
