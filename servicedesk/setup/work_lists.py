"""Lists that the work on tickets begins with: canned replies, and the tasks of new tickets."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crmcore.forms.dressing import dressed
from servicedesk.setup.catalogue import Catalogue
from tickets.models import CannedReply, TicketType, TodoTemplate
from tickets.placeholders import Place, unknown_in
from tickets.step_forms import StepsForm


class CannedReplyForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """One reply in both languages, and what is done with it."""

    class Meta:
        model = CannedReply
        fields = ("name", "name_zh", "body", "body_zh")
        labels = {
            "name": _("Name"),
            "name_zh": _("Chinese name"),
            "body": _("Text"),
            "body_zh": _("Chinese text"),
        }
        help_texts = {
            "name": _("Agents find it by this name when they type / in a reply."),
            "name_zh": _("What they read in Chinese; empty means the same name."),
            "body_zh": _("What Chinese customers get; empty means the same text."),
        }
        widgets = {"body": forms.Textarea(attrs={"rows": 6}), "body_zh": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, data: Any = None, *, instance: CannedReply) -> None:
        super().__init__(data, instance=instance)
        self.steps = StepsForm(data, initial=instance.steps)
        for field in self.fields.values():
            dressed(field)
        places = ", ".join(f"{{{place.value}}} {place.label}" for place in Place)
        self.fields["body"].help_text = gettext("These places are filled: %(places)s.") % {"places": places}

    def is_valid(self) -> bool:
        """The fields and the steps; one of text and steps is there."""
        parts = [super().is_valid(), not any(row.error for row in self.steps.rows)]
        if all(parts):
            self.instance.steps = self.steps.value
        return all(parts)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("body") and not self.steps.value and "body" not in self.errors:
            self.add_error("body", gettext("Write a text, or say what is to be done."))
        return cleaned

    def clean_body(self) -> str:
        return _with_known_places(str(self.cleaned_data["body"]))

    def clean_body_zh(self) -> str:
        return _with_known_places(str(self.cleaned_data["body_zh"]))


class TodoTemplateForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """One task with which tickets of a type begin."""

    type = forms.ModelChoiceField(TicketType.objects.all(), label=_("Type of ticket"), empty_label=None)

    class Meta:
        model = TodoTemplate
        fields = ("type", "name", "name_zh", "is_mandatory", "due_hours")
        labels = {
            "name": _("Task"),
            "name_zh": _("Chinese name"),
            "is_mandatory": _("Mandatory"),
            "due_hours": _("Due after hours"),
        }
        help_texts = {
            "name_zh": _("What they read in Chinese; empty means the same name."),
            "is_mandatory": _("Who solves a ticket without it is asked."),
            "due_hours": _("Counted from the opening of the ticket; empty means without a date."),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field in self.fields.values():
            dressed(field)


def _with_known_places(body: str) -> str:
    unknown = unknown_in(body)
    if unknown:
        raise forms.ValidationError(gettext("There is no place %(places)s.") % {"places": ", ".join(unknown)})
    return body.replace("\r\n", "\n").strip()


class Checklists(Catalogue):
    """Tasks under the types of tickets that begin with them."""

    def context(self) -> dict[str, Any]:
        found = super().context()
        types = {one.pk: one for one in TicketType.objects.all()}
        grouped = [(one, [row for row in found["used"] if row.type_id == pk]) for pk, one in types.items()]
        return found | {"types": [(one, rows) for one, rows in grouped if rows]}


class CannedReplies(Catalogue):
    """Replies and macros."""

    form_template = "servicedesk/setup/canned_reply.html"


CANNED_REPLIES = CannedReplies(
    "canned_replies",
    "setup:canned_replies",
    "canned-replies",
    CannedReplyForm,
    new=_("New canned reply"),
    back=_("Canned replies"),
)
CHECKLISTS = Checklists(
    "checklists", "setup:checklists", "checklists", TodoTemplateForm, new=_("New task"), back=_("Checklists")
)
