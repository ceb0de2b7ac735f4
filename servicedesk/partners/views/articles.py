"""Knowledge for outside firms: searched, read, and said to have helped or not."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from crmcore.firm_rights import ARTICLES
from crmcore.permissions import may_operate
from knowledgebase.actions import feedback
from knowledgebase.models import Article
from knowledgebase.queries.articles import NEWEST
from knowledgebase.queries.search import search_articles
from knowledgebase.queries.voters import voter_key
from knowledgebase.reading import rows
from servicedesk.partners.frame import PartnerRequest, partner_page
from tickets.queries.keyset import page_of

SIZE = 20


@require_GET
@partner_page(ARTICLES.see)
def article_list(request: PartnerRequest) -> HttpResponse:
    """`/partner/articles/?q=`: the best answers; without words the newest articles."""
    words, language = request.GET.get("q", "").strip(), request.user.language
    visible = Article.objects.visible_to(request.user)
    shown = page_of(visible.with_texts(), NEWEST, request.GET.get("at", ""), size=SIZE)
    found = search_articles(words, user=request.user, language=language) if words else []
    texts = [hit.text for hit in found] if words else [one.text_in(language) for one in shown.rows]
    context = {"query": words, "texts": [text for text in texts if text], "older": "" if words else shown.after}
    return render(request, "servicedesk/partners/articles.html", context)


@require_GET
@partner_page(ARTICLES.see)
def article(request: PartnerRequest, number: str) -> HttpResponse:
    """One article in the reader's language, else in the one that it has."""
    found = _found(request, number)
    text = found.text_in(request.user.language)
    if text is None:
        return redirect("partners:articles")
    context = {
        "article": found,
        "text": text,
        "rows": rows(text.body),
        "can_vote": may_operate(request.user, "articles.vote"),
        "voted": request.GET.get("voted", ""),
    }
    return render(request, "servicedesk/partners/article.html", context)


@require_POST
@partner_page("articles.vote")
def say(request: PartnerRequest, number: str) -> HttpResponse:
    """Count the reader's opinion once."""
    found, is_helpful = _found(request, number), request.POST.get("helpful") == "yes"
    voter = voter_key(request.user, "")
    feedback.vote(found, voter=voter, is_helpful=is_helpful, language=request.user.language)
    return redirect(f"{reverse('partners:article', args=[number])}?voted=1")


def _found(request: PartnerRequest, number: str) -> Article:
    return get_object_or_404(Article.objects.visible_to(request.user).with_texts(), number=number)
