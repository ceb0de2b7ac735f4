"""Choosing what one is told of."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crmcore.models import NewsChoice, NewsKind

FIELD = {"class": "sd-f__in"}


class NewsForm(forms.Form):
    """A tick for each kind and place; both ends of the quiet hours, or none."""

    language = forms.ChoiceField(
        label=_("Language of the mail"),
        choices=[("", _("As on the page")), *settings.LANGUAGES],
        required=False,
        widget=forms.Select(attrs=FIELD),
    )
    quiet_from = forms.TimeField(
        label=_("No mail from"), required=False, widget=forms.TimeInput(attrs={**FIELD, "type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label=_("until"), required=False, widget=forms.TimeInput(attrs={**FIELD, "type": "time"}, format="%H:%M")
    )

    def __init__(self, data: Any, *, choice: NewsChoice) -> None:
        initial = {
            "language": choice.language,
            "quiet_from": choice.quiet_from,
            "quiet_until": choice.quiet_until,
        }
        super().__init__(data, initial=initial)
        for kind in NewsKind:
            for place, off in (("mail", choice.no_mail), ("page", choice.no_page)):
                box = forms.CheckboxInput(attrs={"class": "sd-box"})
                self.fields[f"{place}_{kind}"] = forms.BooleanField(
                    required=False, initial=kind not in off, label=kind.label, widget=box
                )

    @property
    def rows(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """Each kind with its two ticks."""
        return [(str(kind.label), self[f"page_{kind}"], self[f"mail_{kind}"]) for kind in NewsKind]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (data.get("quiet_from") is None) != (data.get("quiet_until") is None) and not self.errors:
            self.add_error("quiet_until", _("Say when the quiet hours begin and when they end, or leave both empty"))
        return data

    def values(self) -> dict[str, Any]:
        """What `choose_news` takes."""
        data = self.cleaned_data
        off = {place: [kind.value for kind in NewsKind if not data[f"{place}_{kind}"]] for place in ("mail", "page")}
        plain = {name: data[name] for name in ("language", "quiet_from", "quiet_until")}
        return {"no_mail": off["mail"], "no_page": off["page"], **plain}
