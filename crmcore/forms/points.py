"""The rows of a customer's ways to be reached, inside the form of the customer."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crmcore.actions.contact_points import NewPoint, PointEdit, phone_region, stored_value
from crmcore.forms.dressing import DressedForm
from crmcore.models import Account, Contact, ContactPoint, User

_EMPTY_ROWS = 2


class PointForm(DressedForm):
    """One number, address or id; an empty row asks for nothing."""

    point = forms.IntegerField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Kind"), choices=ContactPoint.Kind.choices)
    raw = forms.CharField(
        label=_("Number or address"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Number or address")}),
    )
    label = forms.CharField(
        label=_("Label"), max_length=40, required=False, widget=forms.TextInput(attrs={"placeholder": _("Label")})
    )
    is_shared = forms.BooleanField(label=_("Shared by several people"), required=False)
    is_preferred = forms.BooleanField(label=_("Preferred"), required=False)

    def __init__(self, *args: Any, region: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.region = region

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("raw"):
            try:
                self.value = stored_value(data.get("kind", ""), data["raw"], region=self.region)
            except ValidationError as error:
                self.add_error("raw", error)
        return data

    def edit(self) -> PointEdit | None:
        """What the row asks for; nothing if it is empty. A row that was emptied takes its point away."""
        data = self.cleaned_data
        if not data["raw"]:
            return PointEdit(data["point"], None) if data["point"] else None
        return PointEdit(data["point"], self._new_point())

    def typed_point(self) -> ContactPoint | None:
        """The readable row as a point that is not stored, for comparing."""
        if not self.is_valid() or not self.cleaned_data["raw"]:
            return None
        data = self.cleaned_data
        return ContactPoint(kind=data["kind"], value=self.value, is_shared=data["is_shared"])

    def _new_point(self) -> NewPoint:
        data = self.cleaned_data
        fields = {name: data[name] for name in ("kind", "raw", "label", "is_shared", "is_preferred")}
        return NewPoint(**fields)


def point_rows(
    user: User, holder: Account | Contact | None = None, data: Any = None, *, time_zone: str = "", typed: str = ""
) -> Any:
    """The formset of a customer's points: the stored ones and empty rows; `typed` fills the first empty one."""
    stored = list(holder.points.order_by("kind", "-is_preferred", "pk")) if holder else []
    fresh = [{"kind": "phone", "raw": typed}, {"kind": "email"}]
    region = phone_region(user, time_zone or (holder.time_zone if holder else ""))
    factory = forms.formset_factory(PointForm, extra=0 if data is not None else _EMPTY_ROWS)
    rows = factory(data, prefix="points", initial=[_initial(point) for point in stored], form_kwargs={"region": region})
    if data is None:
        for form, values in zip(rows.extra_forms, fresh, strict=True):
            form.initial = values
            form.empty_permitted = False
    return rows


def typed_points(rows: Any) -> list[ContactPoint]:
    """The readable rows of a form that is still being typed, as points that are not stored."""
    if not rows.management_form.is_valid():
        return []
    return [point for row in rows if (point := row.typed_point())]


def _initial(point: ContactPoint) -> dict[str, Any]:
    return {
        "point": point.pk,
        "kind": point.kind,
        "raw": point.raw,
        "label": point.label,
        "is_shared": point.is_shared,
        "is_preferred": point.is_preferred,
    }
