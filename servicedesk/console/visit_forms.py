"""The forms of a return visit: planned by hand, tried, completed, moved."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crmcore.clock import now
from crmcore.forms.dressing import DressedForm
from crmcore.models import User
from servicedesk.console.visits import colleagues_for, methods_for, themes_for
from tickets.actions.visit_work import LONGEST, Report
from tickets.models import Visit, VisitMethod, VisitTheme
from tickets.queries.visit_stage import LoopEnd

LOCAL = "%Y-%m-%dT%H:%M"
WINDOW = timedelta(days=1)
Moment = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL)


class WindowForm(DressedForm):
    """Between which moments a visit is due, on the reader's own clock."""

    due_from = forms.DateTimeField(label=pgettext_lazy("period", "From"), widget=Moment)
    due_by = forms.DateTimeField(label=pgettext_lazy("moment", "Until"), widget=Moment)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        begin, end = found.get("due_from"), found.get("due_by")
        if begin and end and end <= begin:
            self.add_error("due_by", gettext("This is before it begins."))
        elif end and end <= now():
            self.add_error("due_by", gettext("This moment has passed."))
        return found


class NewVisitForm(WindowForm):
    """A visit planned by hand; a method or theme that is missing is named and made on the spot."""

    method = forms.ModelChoiceField(
        VisitMethod.objects.none(), label=pgettext_lazy("way", "Method"), required=False, empty_label=""
    )
    own_method = forms.CharField(label=_("Or a method of your own"), max_length=120, required=False)
    theme = forms.ModelChoiceField(VisitTheme.objects.none(), label=_("Theme"), required=False, empty_label="")
    own_theme = forms.CharField(label=_("Or a theme of your own"), max_length=120, required=False)
    is_shared = forms.BooleanField(label=_("Colleagues may use what is my own"), required=False)
    script = forms.CharField(
        label=_("What is to be said or asked"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    field_order = ("method", "own_method", "theme", "own_theme", "is_shared", "due_from", "due_by", "script")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        begin = timezone.localtime(now() + WINDOW).replace(minute=0, second=0, microsecond=0)
        super().__init__(*args, initial={"due_from": begin, "due_by": begin + WINDOW}, **kwargs)
        for name, rows in (("method", methods_for(user)), ("theme", themes_for(user))):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        for name, words in (("method", _("Choose a method or name one.")), ("theme", _("Choose a theme or name one."))):
            if not found.get(name) and not (found.get(f"own_{name}") or "").strip():
                self.add_error(name, str(words))
        return found


class TryForm(DressedForm):
    """An attempt after which the visit goes on."""

    note = forms.CharField(max_length=LONGEST, required=False)
    token = forms.CharField(max_length=40)


class CompleteForm(DressedForm):
    """What came of it; on the last stage of a loop also where the ticket goes from here."""

    result = forms.ChoiceField(
        label=_("Result"), choices=Visit.Result, widget=forms.RadioSelect(attrs={"class": "sd-radio"})
    )
    method = forms.ModelChoiceField(VisitMethod.objects.none(), label=pgettext_lazy("way", "By"), empty_label=None)
    content = forms.CharField(
        label=_("What was said"), max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    objections = forms.CharField(
        label=_("Objections"), max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    chance = forms.CharField(
        label=_("Chance of a sale or referral"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    step = forms.ChoiceField(label=_("The ticket"), required=False)
    next_from = forms.DateTimeField(label=_("Next visit"), widget=Moment, required=False)

    def __init__(self, *args: Any, visit: Visit, user: User, end: LoopEnd | None, **kwargs: Any) -> None:
        super().__init__(*args, initial={"method": visit.method_id, "result": visit.result}, **kwargs)
        method, step = self.fields["method"], self.fields["step"]
        assert isinstance(method, forms.ModelChoiceField)
        assert isinstance(step, forms.ChoiceField)
        method.queryset = methods_for(user) | VisitMethod.objects.filter(pk=visit.method_id)
        if end is None:
            del self.fields["step"]
            return
        step.choices = [
            ("", _("Stays at its stage")),
            *(
                (code, gettext("On to %(stage)s") % {"stage": label} if label else _("Is closed"))
                for code, label in end.ways
            ),
        ]

    def clean_next_from(self) -> datetime | None:
        moment: datetime | None = self.cleaned_data["next_from"]
        if moment is not None and moment <= now():
            raise forms.ValidationError(gettext("This moment has passed."))
        return moment

    def report(self) -> Report:
        data = self.cleaned_data
        begin = data["next_from"]
        same = {name: data[name] for name in ("result", "method", "content", "objections", "chance")}
        return Report(**same, next_from=begin, next_by=begin + WINDOW if begin else None, step=data.get("step", ""))


class GiveForm(DressedForm):
    """Another person, or nobody."""

    person = forms.ModelChoiceField(User.objects.none(), label=_("Whose"), required=False, empty_label=_("Nobody's"))

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        super().__init__(*args, initial={"person": visit.assignee_id}, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = colleagues_for(visit)
