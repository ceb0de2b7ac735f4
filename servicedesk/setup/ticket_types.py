"""What tickets can be: the list of types."""

from typing import Any

from django import forms
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from crmcore.forms.dressing import dressed
from servicedesk.setup.catalogue import Catalogue
from tickets.models import TicketType


class TypeForm(forms.ModelForm):  # type: ignore[type-arg]
    """One type."""

    class Meta:
        model = TicketType
        fields = ("name", "name_zh", "is_offered", "reopen_days", "visit_booking")
        labels = {
            "name": _("Name"),
            "name_zh": _("Chinese name"),
            "is_offered": _("Customers may choose it"),
            "reopen_days": _("Days to reopen"),
            "visit_booking": _("Customers book visits"),
        }
        help_texts = {
            "name": _("What colleagues and customers read."),
            "name_zh": _("What they read in Chinese; empty means the same name."),
            "is_offered": _("On the portal, when they raise a request."),
            "visit_booking": _("On the page of their request they choose a free time for somebody to come."),
            "reopen_days": _(
                "How long a solved ticket comes back when its customer writes; later a new one follows it."
            ),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field in self.fields.values():
            dressed(field)


class TicketTypes(Catalogue):
    """The list of types, each with how many fields it asks for."""

    def context(self) -> dict[str, Any]:
        asked = Count("type_fields", filter=Q(type_fields__field__is_active=True))
        rows = list(TicketType.objects.annotate(asked=asked).order_by("position", "pk"))
        return {"used": [row for row in rows if row.is_active], "retired": [row for row in rows if not row.is_active]}


TICKET_TYPES = TicketTypes(
    "ticket_types", "setup:ticket_types", "ticket-types", TypeForm, new=_("New type"), back=_("Ticket types")
)
