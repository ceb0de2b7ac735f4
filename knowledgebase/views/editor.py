"""Writing: both languages side by side, the checks beside them, and the decision to publish."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crmcore.models import User
from crmcore.permissions import may, require
from crmcore.views.requests import StaffRequest, staff_page
from knowledgebase.actions import editing, publishing
from knowledgebase.forms import PlaceForm, WordsForm
from knowledgebase.languages import LANGUAGES
from knowledgebase.markdown import render as render_markdown
from knowledgebase.models import Article, ArticleText
from knowledgebase.publish_checks import blocks_behind
from knowledgebase.queries.checks import checks_of, newest_words


@dataclass(frozen=True)
class Pane:
    """One language of the editor."""

    language: str
    is_source: bool
    text: ArticleText | None
    form: WordsForm
    behind: int = 0


@staff_page("article", "create")
def new_article(request: StaffRequest) -> HttpResponse:
    """`/kb/new/`: the same editor over an article that does not exist yet."""
    user = request.user
    source = user.language
    place = PlaceForm(request.POST or None, initial={"category": request.GET.get("category")})
    panes = _panes(request, None, source)
    if request.method == "POST" and _valid(place, panes):
        chosen = place.cleaned_data
        article = editing.create_article(
            by=user,
            category=chosen["category"],
            audience=chosen["audience"],
            review_on=chosen["review_on"],
            texts={pane.language: pane.form.words for pane in panes},
            source_language=source,
        )
        return _after_saving(request, article, user)
    return render(request, "knowledgebase/article_edit.html", {"place": place, "panes": panes})


@staff_page("article", "edit")
def edit_article(request: StaffRequest, number: str) -> HttpResponse:
    """`/kb/KB-312/edit/`: what is saved waits as a draft until it is published."""
    user = request.user
    article = get_object_or_404(Article.objects.visible_to(user).with_texts(), number=number)
    version = article.updated_at.isoformat()
    place = PlaceForm(request.POST or None, instance=article)
    panes = _panes(request, article, article.source_language)
    overtaken = request.method == "POST" and request.POST.get("version", "") != version
    if request.method == "POST" and not overtaken and _valid(place, panes):
        chosen = place.cleaned_data
        editing.set_place(
            article,
            by=user,
            category=chosen["category"],
            audience=chosen["audience"],
            review_on=chosen["review_on"],
        )
        editing.save_draft(article, by=user, texts={pane.language: pane.form.words for pane in panes})
        return _after_saving(request, article, user)
    context = {
        "article": article,
        "place": place,
        "panes": panes,
        "version": version,
        "overtaken": overtaken,
        "checks": checks_of(article),
        "comments": article.article_votes.exclude(comment="").order_by("-voted_at")[:3],
        "may_archive": may(user, "article", "delete"),
    }
    return render(request, "knowledgebase/article_edit.html", context, status=409 if overtaken else 200)


@require_POST
@staff_page("article", "edit")
def discard(request: StaffRequest, number: str) -> HttpResponse:
    """Throw the draft of a published article away."""
    article = get_object_or_404(Article.objects.visible_to(request.user), number=number)
    publishing.discard_draft(article, by=request.user)
    return redirect("kb:edit", number=number)


@require_POST
@staff_page("article", "edit")
def archive(request: StaffRequest, number: str) -> HttpResponse:
    """Take the article away from all readers."""
    require(request.user, "article", "delete")
    article = get_object_or_404(Article.objects.visible_to(request.user), number=number)
    publishing.archive_article(article, by=request.user)
    messages.success(request, _("Archived"))
    return redirect(article)


@require_POST
@staff_page("article", "edit")
def preview(request: StaffRequest, language: str) -> HttpResponse:
    """The words in the editor as readers will see them; nothing is stored."""
    source = request.POST.get(f"{language}-body", "")
    return render(request, "knowledgebase/_preview.html", {"html": render_markdown(source), "language": language})


def _panes(request: StaffRequest, article: Article | None, source: str) -> list[Pane]:
    texts = (
        {text.language: text for text in sorted(article.texts.all(), key=lambda row: row.is_draft)} if article else {}
    )
    words = newest_words(article) if article else {}
    return [
        Pane(
            language,
            language == source,
            texts.get(language),
            WordsForm(request.POST or None, instance=texts.get(language), prefix=language),
            blocks_behind(words[source], words[language]) if language in words and source in words else 0,
        )
        for language in sorted(LANGUAGES, key=lambda code: code != source)
    ]


def _valid(place: PlaceForm, panes: list[Pane]) -> bool:
    return all([place.is_valid(), *(pane.form.is_valid() for pane in panes)])


def _after_saving(request: StaffRequest, article: Article, user: User) -> HttpResponse:
    if request.POST.get("do") != "publish":
        return redirect("kb:edit", number=article.number)
    try:
        publishing.publish_article(article, by=user)
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
        return redirect("kb:edit", number=article.number)
    messages.success(request, _("Published"))
    return redirect(article)
