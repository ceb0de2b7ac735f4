"""Questionnaires: the settings pages on which they are written, tried and published."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crmcore.models import User
from servicedesk.setup.access import opens_with
from servicedesk.setup.catalogue import Catalogue
from servicedesk.setup.questionnaire_forms import QUESTIONNAIRE_WORDS, QuestionForm, QuestionnaireForm
from tickets import questionnaire_editing as editing
from tickets.actions import questionnaires as actions
from tickets.actions.content_library import keep_question
from tickets.models import LibraryQuestion, Questionnaire, QuestionnaireVersion
from tickets.questionnaires import FAULTS, BadAnswer, Question, faults
from tickets.questionnaires import Questionnaire as Questions

PAGE = "setup:questionnaires"
opens = opens_with(PAGE)
LIST = Catalogue(
    "questionnaires",
    PAGE,
    "questionnaires",
    QuestionnaireForm,
    new=QUESTIONNAIRE_WORDS["new"],
    back=QUESTIONNAIRE_WORDS["many"],
)


@opens
@require_GET
def questions(request: HttpRequest, pk: int) -> HttpResponse:
    """The questions of one; `?q=q2` opens one to be changed, `?new=1` an empty one."""
    page = _Page(request, pk)
    question = page.asked.question(request.GET.get("q", ""))
    is_new = "new" in request.GET
    form = QuestionForm(page.asked, question or Question("")) if question or is_new else None
    return page.shown(form, question)


@opens
@require_POST
def save_question(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Write a question, move it, take it out; the code `new` adds one."""
    page, ask = _Page(request, pk), request.POST
    question = page.asked.question(code)
    if question is None and code != "new":
        messages.error(request, _("Somebody else has removed this question."))
        return page.back()
    if "remove" in ask:
        return page.change(partial(editing.remove_question, code=code))
    if ask.get("to") in ("up", "down"):
        return page.change(partial(editing.move_question, code=code, up=ask["to"] == "up"))
    form = QuestionForm(page.asked, question or Question(""), ask)
    if not form.is_valid():
        return page.shown(form, question, status=422)
    values = form.values()
    if question is None:
        return page.change(partial(editing.add_question, values=values))
    return page.change(partial(editing.write_question, code=code, values=values))


@opens
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish the draft as it was seen, or discard it."""
    page, ask = _Page(request, pk), request.POST
    if "discard" in ask:
        actions.discard_draft(page.stored, by=page.person)
        return page.back()
    revision = ask.get("publish", "")
    try:
        number = int(revision) if revision.isdecimal() else -1
        version = actions.publish_questionnaire(page.stored, revision=number, by=page.person)
    except actions.QuestionnaireRefused:
        messages.error(request, _("Not published: somebody has changed it, or it has faults. Look again."))
    else:
        messages.success(request, _("Version %(number)s is in use") % {"number": version.number})
    return page.back()


@opens
@require_POST
def library(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the question `keep` into the content library, or copy the library's entry `take` into the draft."""
    page, ask = _Page(request, pk), request.POST
    if question := page.asked.question(ask.get("keep", "")):
        keep_question(page.stored, question, by=page.person)
        messages.success(request, _("The question is in the library"))
        return page.back()
    number = ask.get("take", "")
    entry = page.library.filter(pk=number).first() if number.isdecimal() else None
    if entry is None:
        messages.error(request, _("Choose a question that is still there."))
        return page.back()
    return page.change(partial(editing.take_question, values=entry.values))


@opens
@require_GET
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Walk through it as a customer does: the address holds the answers so far, nothing is stored."""
    page = _Page(request, pk)
    answers: dict[str, Any] = {}
    problem = ""
    for question in page.asked.questions:
        if question.code not in request.GET:
            continue
        try:
            answers[question.code] = question.read(request.GET.getlist(question.code))
        except BadAnswer:
            problem = _("Choose one of the answers first")
    context = {
        "questionnaire": page.stored,
        "question": page.asked.next_question(answers) if page.asked.questions else None,
        "given": page.asked.given(answers),
        "kept": [(code, one) for code, given in answers.items() for one in _listed(given)],
        "problem": problem,
    }
    return render(request, "servicedesk/setup/questionnaire_preview.html", context)


def _listed(given: object) -> list[str]:
    return given if isinstance(given, list) else ["" if given is None else str(given)]


class _Page:
    """The editor of one questionnaire."""

    def __init__(self, request: HttpRequest, pk: int) -> None:
        assert isinstance(request.user, User)
        self.request, self.person = request, request.user
        self.stored = get_object_or_404(Questionnaire, pk=pk)
        self.version: QuestionnaireVersion | None = self.stored.draft or self.stored.in_use
        self.asked = self.version.read() if self.version else Questions()
        self.library = LibraryQuestion.objects.visible_to(self.person).filter(is_active=True)

    def change(self, change: Any) -> HttpResponse:
        actions.edit_questionnaire(self.stored, change, by=self.person)
        return self.back()

    def back(self) -> HttpResponse:
        return redirect(reverse("setup:questions", args=[self.stored.pk]))

    def shown(self, form: forms.Form | None, question: Question | None, *, status: int = 200) -> HttpResponse:
        found: dict[str, list[str]] = {}
        for fault, code in faults(self.asked):
            found.setdefault(code, []).append(str(FAULTS[fault]))
        context = {
            "questionnaire": self.stored,
            "version": self.version,
            "is_draft": self.version is not None and self.version.published_at is None,
            "rows": [(one, self._ways(one), found.get(one.code, [])) for one in self.asked.questions],
            "faults": found,
            "general": found.get("", []),
            "form": form,
            "question": question,
            "library": self.library,
        }
        return render(self.request, "servicedesk/setup/questions.html", context, status=status)

    def _ways(self, question: Question) -> list[tuple[str, str]]:
        """The branches in words: the answer, and where it leads."""
        names = dict(question.options)
        return [(names.get(answer, answer), self._name(to)) for answer, to in question.branches.items() if to]

    def _name(self, code: str) -> str:
        found = self.asked.question(code)
        return found.label if found else _("The end")
