"""Handing over the work of somebody who leaves, all of it in one step."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from crmcore.actions.ownership import hand_over
from crmcore.models import User
from crmcore.permissions import require
from crmcore.queries.holdings import assignable, held_by
from crmcore.queries.people import people_for
from servicedesk.setup.access import opens_with
from tickets.actions.hand_over import hand_over_tickets
from tickets.queries.holdings import open_tickets_of, open_todos_of, tickets_to_give, todos_to_give

LABELS: dict[str, Promise] = {
    "account": gettext_lazy("Customers"),
    "opportunity": gettext_lazy("Open opportunities"),
    "quote": gettext_lazy("Running quotes"),
    "ticket": gettext_lazy("Open tickets"),
    "todo": gettext_lazy("Open tasks"),
}


@dataclass(frozen=True)
class Holding:
    """One kind of work: how much of it there is, and how much the reader may give away."""

    label: Promise
    number: int
    movable: int

    @property
    def beyond(self) -> int:
        return self.number - self.movable


class SuccessorForm(forms.Form):
    to = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Goes to"))

    def __init__(self, data: object, *, leaver: User) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        colleagues = User.objects.filter(kind=User.Kind.STAFF, is_active=True).exclude(pk=leaver.pk)
        self.fields["to"].queryset = colleagues.order_by("name", "pk")  # type: ignore[attr-defined]
        self.fields["to"].widget.attrs["class"] = "sd-f__in"


@require_http_methods(["GET", "POST"])
@opens_with("setup:people")
def hand_over_work(request: HttpRequest, person_id: int) -> HttpResponse:
    """What the person holds, and to whom it goes."""
    by = request.user
    assert isinstance(by, User)
    require(by, "account", "assign")
    person = get_object_or_404(people_for(by), pk=person_id)
    form = SuccessorForm(request.POST or None, leaver=person)
    if request.method == "POST" and form.is_valid():
        given = sum(_give_all(person, form.cleaned_data["to"], by).values())
        messages.success(request, _("Handed over: %(number)s") % {"number": given})
        return redirect("setup:hand_over", person.pk)
    work = holdings_of(person, by)
    context = {
        "person": person,
        "form": form,
        "work": work,
        "movable": sum(each.movable for each in work),
        "beyond": sum(each.beyond for each in work),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "servicedesk/setup/hand_over.html", context, status=status)


def holdings_of(person: User, by: User) -> list[Holding]:
    """How much of each kind the person holds."""
    rows = {noun: (held, assignable(held, by)) for noun, held in held_by(person).items()}
    every = {
        **rows,
        "ticket": (open_tickets_of(person), tickets_to_give(person, by)),
        "todo": (open_todos_of(person), todos_to_give(person, by)),
    }
    return [Holding(LABELS[noun], held.count(), movable.count()) for noun, (held, movable) in every.items()]


@transaction.atomic
def _give_all(leaver: User, to: User, by: User) -> dict[str, int]:
    return {**hand_over(leaver, to=to, by=by), **hand_over_tickets(leaver, to=to, by=by)}
