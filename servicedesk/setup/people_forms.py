"""The forms of a member of staff: account, place in the desk, skills, queues."""

import zoneinfo
from collections.abc import Collection
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import PasswordChangeForm
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crmcore.forms.dressing import dressed
from crmcore.models import Queue, QueueMembership, Role, Skill, Team, User, UserSkill
from servicedesk.setup.queue_rows import EMPTY_ROWS, RowForm


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is known of a person. Roles and teams are asked only of who may give some."""

    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("Codes to sign in with go there; it may stand for the user name."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("In which the screens speak; the person may change it."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Every time on the person's screen is shown in it.")
    )
    roles = forms.ModelMultipleChoiceField(
        Role.objects.none(),
        label=_("Roles"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What the person may see and do; of several the widest counts."),
    )
    teams = forms.ModelMultipleChoiceField(
        Team.objects.order_by("path"),
        label=_("Teams"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whose tickets and calls the person shares."),
    )

    class Meta:
        model = User
        fields = ("name", "title", "username", "email", "language", "time_zone")
        labels = {
            "name": pgettext_lazy("of a person", "Name"),
            "title": _("Job title"),
            "username": _("User name"),
        }
        help_texts = {
            "name": _("Customers and colleagues read it beside what the person writes."),
            "title": _("Stands beside the name where colleagues are listed."),
            "username": _("With which the person signs in."),
        }

    def __init__(self, *args: Any, roles: Collection[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted(name for name in zoneinfo.available_timezones() if "/" in name or name == "UTC")
        self._choices("time_zone", [(name, name.replace("_", " ")) for name in zones])
        if roles:
            offered = self.fields["roles"]
            assert isinstance(offered, forms.ModelMultipleChoiceField)
            offered.queryset = Role.objects.filter(pk__in=[role.pk for role in roles]).order_by("pk")
        else:
            del self.fields["roles"], self.fields["teams"]
        for name, field in self.fields.items():
            if name not in ("roles", "teams"):
                dressed(field)
                field.widget.attrs.setdefault("autocomplete", "off")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email and User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(gettext("Somebody else has this address."))
        return email

    @property
    def plain(self) -> list[forms.BoundField]:
        return [self[name] for name in self.Meta.fields]

    @property
    def placing(self) -> list[forms.BoundField]:
        return [self[name] for name in ("roles", "teams") if name in self.fields]

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class SkillRow(RowForm):
    skill = forms.ModelChoiceField(Skill.objects.order_by("name"), label=_("Skill"))
    level = forms.IntegerField(label=_("Level"), min_value=1, max_value=9, initial=5)

    class Meta:
        model = UserSkill
        fields = ("skill", "level")


class QueueRow(RowForm):
    queue = forms.ModelChoiceField(Queue.objects.order_by("position", "pk"), label=_("Queue"))
    penalty = forms.IntegerField(label=_("Penalty"), min_value=0, max_value=99, initial=0)
    position = forms.IntegerField(label=_("Place in the order"), min_value=0, max_value=999, initial=0)

    class Meta:
        model = QueueMembership
        fields = ("queue", "penalty", "position")


class OwnPasswordForm(PasswordChangeForm):
    """Another password for oneself; the old one proves who asks."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].widget.attrs.pop("autofocus", None)
        for field in self.fields.values():
            dressed(field)


def rows_of_person(person: User, data: Any = None) -> dict[str, Any]:
    """The lists of a person by name: skills and queues, as stored or as posted."""
    kinds: tuple[tuple[str, type[Any], type[RowForm], str], ...] = (
        ("skills", UserSkill, SkillRow, "skill__name"),
        ("queues", QueueMembership, QueueRow, "queue__position"),
    )
    sets = {}
    for name, model, form, order in kinds:
        factory = forms.inlineformset_factory(User, model, form=form, fk_name="user", extra=EMPTY_ROWS, can_delete=True)
        rows = model.objects.filter(user=person.pk).order_by(order)
        sets[name] = factory(data, instance=person, prefix=name, queryset=rows)
    return sets
