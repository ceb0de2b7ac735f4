"""Fragments for the console: the picker behind Ctrl+B, suggestions beside a call or ticket, and their use."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from crmcore.models import Queue, User
from crmcore.views.requests import StaffRequest, staff_page
from knowledgebase.actions import usage
from knowledgebase.models import Article
from knowledgebase.queries.articles import often_read
from knowledgebase.queries.citations import citation
from knowledgebase.queries.search import Hit, hits, search_articles
from knowledgebase.queries.suggestions import suggest
from tickets.models import Ticket


@dataclass(frozen=True)
class Choice:
    """An article that can be put into a note or reply, with the words to put there."""

    hit: Hit
    citation: str


@staff_page("article", "view")
def picker(request: StaffRequest) -> HttpResponse:
    """`?q=&ticket=`: search results to insert; without words what fits the ticket, else what is used most."""
    user, words = request.user, request.GET.get("q", "").strip()
    ticket = _ticket(user, request.GET.get("ticket", ""))
    language = _language(request, ticket)
    if words:
        found = search_articles(words, user=user, language=language, limit=8)
    elif ticket:
        found = suggest(ticket.subject, ticket.queue, user, language, limit=8)
    else:
        found = hits({article.pk: 0.0 for article in often_read(user, limit=8)}, language)
    context = {"choices": _choices(request, found, language), "query": words, "ticket": ticket}
    return render(request, "knowledgebase/_picker.html", context)


@staff_page("article", "view")
def suggestions(request: StaffRequest) -> HttpResponse:
    """`?subject=&queue=&ticket=`: the likeliest articles for what is being written."""
    user, subject = request.user, request.GET.get("subject", "")
    ticket = _ticket(user, request.GET.get("ticket", ""))
    key = request.GET.get("queue", "")
    given = Queue.objects.filter(pk=key).first() if key.isdigit() else None
    queue = given or (ticket.queue if ticket else None)
    language = _language(request, ticket)
    found = suggest(subject or (ticket.subject if ticket else ""), queue, user, language)
    context = {"choices": _choices(request, found, language), "query": subject, "ticket": ticket}
    return render(request, "knowledgebase/_suggestions.html", context)


@require_POST
@staff_page("article", "view")
def use(request: StaffRequest, number: str) -> HttpResponse:
    """The article was put into a note or reply: count it, on the ticket where there is one."""
    user = request.user
    article = get_object_or_404(Article.objects.visible_to(user), number=number)
    usage.record_use(article, by=user, ticket=_ticket(user, request.POST.get("ticket", "")))
    return HttpResponse(status=204)


def _choices(request: StaffRequest, found: list[Hit], language: str) -> list[Choice]:
    base_url = request.build_absolute_uri("/")
    return [Choice(hit, citation(hit.article, language, base_url=base_url)) for hit in found]


def _ticket(user: User, key: str) -> Ticket | None:
    """A key that leads nowhere, or to what this person may not see, is as good as none."""
    if not key.isdigit():
        return None
    return Ticket.objects.visible_to(user).filter(pk=key).first()


def _language(request: StaffRequest, ticket: Ticket | None) -> str:
    """The customer's language where one is known: that is who reads the link."""
    contact = ticket.contact if ticket else None
    return request.GET.get("language") or (contact.language if contact else "") or request.user.language
