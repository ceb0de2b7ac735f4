"""How the controls of every form look."""

from typing import Any

from django import forms


def dressed(field: forms.Field) -> None:
    """Give a field's control the look of the design."""
    kind = "sd-box" if isinstance(field.widget, forms.CheckboxInput) else "sd-f__in"
    field.widget.attrs.setdefault("class", kind)


class DressedForm(forms.Form):
    """A form whose controls wear the design and never offer the browser's memory of other customers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            dressed(field)
            field.widget.attrs.setdefault("autocomplete", "off")
