"""Why agents may be away: the settings page of the list."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crmcore.forms.dressing import dressed
from crmcore.models import AwayReason
from servicedesk.setup.catalogue import Catalogue


class AwayReasonForm(forms.ModelForm):  # type: ignore[type-arg]
    """One reason."""

    class Meta:
        model = AwayReason
        fields = ("name", "name_zh", "icon", "is_paid", "is_productive")
        labels = {
            "name": _("Name"),
            "name_zh": _("Chinese name"),
            "icon": _("Icon"),
            "is_paid": _("Counts as paid"),
            "is_productive": _("Counts as productive"),
        }
        help_texts = {
            "name": _("What agents choose and colleagues read."),
            "name_zh": _("What they read in Chinese; empty means the same name."),
            "icon": _("Stands beside the name in the call bar and on the board."),
            "is_paid": _("Reports count this time as paid, past time as well."),
            "is_productive": _("Reports count this time as work, and the board does not warn when it lasts long."),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field in self.fields.values():
            dressed(field)


AWAY_REASONS = Catalogue(
    "away_reasons", "setup:away_reasons", "away-reasons", AwayReasonForm, new=_("New reason"), back=_("Away reasons")
)
