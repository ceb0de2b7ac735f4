"""What agents choose after a call: outcomes under their headings."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crmcore.forms.dressing import dressed
from crmcore.models import Outcome, OutcomeGroup, Queue
from servicedesk.setup.catalogue import Catalogue

DIGITS = range(1, 10)


class OutcomeForm(forms.ModelForm):  # type: ignore[type-arg]
    """One outcome."""

    group = forms.ModelChoiceField(
        OutcomeGroup.objects.filter(is_active=True),
        label=_("Heading"),
        required=False,
        empty_label=_("No heading"),
        help_text=_("Outcomes under one heading stand together in the wrap-up."),
    )
    queue = forms.ModelChoiceField(
        Queue.objects.filter(is_active=True),
        label=_("Queue"),
        required=False,
        empty_label=_("Every queue"),
        help_text=_("Where agents are offered this outcome."),
    )
    digit = forms.TypedChoiceField(
        label=_("Digit"),
        coerce=int,
        required=False,
        empty_value=None,
        choices=[("", _("No digit")), *((digit, digit) for digit in DIGITS)],
        help_text=_("The key that chooses it; it stays the same however the list changes."),
    )

    class Meta:
        model = Outcome
        fields = ("name", "name_zh", "group", "queue", "digit", "ticket_effect", "needs_follow_up")
        labels = {
            "name": _("Name"),
            "name_zh": _("Chinese name"),
            "ticket_effect": _("What it does"),
            "needs_follow_up": _("Something is still to do"),
        }
        help_texts = {
            "name": _("What agents choose and reports show."),
            "name_zh": _("What they read in Chinese; empty means the same name."),
            "ticket_effect": _("A call without a ticket gets one unless none is needed."),
            "needs_follow_up": _("A ticket that is nobody's goes to the agent who promised it."),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field in self.fields.values():
            dressed(field)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        wanted = Outcome(pk=self.instance.pk, digit=cleaned.get("digit"), queue=cleaned.get("queue"))
        rival = wanted.rivals().first()
        if rival is not None:
            self.add_error("digit", gettext("“%(name)s” has this digit.") % {"name": rival.label})
        return cleaned


class GroupForm(forms.ModelForm):  # type: ignore[type-arg]
    """One heading."""

    class Meta:
        model = OutcomeGroup
        fields = ("name", "name_zh")
        labels = {"name": _("Name"), "name_zh": _("Chinese name")}
        help_texts = {
            "name": _("Stands above the outcomes that belong together."),
            "name_zh": _("What they read in Chinese; empty means the same name."),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field in self.fields.values():
            dressed(field)


class Outcomes(Catalogue):
    """The list of outcomes by heading, with the headings below it."""

    def context(self) -> dict[str, Any]:
        rows = list(Outcome.objects.filter(is_automatic=False).select_related("queue", "group"))
        sections: dict[OutcomeGroup | None, list[Outcome]] = {}
        for row in sorted(rows, key=lambda one: one.group.position if one.group else -1):
            if row.is_active:
                sections.setdefault(row.group, []).append(row)
        return {
            "sections": list(sections.items()),
            "retired": [row for row in rows if not row.is_active],
            "headings": GROUPS,
            "groups": list(OutcomeGroup.objects.order_by("-is_active", "position", "pk")),
        }


OUTCOMES = Outcomes("outcomes", "setup:outcomes", "outcomes", OutcomeForm, new=_("New outcome"), back=_("Outcomes"))
GROUPS = Catalogue(
    "outcome_groups", "setup:outcomes", "outcomes/headings", GroupForm, new=_("New heading"), back=_("Outcomes")
)
