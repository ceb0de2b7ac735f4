"""Teams and skills of the desk: two lists, a form each, and removing what nobody needs."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crmcore.actions.teams import Circle, StillUsed, remove, save_skill, save_team
from crmcore.forms.dressing import dressed
from crmcore.models import QueueSkill, Skill, Team, User, UserSkill
from servicedesk.setup.access import opens_with

Save = Callable[..., None]


class NameForm(forms.ModelForm):  # type: ignore[type-arg]
    """A name in both languages."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            dressed(field)
            field.widget.attrs.setdefault("autocomplete", "off")


class TeamForm(NameForm):
    """One team."""

    parent = forms.ModelChoiceField(
        Team.objects.order_by("path"),
        label=gettext_lazy("Belongs to"),
        required=False,
        empty_label=gettext_lazy("No other team"),
        help_text=gettext_lazy("Who leads the team above sees this one as well."),
    )
    leader = forms.ModelChoiceField(
        User.objects.filter(kind=User.Kind.STAFF, is_active=True).order_by("name"),
        label=gettext_lazy("Leader"),
        required=False,
        empty_label=gettext_lazy("Nobody"),
        help_text=gettext_lazy("Reaches the tickets, calls and people of the team and of all teams below it."),
    )

    class Meta:
        model = Team
        fields = ("name", "name_zh", "parent", "leader", "tier")
        labels = {"name": gettext_lazy("Name"), "name_zh": gettext_lazy("Chinese name"), "tier": gettext_lazy("Tier")}
        help_texts = {
            "name": gettext_lazy("What colleagues read."),
            "name_zh": gettext_lazy("What they read in Chinese; empty means the same name."),
            "tier": gettext_lazy("Its part in closed loops: what a project leaves undone goes up to its company."),
        }


class SkillForm(NameForm):
    """One skill."""

    class Meta:
        model = Skill
        fields = ("name", "name_zh")
        labels = {"name": gettext_lazy("Name"), "name_zh": gettext_lazy("Chinese name")}
        help_texts = {
            "name": gettext_lazy("What people can do, such as a language or a product; queues ask for it by level."),
            "name_zh": gettext_lazy("What they read in Chinese; empty means the same name."),
        }


@require_GET
@opens_with("setup:teams")
def team_list(request: HttpRequest) -> HttpResponse:
    """The tree of teams, each below the one it belongs to."""
    people = Count("members", filter=Q(members__is_active=True), distinct=True)
    teams = Team.objects.select_related("leader").annotate(people=people, lines=Count("queues", distinct=True))
    rows = [(team, range(team.path.count("/") - 2)) for team in sorted(teams, key=lambda team: _place(team.path))]
    return render(request, "servicedesk/setup/teams.html", {"rows": rows})


@require_GET
@opens_with("setup:skills")
def skill_list(request: HttpRequest) -> HttpResponse:
    """Every skill, with how many have it and how many queues ask for it."""
    people, queues = _counted(UserSkill), _counted(QueueSkill)
    rows = [(skill, people.get(skill.pk, 0), queues.get(skill.pk, 0)) for skill in Skill.objects.order_by("name")]
    return render(request, "servicedesk/setup/skills.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@opens_with("setup:teams")
def edit_team(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    return _edit(request, TeamForm, get_object_or_404(Team, pk=pk) if pk else Team(), save_team)


@require_http_methods(["GET", "POST"])
@opens_with("setup:skills")
def edit_skill(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    return _edit(request, SkillForm, get_object_or_404(Skill, pk=pk) if pk else Skill(), save_skill)


@require_POST
@opens_with("setup:teams")
def remove_team(request: HttpRequest, pk: int) -> HttpResponse:
    return _remove(request, get_object_or_404(Team, pk=pk))


@require_POST
@opens_with("setup:skills")
def remove_skill(request: HttpRequest, pk: int) -> HttpResponse:
    return _remove(request, get_object_or_404(Skill, pk=pk))


def _edit(request: HttpRequest, form_class: type[NameForm], row: Any, save: Save) -> HttpResponse:
    form, noun = form_class(request.POST or None, instance=row), row._meta.model_name
    if request.method == "POST" and form.is_valid():
        assert isinstance(request.user, User)
        try:
            save(form.instance, by=request.user)
        except Circle:
            form.add_error("parent", _("A team cannot belong to itself or to a team below it."))
        else:
            messages.success(request, _("Saved"))
            return redirect(f"setup:{noun}s")
    stored = type(row).objects.filter(pk=row.pk).first()
    status = 422 if request.method == "POST" else 200
    return render(request, f"servicedesk/setup/{noun}.html", {"form": form, "row": stored}, status=status)


def _remove(request: HttpRequest, row: Team | Skill) -> HttpResponse:
    assert isinstance(request.user, User)
    noun = row._meta.model_name
    try:
        remove(row, by=request.user)
    except StillUsed:
        messages.error(request, _("“%(name)s” is still needed and stays.") % {"name": row.label})
    return redirect(f"setup:{noun}s")


def _counted(rows: Any) -> dict[int, int]:
    return dict(rows.objects.order_by().values_list("skill").annotate(Count("pk")))


def _place(path: str) -> list[int]:
    """Where a team stands in the tree, its ids taken as numbers."""
    return [int(part) for part in path.strip("/").split("/") if part]
