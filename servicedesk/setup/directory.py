"""Outside numbers to which calls are passed on: the settings page of the list."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.forms.dressing import dressed
from servicedesk.setup.carrier_forms import as_e164
from servicedesk.setup.catalogue import Catalogue
from telephony.models import DirectoryEntry


class DirectoryForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """One number."""

    class Meta:
        model = DirectoryEntry
        fields = ("name", "name_zh", "number", "note", "note_zh")
        labels = {
            "name": _("Name"),
            "name_zh": _("Chinese name"),
            "number": pgettext_lazy("telephone", "Number"),
            "note": _("Note"),
            "note_zh": _("Chinese note"),
        }
        help_texts = {
            "name": _("Agents find it by this name when they pass a call on."),
            "name_zh": _("What they read in Chinese; empty means the same name."),
            "number": _("With its country code. Numbers of our own and premium rate numbers are never called."),
            "note": _("What to know before calling, such as opening hours."),
            "note_zh": _("What they read in Chinese; empty means the same note."),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field in self.fields.values():
            dressed(field)
        self.fields["number"].max_length = None  # type: ignore[attr-defined]  # written with spaces it is longer

    def clean_number(self) -> str:
        return as_e164(self.cleaned_data["number"])


DIRECTORY = Catalogue(
    "directory", "setup:directory", "directory", DirectoryForm, new=_("New number"), back=_("Directory")
)
