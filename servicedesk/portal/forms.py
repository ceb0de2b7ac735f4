"""What customers fill in; as little as possible, because most of it is known."""

import zoneinfo
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crmcore.models import InstalledProduct, User
from servicedesk.portal.intake import URGENCIES
from tickets.models import TicketType

if TYPE_CHECKING:
    ProfileBase = forms.ModelForm[User]
    TypeField = forms.ModelChoiceField[TicketType]
    ProductField = forms.ModelChoiceField[InstalledProduct]
else:
    ProfileBase = forms.ModelForm
    TypeField = ProductField = forms.ModelChoiceField

FIELD = {"class": "sd-f__in"}


class NewRequestForm(forms.Form):
    """One text, one kind, how bad it is. `once` makes a second tap on Send the same request."""

    text = forms.CharField(
        label=_("What happened?"),
        max_length=10_000,
        widget=forms.Textarea(attrs={**FIELD, "rows": 6}),
        error_messages={"required": _("Tell us in a few words what happened")},
    )
    type = TypeField(
        TicketType.objects.filter(is_offered=True, is_active=True),
        label=_("What is it?"),
        empty_label=None,
        widget=forms.Select(attrs=FIELD),
    )
    urgency = forms.ChoiceField(
        label=_("How bad is it?"), choices=URGENCIES, initial="normal", widget=forms.Select(attrs=FIELD)
    )
    product = ProductField(
        InstalledProduct.objects.none(),
        label=_("Is it about one of your products?"),
        required=False,
        empty_label=_("No, or not in this list"),
        widget=forms.Select(attrs=FIELD),
    )
    once = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, products: QuerySet[InstalledProduct] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if products is not None:
            self.fields["product"].queryset = products  # type: ignore[attr-defined]
        self.fields["type"].widget.attrs |= {
            "hx-get": reverse("portal:asked-fields"),
            "hx-trigger": "change",
            "hx-target": "#asked-fields",
            "hx-swap": "outerHTML",
        }


class GuestRequestForm(forms.Form):
    """What somebody without an account tells us. `website` is hidden: only robots fill it in."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={**FIELD, "autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=120,
        widget=forms.EmailInput(attrs={**FIELD, "autocomplete": "email"}),
        help_text=_("Our answer goes there, and the code with which you see how it stands."),
    )
    type = TypeField(
        TicketType.objects.filter(is_offered=True, is_active=True),
        label=_("What is it?"),
        empty_label=None,
        widget=forms.Select(attrs=FIELD),
    )
    text = forms.CharField(
        label=_("What happened?"),
        max_length=10_000,
        widget=forms.Textarea(attrs={**FIELD, "rows": 6}),
        error_messages={"required": _("Tell us in a few words what happened")},
    )
    website = forms.CharField(max_length=200, required=False)
    once = forms.CharField(max_length=40, widget=forms.HiddenInput)

    @property
    def is_by_robot(self) -> bool:
        return bool(self.cleaned_data["website"])


class ReplyForm(forms.Form):
    """A message on a request; `once` keeps a second tap on Send from writing it twice."""

    body = forms.CharField(max_length=10_000, error_messages={"required": _("Write a few words first")})
    once = forms.CharField(max_length=40)


class ContestForm(forms.Form):
    """Why it is not solved."""

    reason = forms.CharField(
        max_length=10_000, error_messages={"required": _("Please tell us in a few words what is still wrong")}
    )
    once = forms.CharField(max_length=40)


class WithdrawForm(forms.Form):
    """Why it is not needed any more, if the customer likes to say so."""

    reason = forms.CharField(max_length=300, required=False)


class ChatForm(forms.Form):
    """The first words of a chat. Strangers say who they are, and where we answer if nobody is there."""

    name = forms.CharField(
        label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={**FIELD, "autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=120,
        required=False,
        widget=forms.EmailInput(attrs={**FIELD, "autocomplete": "email"}),
    )
    body = forms.CharField(
        label=_("How can we help?"),
        max_length=4000,
        widget=forms.Textarea(attrs={**FIELD, "rows": 4}),
        error_messages={"required": _("Write a few words first")},
    )
    once = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, is_known: bool, is_answered: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_known:
            del self.fields["name"], self.fields["email"]
        else:
            # Nobody is there: without an address nobody could answer.
            self.fields["email"].required = not is_answered


class ChatLineForm(forms.Form):
    """A line of a chat; `once` is made by the page, so that a line sent again is the same one."""

    body = forms.CharField(max_length=4000, error_messages={"required": _("Write a few words first")})
    once = forms.CharField(max_length=60)


class RatingForm(forms.Form):
    score = forms.IntegerField(min_value=1, max_value=5)
    comment = forms.CharField(max_length=1000, required=False)


class ProfileForm(ProfileBase):
    """What a customer may change: how we call them, their language and their clock."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=forms.Select(attrs=FIELD))
    time_zone = forms.ChoiceField(label=_("Time zone"), widget=forms.Select(attrs=FIELD))

    class Meta:
        model = User
        fields = ("name", "language", "time_zone")
        labels = {"name": _("Your name")}
        widgets = {"name": forms.TextInput(attrs={**FIELD, "autocomplete": "name"})}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        zones = sorted(name for name in zoneinfo.available_timezones() if "/" in name or name == "UTC")
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Time zone"),
            choices=[(name, name.replace("_", " ")) for name in zones],
            widget=forms.Select(attrs=FIELD),
        )
