"""Where ticket and article meet: the part of a ticket's side, and the origin on the article's page."""

from typing import Any

from django import template
from django.template import Context

from knowledgebase.models import Article, ArticleOrigin
from knowledgebase.queries.drafting import answers_in, article_from, may_draft
from tickets.models import Ticket

register = template.Library()


@register.inclusion_tag("knowledgebase/_ticket_article.html", takes_context=True)
def ticket_article(context: Context, ticket: Ticket) -> dict[str, Any]:
    """The article that the ticket became, or the button that begins one."""
    user = context["request"].user
    article = article_from(ticket, user)
    answers = [] if article or not may_draft(user, ticket) else answers_in(ticket, user)
    return {"ticket": ticket, "article": article, "answers": answers, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("knowledgebase/_origin.html", takes_context=True)
def article_origin(context: Context, article: Article) -> dict[str, Any]:
    """From which ticket an article came; a link for who may see the ticket."""
    origin = ArticleOrigin.objects.filter(article=article).select_related("ticket", "by").first()
    user = context["request"].user
    seen = origin is not None and Ticket.objects.visible_to(user).filter(pk=origin.ticket_id).exists()
    return {"origin": origin, "is_seen": seen}
