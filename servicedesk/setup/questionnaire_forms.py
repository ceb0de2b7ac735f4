"""Forms of questionnaires: what one is called, and one question with the ways that its answers lead."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crmcore.forms.dressing import DressedForm, dressed
from tickets.models import Questionnaire
from tickets.questionnaires import END, WIDEST_SCALE, Question, QuestionKind
from tickets.questionnaires import Questionnaire as Questions

QUESTIONNAIRE_WORDS = {"new": _("New questionnaire"), "many": _("Questionnaires")}
CHOICES_HELP = _("One a line, the Chinese words after a vertical bar: Too slow | 太慢")
MOST_CHOICES = 20


def lines_of(choices: Iterable[Sequence[str]]) -> str:
    """Answers to choose from, one a line."""
    return "\n".join(f"{name} | {zh}" if zh else name for _code, name, zh in choices)


def choices_of(lines: str, before: Iterable[Sequence[str]]) -> list[list[str]]:
    """The lines with their codes; one that was there before keeps its own."""
    known = {name: code for code, name, _zh in before}
    taken = set(known.values())
    rows = []
    for line in lines.splitlines()[:MOST_CHOICES]:
        name, _bar, zh = (part.strip() for part in line.partition("|"))
        if not name:
            continue
        code = known.get(name) or next(code for n in range(1, 99) if (code := f"c{n}") not in taken)
        taken.add(code)
        rows.append([code, name, zh])
    return rows


class QuestionnaireForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What it is called; its questions have a page of their own."""

    class Meta:
        model = Questionnaire
        fields = ("name", "name_zh")
        labels = {"name": _("Name"), "name_zh": _("Chinese name")}
        help_texts = {"name_zh": _("What they read in Chinese; empty means the same name.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            dressed(field)


class QuestionForm(DressedForm):
    """One question. Where its answers lead can be chosen once the answers are stored."""

    text = forms.CharField(label=_("Question"), max_length=300)
    text_zh = forms.CharField(label=_("Question in Chinese"), max_length=300, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=QuestionKind)
    choices = forms.CharField(
        label=_("Answers to choose from"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=CHOICES_HELP,
    )
    highest = forms.IntegerField(label=_("Highest step of the scale"), min_value=2, max_value=WIDEST_SCALE)
    is_required = forms.BooleanField(label=_("Must be answered"), required=False)

    def __init__(self, asked: Questions, question: Question, *args: Any) -> None:
        self.question = question
        lines = lines_of(question.choices)
        same = ("text", "text_zh", "kind", "highest", "is_required")
        super().__init__(*args, initial={name: getattr(question, name) for name in same} | {"choices": lines})
        targets = [("", _("The next one")), *((one.code, one.label) for one in asked.questions), (END, _("The end"))]
        targets = [target for target in targets if target[0] != question.code or not question.code]
        for code, label in question.options if question.code else []:
            field = forms.ChoiceField(
                label=gettext("After “%(answer)s”") % {"answer": label},
                choices=targets,
                required=False,
                initial=question.branches.get(code, ""),
            )
            dressed(field)
            self.fields[f"to_{code}"] = field

    @property
    def plain(self) -> list[forms.BoundField]:
        return [self[name] for name in self.base_fields if name != "is_required"]

    @property
    def ways(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("to_")]

    def values(self) -> dict[str, Any]:
        """The question as its document says it, without its code."""
        data = self.cleaned_data
        same = ("text", "text_zh", "kind", "highest", "is_required")
        branches = {
            name.removeprefix("to_"): data[name] for name in self.fields if name.startswith("to_") and data[name]
        }
        choices = choices_of(data["choices"], self.question.choices)
        return {name: data[name] for name in same} | {"choices": choices, "branches": branches}
