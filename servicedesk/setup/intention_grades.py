"""How serious a prospect is, with the rule of each grade: a list of the settings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crmcore.forms.dressing import dressed
from crmcore.models import IntentionGrade
from servicedesk.setup.catalogue import Catalogue


class IntentionGradeForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """One grade."""

    class Meta:
        model = IntentionGrade
        fields = ("name", "name_zh", "first_within_hours", "again_within_days")
        labels = {
            "name": _("Name"),
            "name_zh": _("Chinese name"),
            "first_within_hours": _("Hours until the first contact"),
            "again_within_days": _("Days until the next contact"),
        }
        help_texts = {
            "name": _("What colleagues choose and reports show."),
            "name_zh": _("What they read in Chinese; empty means the same name."),
            "first_within_hours": _("Counted from the opening of the card; after that the owner is told."),
            "again_within_days": _("Counted from the last contact, unless a day was set by hand."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            dressed(field)


GRADES = Catalogue(
    "intention_grades",
    "setup:intention_grades",
    "intention-grades",
    IntentionGradeForm,
    new=_("New grade"),
    back=_("Intention grades"),
)
