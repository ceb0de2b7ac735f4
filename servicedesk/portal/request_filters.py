"""Narrowing the list of requests: by who asked, kind, who has the ball, and words."""

from typing import Any

from django import forms
from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crmcore.models import Contact, User
from crmcore.queries.company import administered
from crmcore.text_search import query_terms
from tickets.models import Category, Ticket, TicketType

SELECT = {"class": "sd-f__in"}
STATES: dict[str, Q] = {
    "us": Q(status__category__in=[Category.NEW, Category.OPEN, Category.ON_HOLD]),
    "you": Q(status__category=Category.WAITING_CUSTOMER),
    "check": Q(status__category=Category.SOLVED, confirmed_at=None),
    "over": Q(status__category=Category.CLOSED) | Q(confirmed_at__isnull=False),
}


class RequestFilter(forms.Form):
    """What a customer chose; what makes no sense narrows nothing."""

    q = forms.CharField(label=_("Words or number"), max_length=200, required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("Any state")),
            ("you", _("Your turn")),
            ("check", _("Please check")),
            ("us", _("With us")),
            ("over", _("Done")),
        ],
    )
    kind = forms.ModelChoiceField(
        TicketType.objects.filter(is_active=True), label=_("Kind"), required=False, empty_label=_("Any kind")
    )
    who = forms.ModelChoiceField(
        Contact.objects.none(), label=_("Who asked"), required=False, empty_label=_("Everybody")
    )

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        companies = administered(user)
        people = Contact.objects.filter(memberships__account__in=companies, is_active=True).distinct().order_by("name")
        if companies.exists():
            self.fields["who"].queryset = people  # type: ignore[attr-defined]
        else:
            del self.fields["who"]
        for name, field in self.fields.items():
            field.widget.attrs |= SELECT | ({"type": "search"} if name == "q" else {})

    def narrow(self, rows: QuerySet[Ticket]) -> QuerySet[Ticket]:
        """Those of the rows that fit what was chosen."""
        self.is_valid()
        chosen = self.cleaned_data
        if chosen.get("state"):
            rows = rows.filter(STATES[chosen["state"]])
        if chosen.get("kind"):
            rows = rows.filter(type=chosen["kind"])
        if chosen.get("who"):
            rows = rows.filter(contact=chosen["who"])
        return rows.filter(_said(chosen["q"])) if chosen.get("q") else rows

    @property
    def is_narrowed(self) -> bool:
        return any(self.cleaned_data.values())


def _said(words: str) -> Q:
    number = Q(number__iexact=words.strip())
    terms = query_terms(words)
    return number | Q(search=SearchQuery(terms, config="simple", search_type="raw")) if terms else number
