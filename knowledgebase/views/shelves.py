"""Reading: the list of articles and one article."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from crmcore import clock
from crmcore.permissions import may
from crmcore.views.requests import StaffRequest, staff_page
from knowledgebase.actions import feedback
from knowledgebase.models import Article, Category
from knowledgebase.queries.articles import NEWEST, shelf, topics
from knowledgebase.queries.search import search_articles
from knowledgebase.queries.voters import voter_key
from knowledgebase.reading import rows
from tickets.queries.keyset import Page, page_of


@staff_page("article", "view")
def article_list(request: StaffRequest) -> HttpResponse:
    """`/kb/`: by category or by need, newest change first; with words, the best answers first."""
    user, asked = request.user, request.GET
    query, category, need = asked.get("q", "").strip(), asked.get("category", ""), asked.get("need", "")
    today = timezone.localdate(clock.now())
    articles = shelf(user, category=category, need=need, today=today)
    if query:
        hits = search_articles(query, user=user, language=user.language, within=articles, limit=50)
        found = Page([hit.article for hit in hits])
    else:
        found = page_of(articles, NEWEST, asked.get("at", ""))
    context = {
        "page": found,
        "newer_url": _at(request, found.before),
        "older_url": _at(request, found.after),
        "query": query,
        "category": Category.objects.filter(slug=category).first(),
        "need": need,
        "topics": topics(user, user.language),
        "may_create": may(user, "article", "create"),
        "may_edit": may(user, "article", "edit"),
        "today": today,
    }
    return render(request, "knowledgebase/article_list.html", context)


@staff_page("article", "view")
def article(request: StaffRequest, number: str) -> HttpResponse:
    """`/kb/KB-312/`: the public words, in the language asked for; a draft is shown to those who may edit."""
    user = request.user
    found = get_object_or_404(Article.objects.visible_to(user).with_texts(), number=number)
    may_edit = may(user, "article", "edit")
    text = found.text_in(request.GET.get("language") or get_language() or "en")
    if text is None and may_edit:
        text = found.text_in(user.language, draft=True)
    context = {
        "article": found,
        "text": text,
        "rows": rows(text.body) if text else [],
        "languages": sorted({other.language for other in found.texts.all() if not other.is_draft}),
        "may_edit": may_edit,
        "comments": found.article_votes.exclude(comment="").order_by("-voted_at")[:5],
        "own_vote": found.article_votes.filter(voter=voter_key(user, "")).first(),
    }
    return render(request, "knowledgebase/article.html", context)


@require_POST
@staff_page("article", "view")
def vote(request: StaffRequest, number: str) -> HttpResponse:
    """Count a member of staff's opinion and show the article's votes again."""
    user = request.user
    found = get_object_or_404(Article.objects.visible_to(user), number=number)
    own = feedback.vote(
        found,
        voter=voter_key(user, ""),
        is_helpful=request.POST.get("helpful") == "yes",
        language=user.language,
        comment=request.POST.get("comment", ""),
    )
    found.refresh_from_db()
    return render(request, "knowledgebase/_votes.html", {"article": found, "own_vote": own})


def _at(request: StaffRequest, cursor: str) -> str:
    """The same list at another place, empty where nothing lies there."""
    if not cursor:
        return ""
    query = request.GET.copy()
    query["at"] = cursor
    return f"?{query.urlencode()}"
