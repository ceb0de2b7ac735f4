"""The content library: the settings page of single questions and of scripts."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crmcore.forms.dressing import dressed
from crmcore.models import User
from servicedesk.setup.catalogue import Catalogue
from servicedesk.setup.questionnaire_forms import CHOICES_HELP, choices_of, lines_of
from tickets.models import LibraryQuestion, LibraryScript
from tickets.questionnaires import WIDEST_SCALE, QuestionKind

PAGE = "setup:library"
SHARED = _("Colleagues see it and take from it")
SHARED_HELP = _("Without this it is yours alone.")


class LibraryQuestionForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """One question; where its answers lead is said by the questionnaire that takes it."""

    lines = forms.CharField(
        label=_("Answers to choose from"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=CHOICES_HELP,
    )
    highest = forms.IntegerField(label=_("Highest step of the scale"), min_value=2, max_value=WIDEST_SCALE)
    field_order = ("name", "name_zh", "kind", "lines", "highest", "is_required", "is_shared")

    class Meta:
        model = LibraryQuestion
        fields = ("name", "name_zh", "kind", "highest", "is_required", "is_shared")
        labels = {
            "name": _("Question"),
            "name_zh": _("Question in Chinese"),
            "kind": _("Kind"),
            "is_required": _("Must be answered"),
            "is_shared": SHARED,
        }
        help_texts = {"is_shared": SHARED_HELP}

    def __init__(self, data: Any = None, *, instance: LibraryQuestion) -> None:
        super().__init__(data, instance=instance, initial={"lines": lines_of(instance.choices)})
        for field in self.fields.values():
            dressed(field)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.instance.choices = choices_of(cleaned.get("lines", ""), self.instance.choices)
        chooses = cleaned.get("kind") in (QuestionKind.SINGLE, QuestionKind.MULTIPLE)
        if chooses and len(self.instance.choices) < 2:
            self.add_error("lines", forms.ValidationError(_("Write two answers at least.")))
        return cleaned


class LibraryScriptForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Words under a name."""

    class Meta:
        model = LibraryScript
        fields = ("name", "name_zh", "text", "text_zh", "is_shared")
        labels = {
            "name": _("Name"),
            "name_zh": _("Chinese name"),
            "text": _("What to say"),
            "text_zh": _("What to say, in Chinese"),
            "is_shared": SHARED,
        }
        help_texts = {
            "name_zh": _("What they read in Chinese; empty means the same name."),
            "is_shared": SHARED_HELP,
        }

    def __init__(self, data: Any = None, *, instance: LibraryScript) -> None:
        super().__init__(data, instance=instance)
        for field in self.fields.values():
            dressed(field)


class Library(Catalogue):
    """Entries of one kind: the shared ones and the reader's own; `titles` name the panels that hold them."""

    form_template = "servicedesk/setup/library_form.html"

    def __init__(self, *args: Any, titles: tuple[Promise, Promise, Promise], holds: Promise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.titles, self.holds = titles, holds

    def shown_to(self, user: User) -> Any:
        return self.entries.objects.visible_to(user)

    def form_for(self, data: Any, entry: Any, user: User) -> Any:
        """A new entry is the person's own; only its owner says whether colleagues see it."""
        if entry.pk is None:
            entry.owner = user
        form = super().form_for(data, entry, user)
        if entry.owner_id != user.pk:
            del form.fields["is_shared"]
        return form

    def panels(self, user: User) -> Iterator[dict[str, Any]]:
        """Shared, private and retired entries; the first panel also where it is empty."""
        rows = list(self.shown_to(user).select_related("owner").order_by("position", "pk"))
        parts = (
            [row for row in rows if row.is_active and row.is_shared],
            [row for row in rows if row.is_active and not row.is_shared],
            [row for row in rows if not row.is_active],
        )
        for place, (title, entries) in enumerate(zip(self.titles, parts, strict=True)):
            if entries or not place:
                new = "" if place else reverse(f"setup:{self.name}_new")
                yield {"title": title, "entries": entries, "catalogue": self, "new": new}

    def _list(self, request: HttpRequest) -> HttpResponse:
        assert isinstance(request.user, User)
        panels = [*QUESTIONS.panels(request.user), *SCRIPTS.panels(request.user)]
        return render(request, self.template, {"panels": panels})


QUESTIONS = Library(
    "library",
    PAGE,
    "library",
    LibraryQuestionForm,
    new=_("New question"),
    back=_("Content library"),
    titles=(_("Questions"), _("Questions for yourself"), _("Retired questions")),
    holds=_("Kind"),
)
SCRIPTS = Library(
    "library_scripts",
    PAGE,
    "library/scripts",
    LibraryScriptForm,
    new=_("New script"),
    back=_("Content library"),
    titles=(_("Scripts"), _("Scripts for yourself"), _("Retired scripts")),
    holds=_("What to say"),
)
