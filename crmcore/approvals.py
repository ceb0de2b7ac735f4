"""What is sold, as the approval engine sees it."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from crmcore.actions.approvals import Refused
from crmcore.actions.quote_steps import settle_leave
from crmcore.actions.quotes import locked_quote
from crmcore.approval_subjects import Fact, Subject, register
from crmcore.models import ApprovalRequest, Quote, QuoteApproval, Team, User
from crmcore.money import from_minor
from crmcore.queries.quotes import SUBJECT, needs_leave

Facts = dict[str, tuple[Promise, Callable[[Any], str]]]


class QuoteSubject(Subject):
    """A quote is asked for as it stands; while it waits nobody changes it."""

    code = SUBJECT
    label = _("Quote")
    known: Facts = {
        "customer": (_("Customer"), lambda quote: quote.account.name),
        "total": (_("Total"), lambda quote: f"{quote.currency} {from_minor(quote.total_minor, quote.currency):,}"),
        "discount": (_("Greatest discount"), lambda quote: f"{quote.greatest_discount / 100:g} %"),
        "valid_until": (_("Valid until"), lambda quote: quote.valid_until.isoformat()),
        "lines": (_("Lines"), lambda quote: "; ".join(_line_text(line) for line in quote.lines.all())),
    }

    @contextmanager
    def locked(self, request: ApprovalRequest) -> Iterator[Quote]:
        quote = locked_quote(Quote.objects.get(approvals=request.pk))
        if request.is_live and quote.state != Quote.State.APPROVAL:
            raise Refused(_("This quote does not wait for an approval."))
        yield quote

    def create(self, thing: Quote, **values: Any) -> ApprovalRequest:
        return QuoteApproval.objects.create(quote=thing, **values)

    def about(self, thing: Quote) -> tuple[str, str]:
        return f"{self.code}:{thing.pk}", f"{thing.label} {thing.title}"

    def facts(self, thing: Quote, codes: Collection[str]) -> list[Fact]:
        return facts_of(self.known, thing, codes)

    def fact_choices(self) -> list[tuple[str, str]]:
        return [(code, str(label)) for code, (label, _text) in self.known.items()]

    def holds(self, conditions: Mapping[str, Any], thing: Quote) -> bool:
        return needs_leave(thing, conditions)

    def team(self, thing: Quote) -> Team | None:
        return thing.owner.teams.order_by("pk").first() if thing.owner else None

    def note(self, thing: Quote, request: ApprovalRequest, what: str, *, by: User | None, at: datetime) -> None:
        settle_leave(thing, what, by=by, at=at)

    def reach(self, user: User) -> Q:
        return Q(pk__in=QuoteApproval.objects.filter(quote__in=Quote.objects.visible_to(user)).values("pk"))

    def url(self, request: ApprovalRequest, user: User) -> str:
        seen = Quote.objects.visible_to(user).filter(approvals=request.pk).only("pk").first()
        return seen.get_absolute_url() if seen else ""


def facts_of(known: Facts, thing: Any, codes: Collection[str]) -> list[Fact]:
    """What stands there now, in both languages; the English text is what a change is seen by."""
    found = []
    for code in codes:
        if code in known:
            label, text = known[code]
            english, chinese = _in_both(partial(str, label)), _in_both(partial(text, thing))
            found.append(Fact(code, *english, *chinese, chinese[0]))
    return found


def _line_text(line: Any) -> str:
    return f"{line.product.label} × {line.quantity.normalize():f}"


def _in_both(say: Callable[[], str]) -> tuple[str, str]:
    with override("en"):
        english = say()
    with override("zh-hans"):
        return english, say()


register(QuoteSubject())
