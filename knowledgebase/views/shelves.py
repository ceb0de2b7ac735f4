"""Reading: the list of articles and one article."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from crmcore import clock
from crmcore.permissions import may
from knowledgebase.actions import feedback
from knowledgebase.models import Article, Category
from knowledgebase.queries.articles import Page, page, shelf, topics
from knowledgebase.queries.search import search_articles
from knowledgebase.queries.voters import voter_key
from knowledgebase.reading import rows
from knowledgebase.views.doors import reader, staff_page


@staff_page("view")
def article_list(request: HttpRequest) -> HttpResponse:
    """`/kb/`: by category or by need, newest change first; with words, the best answers first."""
    user, asked = reader(request), request.GET
    query, category, need = asked.get("q", "").strip(), asked.get("category", ""), asked.get("need", "")
    today = timezone.localdate(clock.now())
    articles = shelf(user, category=category, need=need, today=today)
    if query:
        hits = search_articles(query, user=user, language=user.language, within=articles, limit=50)
        found = Page([hit.article for hit in hits])
    else:
        found = page(articles, before=asked.get("before", ""))
    context = {
        "page": found,
        "query": query,
        "category": Category.objects.filter(slug=category).first(),
        "need": need,
        "topics": topics(user),
        "may_create": may(user, "article", "create"),
        "may_edit": may(user, "article", "edit"),
        "today": today,
    }
    return render(request, "knowledgebase/article_list.html", context)


@staff_page("view")
def article(request: HttpRequest, number: str) -> HttpResponse:
    """`/kb/KB-312/`: the public words, in the language asked for; a draft is shown to those who may edit."""
    user = reader(request)
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
@staff_page("view")
def vote(request: HttpRequest, number: str) -> HttpResponse:
    """Count a member of staff's opinion and show the article's votes again."""
    user = reader(request)
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
