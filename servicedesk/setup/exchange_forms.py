"""The forms of other telephone systems."""

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from crmcore.forms.dressing import DressedForm
from crmcore.models import Queue, User
from crmcore.phone_numbers import is_region

IS_EXTENSION = RegexValidator(r"^[0-9A-Za-z*#._-]+$", _("An extension has digits and letters only."))


class ExchangeForm(DressedForm):
    """What the desk knows about an exchange."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("What you call this telephone system, such as Head office.")
    )
    queue: "forms.ModelChoiceField[Queue]" = forms.ModelChoiceField(
        label=_("Queue"),
        queryset=Queue.objects.none(),
        required=False,
        empty_label=_("The default queue"),
        help_text=_("Calls that name no queue of ours are counted here."),
    )
    region = forms.CharField(
        label=_("Country"),
        max_length=2,
        required=False,
        help_text=_("Two letters, such as CN. Numbers without a country code are read as numbers of this country."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        queue = self.fields["queue"]
        assert isinstance(queue, forms.ModelChoiceField)
        queue.queryset = Queue.objects.filter(is_active=True).order_by("position", "pk")
        self.fields["region"].widget.attrs["placeholder"] = settings.DEFAULT_PHONE_REGION

    def clean_region(self) -> str:
        region = str(self.cleaned_data["region"]).upper()
        if region and not is_region(region):
            raise forms.ValidationError(_("There is no country with these two letters."))
        return region


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    def label_from_instance(self, obj: User) -> str:
        return obj.name


class ExtensionForm(DressedForm):
    """Who sits at an extension."""

    number = forms.CharField(label=_("Extension"), max_length=20, validators=[IS_EXTENSION])
    agent: "forms.ModelChoiceField[User]" = PersonField(
        label=_("Agent"), queryset=User.objects.none(), empty_label=_("Choose a person")
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        agent = self.fields["agent"]
        assert isinstance(agent, forms.ModelChoiceField)
        agent.queryset = User.objects.filter(kind=User.Kind.STAFF, is_active=True).order_by("name")
