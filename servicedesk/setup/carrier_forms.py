"""The forms of our own telephone numbers."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore import phone_numbers
from crmcore.forms.dressing import dressed
from crmcore.models import Queue
from telephony.models import CallFlow, PhoneLine


def as_e164(typed: str) -> str:
    """A number as the carrier writes it. Raises ValidationError for what is none."""
    number = phone_numbers.normalise(typed, settings.DEFAULT_PHONE_REGION).value
    if not number.startswith("+"):
        raise forms.ValidationError(_("This is no telephone number. Write it with its country code, such as +86…"))
    return number


class LineForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("", _("The desk's")), *settings.LANGUAGES],
        required=False,
        help_text=_("In which announcements are spoken to callers of this number."),
    )

    class Meta:
        model = PhoneLine
        fields = ("number", "name", "name_zh", "queue", "flow", "language", "region", "takes_texts", "takes_whatsapp")
        labels = {
            "number": pgettext_lazy("telephone", "Number"),
            "name": _("Name"),
            "name_zh": _("Chinese name"),
            "queue": _("Queue"),
            "flow": _("Call flow"),
            "region": _("Country"),
            "takes_texts": _("Text messages"),
            "takes_whatsapp": _("WhatsApp"),
        }
        help_texts = {
            "number": _("With its country code, as the carrier has it."),
            "name": _("Agents see it while the call rings."),
            "queue": _("Where callers wait when no call flow says otherwise."),
            "flow": _("What callers hear and press first; none leads straight to the queue."),
            "region": _("Two letters. Callers' numbers without a country code are read as numbers of this country."),
            "takes_texts": _("Customers' messages to this number become tickets, and agents can write from it."),
            "takes_whatsapp": _("This number is a WhatsApp sender at the carrier, whose webhook leads to this desk."),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field in self.fields.values():
            dressed(field)
        choices = {
            "queue": (Queue.objects.filter(is_active=True), _("Choose a queue")),
            "flow": (CallFlow.objects.all(), _("No call flow")),
        }
        for name, (rows, none) in choices.items():
            choice = self.fields[name]
            assert isinstance(choice, forms.ModelChoiceField)
            choice.queryset, choice.empty_label = rows, none

    def clean_number(self) -> str:
        return as_e164(self.cleaned_data["number"])

    def clean_region(self) -> str:
        region = str(self.cleaned_data["region"]).upper()
        if region and not phone_numbers.is_region(region):
            raise forms.ValidationError(_("There is no country with these two letters."))
        return region


class LineField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    def label_from_instance(self, obj: PhoneLine) -> str:
        return f"{obj.number} {obj.label}"


class TestCallForm(forms.Form):
    """Which telephone is to ring, and which number it shows."""

    line: "forms.ModelChoiceField[PhoneLine]" = LineField(
        label=_("From our number"), queryset=PhoneLine.objects.none(), empty_label=None
    )
    to = forms.CharField(label=_("Number to call"), max_length=40, widget=forms.TextInput(attrs={"type": "tel"}))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field in self.fields.values():
            dressed(field)
        line = self.fields["line"]
        assert isinstance(line, forms.ModelChoiceField)
        line.queryset = PhoneLine.objects.filter(is_active=True).order_by("number")

    def clean_to(self) -> str:
        return as_e164(self.cleaned_data["to"])
