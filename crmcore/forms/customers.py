"""Forms of accounts and contacts; what they clean, the actions write."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.models import model_to_dict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore import permissions
from crmcore.customer_groups import ACCOUNT_GROUPS, CONTACT_GROUPS, Group
from crmcore.forms.dressing import DressedForm
from crmcore.forms.facts import facts_fields
from crmcore.models import Account, AccountContact, Calendar, Contact, Region, User
from crmcore.models.account_facts import ACCOUNT_FACTS
from crmcore.models.customers import CONTACT_FACTS
from crmcore.queries.regions import Level, levels_to

COMMON_ZONES = (
    "Asia/Shanghai Asia/Hong_Kong Asia/Taipei Asia/Tokyo Asia/Singapore Asia/Kolkata Asia/Dubai Europe/London"
    " Europe/Berlin Europe/Paris Europe/Oslo Africa/Lagos America/New_York America/Chicago America/Denver"
    " America/Los_Angeles America/Toronto America/Sao_Paulo Australia/Sydney Pacific/Auckland UTC"
)


@dataclass(frozen=True)
class ShownGroup:
    """A group of fields as a form shows it: how many are filled, and whether one of them is wrong."""

    label: Promise
    fields: list[forms.BoundField]
    filled: int
    is_wrong: bool


class CustomerForm(DressedForm):
    """What accounts and contacts share. The facts of a subclass come from its model, with its rules."""

    model: type[Account] | type[Contact]
    facts: tuple[str, ...]
    groups: tuple[Group, ...]

    name = forms.CharField(label=_("Name"), max_length=120)
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("Not known")), *settings.LANGUAGES], required=False
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=[("", _("Not known")), *((zone, zone.replace("_", " ")) for zone in COMMON_ZONES.split())],
        required=False,
        help_text=_("Numbers without a country code are read as numbers of this place."),
    )
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    is_active = forms.BooleanField(label=_("Active"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= facts_fields(self.model, self.facts, dict(self.initial))
        zone = self.initial.get("time_zone", "")
        field = self.fields["time_zone"]
        if isinstance(field, forms.ChoiceField) and zone not in dict(field.choices):  # type: ignore[arg-type]
            field.choices = [*field.choices, (zone, zone)]  # type: ignore[misc]

    def shown_groups(self) -> Iterator[ShownGroup]:
        """The facts in their groups; a group with an error or an answer stands open."""
        for group in self.groups:
            fields = [self[name] for name in group.fields]
            filled = sum(1 for field in fields if field.value() not in (None, "", 0, "0"))
            yield ShownGroup(group.label, fields, filled, any(field.errors for field in fields))

    def show_refusal(self, refused: ValidationError) -> None:
        """Put the reasons of an action beside their fields."""
        for field, reasons in refused.message_dict.items():
            self.add_error(field if field in self.fields else None, reasons)


class AccountForm(CustomerForm):
    model, facts, groups = Account, ACCOUNT_FACTS, ACCOUNT_GROUPS
    kind = forms.ChoiceField(label=_("Kind"), choices=Account.Kind.choices)
    grade = forms.ChoiceField(label=_("Level"), choices=[("", _("None")), *Account.Grade.choices], required=False)
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.none(), empty_label=_("Nobody"), required=False
    )
    region = forms.ModelChoiceField(label=_("Region"), queryset=Region.objects.all(), required=False)
    locality = forms.CharField(
        label=_("Place in own words"),
        max_length=120,
        required=False,
        help_text=_("Where the list of regions does not reach."),
    )
    service_calendar = forms.ModelChoiceField(
        label=_("Service hours by contract"),
        queryset=Calendar.objects.order_by("name"),
        empty_label=_("As the queue"),
        required=False,
        help_text=_("By these hours every promise to this customer counts."),
    )
    address = forms.CharField(label=_("Address"), max_length=240, required=False)
    field_order = ["name", "kind", "grade", "owner", "region", "service_calendar", "address"]

    @property
    def chosen_region(self) -> Region | None:
        """The region that stands in the form."""
        value = str(self["region"].value() or "")
        return Region.objects.filter(pk=value).first() if value.isdecimal() else None

    @property
    def region_levels(self) -> list[Level]:
        """The steps of the picker down to it."""
        return levels_to(self.chosen_region)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        if isinstance(owner, forms.ModelChoiceField):
            owner.queryset = owners_for(user, "account", self.initial.get("owner"))


class ContactForm(CustomerForm):
    model, facts, groups = Contact, CONTACT_FACTS, CONTACT_GROUPS
    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=120)


class MembershipForm(DressedForm):
    """The place of a new contact in an account."""

    account: "forms.ModelChoiceField[Account]" = forms.ModelChoiceField(
        label=_("Customer"), queryset=Account.objects.none(), required=False, widget=forms.HiddenInput
    )
    decision_role = forms.ChoiceField(label=_("Part in decisions"), choices=AccountContact.DecisionRole.choices)
    is_primary = forms.BooleanField(label=_("Main contact"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account = self.fields["account"]
        if isinstance(account, forms.ModelChoiceField):
            account.queryset = Account.objects.visible_to(user, "edit")


def owners_for(user: User, noun: str, present: object = None) -> Any:
    """Whom `user` may make an owner: anyone with the right to assign, else themselves or who it is already."""
    staff = User.objects.filter(kind=User.Kind.STAFF, is_active=True).order_by("name")
    if permissions.may(user, noun, "assign"):
        return staff
    return staff.filter(pk__in=[user.pk, present if isinstance(present, int) else user.pk])


def initial_of(customer: Account | Contact) -> dict[str, Any]:
    """A customer's fields as the form's first values."""
    names = ("name", "language", "time_zone", "note", "is_active")
    if isinstance(customer, Contact):
        return model_to_dict(customer, (*names, *CONTACT_FACTS))
    own = ("kind", "grade", "locality", "address", "owner", "region", "service_calendar")
    return model_to_dict(customer, (*names, *own, *ACCOUNT_FACTS))
