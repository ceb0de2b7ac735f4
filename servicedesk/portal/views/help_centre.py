"""The public help centre: search, topics, articles in one language or both, and whether they helped."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from crmcore import clock
from knowledgebase.actions import feedback
from knowledgebase.languages import other_language
from knowledgebase.models import Article, ArticleText, Category
from knowledgebase.models.articles import ArticleQuerySet
from knowledgebase.queries.articles import NEWEST, topics
from knowledgebase.queries.search import search_articles
from knowledgebase.queries.voters import voter_key
from knowledgebase.reading import rows
from servicedesk.portal.frame import language_of, page
from servicedesk.portal.lines import line_for
from servicedesk.portal.throttle import VOTES
from tickets.queries.keyset import page_of

BOTH = "both"


def search(request: HttpRequest) -> HttpResponse:
    """`/portal/help/?q=`: the best answers; without words the newest articles."""
    words, language = request.GET.get("q", "").strip(), language_of(request)
    hits = search_articles(words, user=request.user, language=language) if words else []
    shown = page_of(_public(request), NEWEST, request.GET.get("at", ""), size=20)
    context = {
        "section": "help",
        "query": words,
        "hits": hits,
        "texts": [] if words else _texts(shown.rows, language),
        "older": "" if words else shown.after,
        "topics": topics(request.user, language),
        "line": line_for(language, clock.now()),
    }
    return page(request, "help.html", context)


def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """All articles of one topic."""
    category = get_object_or_404(Category, slug=slug)
    shown = page_of(_public(request).filter(category=category), NEWEST, request.GET.get("at", ""), size=20)
    context = {
        "section": "help",
        "topic": category,
        "texts": _texts(shown.rows, language_of(request)),
        "older": shown.after,
        "topics": topics(request.user, language_of(request)),
        "line": line_for(language_of(request), clock.now()),
    }
    return page(request, "help.html", context)


def article(request: HttpRequest, number: str) -> HttpResponse:
    """`?language=en|zh-hans|both`: the steps; with both, each step's two texts stand side by side."""
    found = get_object_or_404(_public(request), number=number)
    asked = request.GET.get("language") or language_of(request)
    text = found.text_in(language_of(request) if asked == BOTH else asked)
    if text is None:
        return redirect("portal:help")
    other = found.text_in(other_language(text.language))
    other = other if other and other.language != text.language else None
    beside = other if asked == BOTH else None
    context = {
        "section": "help",
        "article": found,
        "text": text,
        "other": other,
        "beside": beside,
        "rows": rows(text.body, beside.body if beside else ""),
        "asked": asked,
        "voted": request.GET.get("voted", ""),
        "line": line_for(language_of(request), clock.now()),
    }
    return page(request, "article.html", context)


@require_POST
def vote(request: HttpRequest, number: str) -> HttpResponse:
    """Count the reader's opinion once per person or session, then show the page again with the next step."""
    found = get_object_or_404(_public(request), number=number)
    is_helpful = request.POST.get("helpful") == "yes"
    if VOTES.is_used_up(request):
        return page(request, "slow_down.html", status=429)
    if not request.user.is_authenticated and not request.session.session_key:
        request.session.create()
    feedback.vote(
        found,
        voter=voter_key(request.user, request.session.session_key or ""),
        is_helpful=is_helpful,
        language=language_of(request),
        comment=request.POST.get("comment", ""),
    )
    said = "words" if request.POST.get("comment") else "yes" if is_helpful else "no"
    return redirect(f"{reverse('portal:article', args=[number])}?voted={said}#helped")


def _public(request: HttpRequest) -> ArticleQuerySet:
    return Article.objects.visible_to(request.user).public().with_texts()


def _texts(articles: list[Article], language: str) -> list[ArticleText]:
    return [text for found in articles if (text := found.text_in(language))]
