"""The form of a person's own settings."""

import zoneinfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crmcore.models import User


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"), help_text=_("Every time on your screen is shown in this zone."))

    class Meta:
        model = User
        fields = ("name", "language", "time_zone", "theme", "shortcuts_enabled")
        help_texts = {
            "name": _("Customers and colleagues read it beside what you write."),
            "theme": _("“As the system” follows the light and dark of your computer."),
            "shortcuts_enabled": _("F2 answers, Ctrl and K search; Ctrl and / shows them all."),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        zones = sorted(name for name in zoneinfo.available_timezones() if "/" in name or name == "UTC")
        time_zone = self.fields["time_zone"]
        assert isinstance(time_zone, forms.ChoiceField)
        time_zone.choices = [(name, name.replace("_", " ")) for name in zones]
        for field in self.fields.values():
            is_box = isinstance(field, forms.BooleanField)
            field.widget.attrs["class"] = "sd-box" if is_box else "sd-f__in"
