"""The desk's own fields: kind, wording, choices, who sees them."""

from typing import Any

from django import forms
from django.db.models import Count
from django.forms import BoundField
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crmcore.forms.dressing import dressed
from crmcore.money import CURRENCIES
from servicedesk.setup.catalogue import Catalogue
from tickets.actions.field_setup import is_filled_anywhere
from tickets.field_values import WITH_CHOICES, FieldKind
from tickets.models import Choice, TicketField

# Empty rows at the end of the list of choices.
MORE = 4
OF_PEOPLE = (FieldKind.CUSTOMER, FieldKind.COLLEAGUE)


class FieldForm(forms.ModelForm):  # type: ignore[type-arg]
    """One field; its choices stand in rows of their own."""

    currency = forms.ChoiceField(
        label=_("Currency"),
        choices=[(code, code) for code in CURRENCIES],
        required=False,
        help_text=_("For amounts of money."),
    )

    class Meta:
        model = TicketField
        fields = ("name", "name_zh", "kind", "currency", "help", "help_zh", "audience", "is_searchable")
        labels = {
            "name": _("Name"),
            "name_zh": _("Chinese name"),
            "kind": _("Kind"),
            "help": _("Help"),
            "help_zh": _("Chinese help"),
            "audience": _("Who sees it"),
            "is_searchable": _("Found by search"),
        }
        help_texts = {
            "name": _("What stands beside the field."),
            "name_zh": _("What they read in Chinese; empty means the same name."),
            "kind": _("It stays once a ticket says something here."),
            "help": _("One sentence below the field."),
            "audience": _("Whether customers read it on the portal, or fill it in themselves."),
            "is_searchable": _("Tickets are found by the words that are filled in from now on."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plain = list(self.fields)
        stored = self.instance.all_choices
        self.places = range(len(stored) + MORE)
        for index, choice in enumerate([*stored, *[Choice("", "")] * MORE]):
            self.fields[f"choice_{index}"] = forms.CharField(initial=choice.name, required=False, max_length=120)
            self.fields[f"choice_{index}_zh"] = forms.CharField(initial=choice.name_zh, required=False, max_length=120)
            self.fields[f"choice_{index}_offered"] = forms.BooleanField(initial=choice.is_offered, required=False)
        for field in self.fields.values():
            dressed(field)

    @property
    def plain_fields(self) -> list[BoundField]:
        return [self[name] for name in self.plain]

    @property
    def choice_rows(self) -> list[tuple[BoundField, BoundField, BoundField]]:
        """English name, Chinese name, offered: one row for each choice and some empty ones."""
        return [(self[f"choice_{at}"], self[f"choice_{at}_zh"], self[f"choice_{at}_offered"]) for at in self.places]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        stored = TicketField.objects.filter(pk=self.instance.pk).first()
        kind = cleaned.get("kind", "")
        if stored and (stored.kind, stored.currency) != (kind, self._currency(cleaned)) and is_filled_anywhere(stored):
            self.add_error("kind", gettext("Tickets say something in this field, so it keeps its kind."))
        if kind in OF_PEOPLE and cleaned.get("audience") == TicketField.Audience.WRITE:
            self.add_error("audience", gettext("Customers do not know our customers and colleagues."))
        cleaned["choices"] = self._choices(cleaned)
        if kind in WITH_CHOICES and not any(row[3] for row in cleaned["choices"]):
            self.add_error("choice_0", gettext("Offer at least one choice."))
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        self.instance.choices = self.cleaned_data.get("choices", [])
        self.instance.currency = self._currency(self.cleaned_data)

    def _currency(self, cleaned: dict[str, Any]) -> str:
        return str(cleaned.get("currency") or CURRENCIES[0]) if cleaned.get("kind") == FieldKind.MONEY else ""

    def _choices(self, cleaned: dict[str, Any]) -> list[list[Any]]:
        """The rows that have a name. A choice keeps its code and cannot be emptied, only no longer offered."""
        choices = self.instance.all_choices
        stored = [choice.code for choice in choices]
        rows: list[list[Any]] = []
        for at in self.places:
            known = choices[at] if at < len(choices) else None
            name = cleaned.get(f"choice_{at}", "") or (known.name if known else "")
            name_zh = cleaned.get(f"choice_{at}_zh", "")
            if name or name_zh:
                code = known.code if known else free_choice(name, [row[0] for row in rows] + stored)
                rows.append([code, name or name_zh, name_zh, bool(cleaned.get(f"choice_{at}_offered"))])
        return rows


class TicketFields(Catalogue):
    """The list of fields, each with how many types ask for it."""

    form_template = "servicedesk/setup/ticket_field.html"

    def context(self) -> dict[str, Any]:
        rows = list(TicketField.objects.annotate(uses=Count("type_fields")).order_by("position", "pk"))
        return {"used": [row for row in rows if row.is_active], "retired": [row for row in rows if not row.is_active]}


def free_choice(name: str, taken: list[str], *, otherwise: str = "choice") -> str:
    """A code that none of these has, from a name."""
    stem = slugify(name)[:30] or otherwise
    return next(code for n in range(len(taken) + 2) if (code := f"{stem}-{n + 1}" if n else stem) not in taken)


TICKET_FIELDS = TicketFields(
    "ticket_fields", "setup:ticket_fields", "ticket-fields", FieldForm, new=_("New field"), back=_("Ticket fields")
)
