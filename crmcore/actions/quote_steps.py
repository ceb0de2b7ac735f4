"""The way of a quote: approved, sent, accepted, declined, expired. Each step is made once, whoever comes twice."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crmcore.actions import audit
from crmcore.actions.announcements import announce_account
from crmcore.actions.approvals import Refused, ask, drop
from crmcore.actions.quotes import locked_quote
from crmcore.clock import now
from crmcore.models import ApprovalRequest, Quote, User
from crmcore.queries.quotes import plans_for
from crmcore.queries.rights import require_reach

State = Quote.State
AT_ONCE = 500


@transaction.atomic
def ask_for_leave(quote: Quote, *, by: User, reason: str = "") -> Quote:
    """Ask by every plan that is meant for the draft. Raises ValidationError where none is, or nobody could answer."""
    require_reach(by, "edit", quote)
    stored = locked_quote(quote)
    if stored.state == State.APPROVAL:
        return stored
    plans = plans_for(stored)
    if stored.state != State.DRAFT or not plans:
        raise ValidationError(_("This quote needs no approval."))
    _move(stored, State.APPROVAL, by=by)
    try:
        for plan in plans:
            ask(plan, stored, by=by, at=now(), reason=reason)
    except Refused as refusal:
        raise ValidationError(str(refusal)) from refusal
    return stored


def settle_leave(quote: Quote, what: str, *, by: User | None, at: datetime) -> None:
    """What became of a request about a locked quote: the last yes approves it, anything else makes it a draft again."""
    live = list(ApprovalRequest.objects.filter(quoteapproval__quote=quote, state__in=ApprovalRequest.LIVE))
    if quote.state != State.APPROVAL or what in ApprovalRequest.LIVE or what not in ApprovalRequest.State.values:
        return
    if what == ApprovalRequest.State.APPROVED:
        if not live:
            _move(quote, State.APPROVED, by=by)
        return
    _move(quote, State.DRAFT, by=by)
    drop(quote, live, by=by, at=at)


@transaction.atomic
def reopen_quote(quote: Quote, *, by: User) -> Quote:
    """Make an approved quote a draft again: what is changed needs a new approval. Raises ValidationError."""
    require_reach(by, "edit", quote)
    stored = locked_quote(quote)
    if stored.state == State.DRAFT:
        return stored
    if stored.state != State.APPROVED:
        raise ValidationError(_("Only an approved quote can be opened again."))
    _move(stored, State.DRAFT, by=by)
    return stored


@transaction.atomic
def send_quote(quote: Quote, *, by: User | None) -> Quote:
    """From here on this version never changes. Raises ValidationError without leave or past its date."""
    require_reach(by, "edit", quote)
    stored = locked_quote(quote)
    if stored.state == State.SENT:
        return stored
    if stored.state not in (State.DRAFT, State.APPROVED):
        raise ValidationError(_("Only a draft or an approved quote can be sent."))
    if stored.state == State.DRAFT and plans_for(stored):
        raise ValidationError(_("This quote needs an approval first."))
    _refuse_past(stored)
    stored.sent_at = now()
    _move(stored, State.SENT, by=by)
    return stored


@transaction.atomic
def accept_quote(quote: Quote, *, by: User | None) -> Quote:
    """The customer said yes in time. Raises ValidationError."""
    require_reach(by, "edit", quote)
    stored = locked_quote(quote)
    if stored.state == State.ACCEPTED:
        return stored
    if stored.state != State.SENT:
        raise ValidationError(_("Only a sent quote can be accepted or declined."))
    _refuse_past(stored)
    _move(stored, State.ACCEPTED, by=by)
    return stored


@transaction.atomic
def decline_quote(quote: Quote, *, by: User | None, reason: str) -> Quote:
    """The customer said no, and why. Raises ValidationError."""
    require_reach(by, "edit", quote)
    stored = locked_quote(quote)
    if stored.state == State.DECLINED:
        return stored
    if stored.state != State.SENT:
        raise ValidationError(_("Only a sent quote can be accepted or declined."))
    if not reason.strip():
        raise ValidationError(_("Say why it was declined."))
    stored.reason = reason.strip()[:240]
    _move(stored, State.DECLINED, by=by)
    return stored


@transaction.atomic
def expire_quotes(at: datetime) -> int:
    """End the sent quotes whose last day is over; how many there were."""
    over = Quote.objects.filter(state=State.SENT, valid_until__lt=timezone.localdate(at))
    rows = list(over.order_by("valid_until", "pk").select_for_update(skip_locked=True)[:AT_ONCE])
    for quote in rows:
        _move(quote, State.EXPIRED, by=None)
    return len(rows)


def _refuse_past(quote: Quote) -> None:
    if not quote.is_valid_on(timezone.localdate(now())):
        raise ValidationError(_("The quote is no longer valid: its last day has passed."))


def _move(quote: Quote, to: str, *, by: User | None) -> None:
    came_from, quote.state = quote.state, to
    if to in (State.ACCEPTED, State.DECLINED, State.EXPIRED):
        quote.settled_at = now()
    quote.save(update_fields=["state", "sent_at", "settled_at", "reason"])
    audit.record("quote.moved", quote, by=by, detail={"state": [came_from, to], "reason": quote.reason})
    announce_account(quote.account_id)
