"""Inviting a colleague, and coming in by an invitation."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.models import User

FIELD = {"class": "sd-f__in"}


class InviteForm(forms.Form):
    name = forms.CharField(
        label=pgettext_lazy("of a person", "Name"), max_length=120, widget=forms.TextInput(attrs=FIELD)
    )
    email = forms.EmailField(
        label=_("E-mail"), max_length=80, widget=forms.EmailInput(attrs={**FIELD, "autocomplete": "off"})
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=forms.Select(attrs=FIELD))


class AcceptForm(forms.Form):
    """A name as the person likes it, and a password by the desk's rules."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={**FIELD, "autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput(attrs={**FIELD, "autocomplete": "new-password"})
    )

    def __init__(self, data: Any, *, email: str, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.email = email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        name = self.cleaned_data.get("name", "")
        validate_password(password, User(username=self.email, email=self.email, name=name))
        return password
