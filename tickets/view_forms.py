"""The form of a saved view, around its conditions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crmcore.forms.dressing import DressedForm
from crmcore.models import Team, User
from crmcore.permissions import may
from tickets.models import SavedView
from tickets.queries.columns import COLUMNS, USUAL

ME, ALL = "me", "all"


class ViewForm(DressedForm):
    """Name, readers, order and columns."""

    name = forms.CharField(label=_("Name"), max_length=120)
    name_zh = forms.CharField(
        label=_("Chinese name"),
        max_length=120,
        required=False,
        help_text=_("What is read in Chinese; empty means the same name."),
    )
    readers = forms.ChoiceField(label=_("Who has it"), help_text=_("Teams below a team have its views too."))
    sort = forms.ChoiceField(label=_("Order"), choices=SavedView.Sort)
    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        choices=[(code, column.label) for code, column in COLUMNS.items() if code != "ticket"],
        required=False,
        initial=[code for code in USUAL if code != "ticket"],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "sd-box"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        readers = self.fields["readers"]
        assert isinstance(readers, forms.ChoiceField)
        readers.choices = _readers(user)

    def fill(self, view: SavedView, user: User) -> SavedView:
        """Write what was cleaned into the view; conditions come from elsewhere."""
        data = self.cleaned_data
        view.name, view.name_zh, view.sort = data["name"], data["name_zh"], data["sort"]
        view.columns = ["ticket", *data["columns"]]
        readers = data["readers"]
        view.owner = user if readers == ME else None
        view.team_id = int(readers) if readers not in (ME, ALL) else None
        return view


def first_values(view: SavedView) -> dict[str, object]:
    """What the form shows for a view."""
    readers = ME if view.owner_id else ALL if view.team_id is None else str(view.team_id)
    return {
        "name": view.name,
        "name_zh": view.name_zh,
        "readers": readers,
        "sort": view.sort,
        "columns": view.columns,
    }


def _readers(user: User) -> list[tuple[str, object]]:
    all_teams = may(user, "settings", "edit")
    teams = Team.objects.order_by("path") if all_teams else user.led_teams.order_by("path")
    shared = [(ALL, _("Everybody"))] if all_teams else []
    return [(ME, _("Only me")), *((str(team.pk), team.label) for team in teams), *shared]
