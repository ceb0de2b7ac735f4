"""Tickets, as the approval engine sees them."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crmcore.actions.approvals import Refused
from crmcore.approval_subjects import Fact, Subject, register
from crmcore.clock import now
from crmcore.models import ApprovalRequest, Team, User
from tickets.actions.changing import MergedAway, changing
from tickets.actions.entries import append_event, names
from tickets.models import Ticket, TicketApproval
from tickets.queries.approvals import SUBJECT, fact_choices, facts_of
from tickets.queries.conditions import holds


class TicketSubject(Subject):
    """Each approval is a change of its ticket: locked, on the timeline, told to its screens."""

    code = SUBJECT
    label = _("Ticket")

    @contextmanager
    def locked(self, request: ApprovalRequest) -> Iterator[Ticket]:
        ticket = Ticket.objects.get(approvals=request.pk)
        try:
            with changing(ticket) as locked:
                yield locked
        except MergedAway as reason:
            raise Refused(str(reason)) from reason

    def create(self, thing: Ticket, **values: Any) -> ApprovalRequest:
        return TicketApproval.objects.create(ticket=thing, **values)

    def about(self, thing: Ticket) -> tuple[str, str]:
        return f"ticket:{thing.pk}", f"{thing.number} {thing.subject}"

    def facts(self, thing: Ticket, codes: Collection[str]) -> list[Fact]:
        return facts_of(thing, codes)

    def fact_choices(self) -> list[tuple[str, str]]:
        return fact_choices()

    def holds(self, conditions: Mapping[str, Any], thing: Ticket) -> bool:
        return holds(conditions, thing, now=now())

    def team(self, thing: Ticket) -> Team | None:
        return thing.queue.team

    def note(self, thing: Ticket, request: ApprovalRequest, what: str, *, by: User | None, at: datetime) -> None:
        append_event(thing, "approval", by=by, at=at, what=what, plan=names(request.plan))

    def reach(self, user: User) -> Q:
        return Q(pk__in=TicketApproval.objects.filter(ticket__in=Ticket.objects.visible_to(user)).values("pk"))

    def url(self, request: ApprovalRequest, user: User) -> str:
        seen = Ticket.objects.visible_to(user).filter(approvals=request.pk).only("number").first()
        return seen.get_absolute_url() if seen else ""


register(TicketSubject())
