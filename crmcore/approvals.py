"""What is sold, as the approval engine sees it."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from crmcore.actions import contract_steps, quote_steps
from crmcore.actions.approvals import Refused
from crmcore.approval_subjects import Fact, Subject, register
from crmcore.models import ApprovalRequest, Contract, ContractApproval, Quote, QuoteApproval, Team, User
from crmcore.money import from_minor
from crmcore.queries import contracts
from crmcore.queries.contracts import SUBJECT as CONTRACT
from crmcore.queries.quotes import SUBJECT as QUOTE
from crmcore.queries.quotes import needs_leave

Facts = dict[str, tuple[Promise, Callable[[Any], str]]]


class SaleSubject(Subject):
    """What is asked for stands still while it waits; `field` is the request's key to it."""

    model: ClassVar[Any]
    requests: ClassVar[Any]
    field: ClassVar[str]
    known: ClassVar[Facts]

    @contextmanager
    def locked(self, request: ApprovalRequest) -> Iterator[Any]:
        thing = self.model.objects.select_for_update(of=("self",)).get(approvals=request.pk)
        if request.is_live and thing.state != self.model.State.APPROVAL:
            raise Refused(_("It does not wait for an approval any more."))
        yield thing

    def create(self, thing: Any, **values: Any) -> ApprovalRequest:
        made: ApprovalRequest = self.requests.objects.create(**{self.field: thing}, **values)
        return made

    def facts(self, thing: Any, codes: Collection[str]) -> list[Fact]:
        return facts_of(self.known, thing, codes)

    def fact_choices(self) -> list[tuple[str, str]]:
        return [(code, str(label)) for code, (label, _text) in self.known.items()]

    def team(self, thing: Any) -> Team | None:
        return thing.owner.teams.order_by("pk").first() if thing.owner else None

    def reach(self, user: User) -> Q:
        seen = {f"{self.field}__in": self.model.objects.visible_to(user)}
        return Q(pk__in=self.requests.objects.filter(**seen).values("pk"))

    def url(self, request: ApprovalRequest, user: User) -> str:
        seen = self.model.objects.visible_to(user).filter(approvals=request.pk).only("pk").first()
        return seen.get_absolute_url() if seen else ""


class QuoteSubject(SaleSubject):
    """A version of a quote before it goes out."""

    code = QUOTE
    label = _("Quote")
    model, requests, field = Quote, QuoteApproval, "quote"
    known: ClassVar[Facts] = {
        "customer": (_("Customer"), lambda quote: quote.account.name),
        "total": (_("Total"), lambda quote: _amount(quote.total_minor, quote.currency)),
        "discount": (_("Greatest discount"), lambda quote: f"{quote.greatest_discount / 100:g} %"),
        "valid_until": (_("Valid until"), lambda quote: quote.valid_until.isoformat()),
        "lines": (_("Lines"), lambda quote: "; ".join(_line_text(line) for line in quote.lines.all())),
    }

    def about(self, thing: Quote) -> tuple[str, str]:
        return f"{self.code}:{thing.pk}", f"{thing.label} {thing.title}"

    def holds(self, conditions: Mapping[str, Any], thing: Quote) -> bool:
        return needs_leave(thing, conditions)

    def note(self, thing: Quote, request: ApprovalRequest, what: str, *, by: User | None, at: datetime) -> None:
        quote_steps.settle_leave(thing, what, by=by, at=at)


class ContractSubject(SaleSubject):
    """A contract before it is signed."""

    code = CONTRACT
    label = _("Contract")
    model, requests, field = Contract, ContractApproval, "contract"
    known: ClassVar[Facts] = {
        "customer": (_("Customer"), lambda contract: contract.account.name),
        "amount": (_("Amount"), lambda contract: _amount(contract.amount_minor, contract.currency)),
        "starts_on": (_("Starts on"), lambda contract: contract.starts_on.isoformat()),
        "ends_on": (_("Ends on"), lambda contract: contract.ends_on.isoformat() if contract.ends_on else ""),
        "files": (_("Files"), lambda contract: "; ".join(file.name for file in contract.files.all())),
    }

    def about(self, thing: Contract) -> tuple[str, str]:
        return f"{self.code}:{thing.pk}", str(thing)

    def holds(self, conditions: Mapping[str, Any], thing: Contract) -> bool:
        return contracts.needs_leave(thing, conditions)

    def note(self, thing: Contract, request: ApprovalRequest, what: str, *, by: User | None, at: datetime) -> None:
        contract_steps.settle_leave(thing, what, by=by, at=at)


def facts_of(known: Facts, thing: Any, codes: Collection[str]) -> list[Fact]:
    """What stands there now, in both languages; the English text is what a change is seen by."""
    found = []
    for code in codes:
        if code in known:
            label, text = known[code]
            english, chinese = _in_both(partial(str, label)), _in_both(partial(text, thing))
            found.append(Fact(code, *english, *chinese, chinese[0]))
    return found


def _amount(minor: int, currency: str) -> str:
    return f"{currency} {from_minor(minor, currency):,}"


def _line_text(line: Any) -> str:
    return f"{line.product.label} × {line.quantity.normalize():f}"


def _in_both(say: Callable[[], str]) -> tuple[str, str]:
    with override("en"):
        english = say()
    with override("zh-hans"):
        return english, say()


register(QuoteSubject())
register(ContractSubject())
