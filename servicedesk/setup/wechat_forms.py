"""The form of a WeChat account: one sentence for each setting."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crmcore.forms.dressing import dressed
from crmcore.models import Queue
from telephony.models import WechatAccount
from telephony.providers.wechat.envelope import BadEnvelope, key_of

SECRETS = ("secret", "token", "key")


def _hidden(label: object, sentence: object, **more: object) -> forms.Field:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.RegexField(label=label, help_text=sentence, required=False, widget=widget, **more)  # type: ignore[arg-type]


class WechatForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("In which the desk itself speaks to new followers."),
    )
    secret = _hidden(
        _("AppSecret"),
        _("Stored encrypted and never shown; empty keeps the one before."),
        regex=r"^[0-9a-f]{32}$",
        error_messages={"invalid": _("It has 32 characters, 0 to 9 and a to f.")},
    )
    token = _hidden(
        _("Token"),
        _("Any 3 to 32 letters and digits of your choice; the platform signs with it. Enter the same there."),
        regex=r"^[0-9A-Za-z]{3,32}$",
        error_messages={"invalid": _("It has 3 to 32 letters and digits.")},
    )
    key = _hidden(
        _("EncodingAESKey"),
        _("The 43 characters that the platform makes; needed in safe mode."),
        regex=r"^[0-9A-Za-z]{43}$",
        error_messages={"invalid": _("It has 43 letters and digits.")},
    )

    class Meta:
        model = WechatAccount
        fields = ("name", "name_zh", "app_id", "queue", "mode")
        labels = {
            "name": _("Name"),
            "name_zh": _("Chinese name"),
            "app_id": _("AppID"),
            "queue": _("Queue"),
            "mode": _("Message encryption"),
        }
        help_texts = {
            "name": _("What agents read beside the composer."),
            "name_zh": _("What agents who read Chinese see; empty means the same name."),
            "app_id": _("Stands on the platform under development settings; begins with wx."),
            "queue": _("New tickets from this account wait here."),
            "mode": _("As chosen on the platform. Safe mode also takes its compatible mode."),
        }

    field_order = ("name", "name_zh", "app_id", "queue", "language", "secret", "mode", "token", "key")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        queue = self.fields["queue"]
        assert isinstance(queue, forms.ModelChoiceField)
        queue.queryset = Queue.objects.filter(is_active=True).order_by("position", "pk")
        self.fields["language"].initial = self.instance.language
        for field in self.fields.values():
            dressed(field)
            field.widget.attrs.setdefault("autocomplete", "off")
        # Whose tokens and followers these are cannot change.
        self.fields["app_id"].disabled = self.instance.pk is not None

    def clean_key(self) -> str:
        key = str(self.cleaned_data["key"])
        try:
            if key:
                key_of(key)
        except BadEnvelope as error:
            raise forms.ValidationError(_("It has 43 letters and digits.")) from error
        return key

    def clean(self) -> None:
        """Secrets that are needed and were never given."""
        super().clean()
        needed = {"secret", "token"} | ({"key"} if self.cleaned_data.get("mode") == WechatAccount.Mode.SAFE else set())
        for name in SECRETS:
            is_missing = not self.cleaned_data.get(name) and not getattr(self.instance, f"{name}_sealed")
            if name in needed and is_missing and name not in self.errors and not self.instance.is_demo:
                self.add_error(name, _("This is needed."))
        self.instance.language = self.cleaned_data.get("language") or self.instance.language

    @property
    def secrets(self) -> dict[str, str]:
        """What was typed into the hidden fields."""
        return {name: str(self.cleaned_data.get(name, "")) for name in SECRETS}
