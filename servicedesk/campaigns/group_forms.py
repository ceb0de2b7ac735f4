"""The form of a group message."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.forms.dressing import dressed
from crmcore.models import Queue, User
from crmcore.permissions import within
from servicedesk.campaigns.forms import HOURS, SegmentForm
from telephony.models import GroupText, PhoneLine
from telephony.text_keywords import names_a_way_out
from telephony.text_segments import LONGEST


class GroupTextForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    class Meta:
        model = GroupText
        fields = ("name", "queue", "line", "body", "way_out", "opens", "closes")
        labels = {
            "name": _("Name"),
            "queue": _("Queue"),
            "line": _("Number that customers see"),
            "body": _("Text"),
            "way_out": _("Way out"),
            "opens": pgettext_lazy("time of day", "From"),
            "closes": _("Until"),
        }
        help_texts = {
            "name": _("For you and your colleagues; customers never read it."),
            "queue": _("Where the answers become tickets of their own."),
            "line": _("Answers to this number come here."),
            "way_out": _("The last line of every message: how to get no more, such as “Reply STOP to end”."),
            "opens": _("On the clock of the place where the customer is."),
            "closes": _("What has not gone by then waits for the customer's next morning."),
        }
        widgets = {
            "body": forms.Textarea(attrs={"rows": 5}),
            "opens": forms.TimeInput(attrs=HOURS, format="%H:%M"),
            "closes": forms.TimeInput(attrs=HOURS, format="%H:%M"),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reach = within(user, "campaign", "edit", owner="memberships__user", team="team")
        queues = Queue.objects.filter(reach, is_active=True).distinct().order_by("position", "pk")
        lines = PhoneLine.objects.filter(is_active=True, takes_texts=True).order_by("pk")
        for name, rows, nothing in (("queue", queues, _("Choose a queue")), ("line", lines, _("Choose a number"))):
            choice = self.fields[name]
            assert isinstance(choice, forms.ModelChoiceField)
            choice.queryset, choice.empty_label = rows, nothing
        for field in self.fields.values():
            dressed(field)
            field.widget.attrs.setdefault("autocomplete", "off")

    def clean_way_out(self) -> str:
        line = str(self.cleaned_data["way_out"]).strip()
        if not names_a_way_out(line):
            raise forms.ValidationError(_("Say how to get no more: name STOP, TD or 退订 in this line."))
        return line

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        opens, closes = cleaned.get("opens"), cleaned.get("closes")
        if opens and closes and closes <= opens:
            self.add_error("closes", _("Must be later than the beginning."))
        body = str(cleaned.get("body", "")).replace("\r\n", "\n").strip()
        cleaned["body"] = body
        if len(body) + len(cleaned.get("way_out", "")) >= LONGEST:
            self.add_error("body", _("The message is too long: 1,600 characters at most."))
        return cleaned


def segment_form(group: GroupText, data: Any) -> SegmentForm:
    """Whom it is for, as it stands or as it was typed."""
    stored = {
        "kind": group.kind,
        "grades": group.grades,
        "region": group.region_id,
        "owner": group.owner_id,
        "language": group.language,
        "everybody": group.everybody,
    }
    return SegmentForm(data, initial=stored)


def take_segment(group: GroupText, form: SegmentForm) -> None:
    """Write a valid segment into the message."""
    chosen = form.segment()
    group.kind, group.grades, group.region = chosen.kind, list(chosen.grades), chosen.region
    group.owner, group.language, group.everybody = chosen.owner, chosen.language, chosen.everybody
