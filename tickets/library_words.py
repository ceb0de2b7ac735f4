"""Scripts of the content library, offered by forms that have words of their own."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crmcore.forms.dressing import dressed
from crmcore.models import User
from tickets.models import LibraryScript

FIELD = "library_script"


def offer_words(form: forms.BaseForm, user: User) -> None:
    """Let a form with the field `script` begin with words that this person finds in the library."""
    field = forms.ModelChoiceField(
        LibraryScript.objects.visible_to(user).filter(is_active=True),
        label=_("Words from the library"),
        required=False,
        empty_label=_("None"),
        help_text=_("Saving copies them into what to say; the copy is then yours to change."),
    )
    dressed(field)
    form.fields[FIELD] = field
    names = list(form.fields)
    form.order_fields([*names[: names.index("script")], FIELD])


def take_words(form: forms.BaseForm, cleaned: dict[str, Any]) -> None:
    """Copy the chosen words; words that were written are never overwritten."""
    chosen: LibraryScript | None = cleaned.get(FIELD)
    if chosen is None:
        return
    if cleaned.get("script") or cleaned.get("script_zh"):
        form.add_error(FIELD, forms.ValidationError(_("There are words already: empty them first, or choose none.")))
        return
    cleaned["script"], cleaned["script_zh"] = chosen.text, chosen.text_zh
