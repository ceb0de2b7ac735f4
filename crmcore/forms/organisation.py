"""Forms of units, of people's places in them, and of important dates."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crmcore.forms.dressing import DressedForm
from crmcore.forms.facts import facts_fields
from crmcore.models import Account, AccountContact, Contact, ImportantDate, Unit, User


class ModelledForm(DressedForm):
    """A form whose fields come from a model, in a given order; what it cleans goes to an action."""

    model: type[Unit] | type[AccountContact] | type[ImportantDate]
    order: tuple[str, ...]

    def __init__(self, *args: Any, account: Account, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= facts_fields(self.model, self.order, {})
        self.offer(account, Contact.objects.visible_to(user))

    def offer(self, account: Account, people: Any) -> None:
        """Narrow the choices to what belongs to the account."""
        raise NotImplementedError

    def choose(self, name: str, rows: Any, empty: Any) -> None:
        """Let one field choose among these rows."""
        field: Any = self.fields[name]
        field.queryset, field.empty_label = rows, empty

    def show_refusal(self, refused: ValidationError) -> None:
        """Put the reasons of an action beside their fields."""
        for field, reasons in refused.message_dict.items():
            self.add_error(field if field in self.fields else None, reasons)


class UnitForm(ModelledForm):
    model = Unit
    order = ("name", "parent", "head", "note")

    def offer(self, account: Account, people: Any) -> None:
        self.choose("parent", Unit.objects.filter(account=account), _("The whole organisation"))
        heads = AccountContact.objects.filter(account=account, contact__in=people).select_related("contact")
        self.choose("head", heads, _("Nobody"))
        choice: Any = self.fields["head"]
        choice.label_from_instance = lambda membership: membership.contact.name


class PlaceForm(ModelledForm):
    model = AccountContact
    order = ("unit", "position", "decision_role", "joined_on", "left_on", "is_primary")

    def offer(self, account: Account, people: Any) -> None:
        self.choose("unit", Unit.objects.filter(account=account), _("None"))


class DateForm(ModelledForm):
    model = ImportantDate
    order = ("occasion", "contact", "calendar", "month", "day", "is_leap_month", "since_year", "note")

    def offer(self, account: Account, people: Any) -> None:
        members = people.filter(memberships__account=account).distinct().order_by("name")
        self.choose("contact", members, _("The customer as a whole"))
