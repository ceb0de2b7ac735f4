"""Counting where articles helped the desk."""

from django.db import transaction
from django.db.models import F

from crmcore import clock
from crmcore.models import User
from knowledgebase.models import Article, ArticleUse
from tickets.models import Ticket


@transaction.atomic
def record_use(article: Article, *, by: User, ticket: Ticket | None = None) -> bool:
    """Note that `by` cited the article, once per ticket and person. Returns whether it was counted."""
    Article.objects.select_for_update().get(pk=article.pk)
    if ticket and ArticleUse.objects.filter(article=article, ticket=ticket, by=by).exists():
        return False
    ArticleUse.objects.create(article=article, ticket=ticket, by=by, used_at=clock.now())
    Article.objects.filter(pk=article.pk).update(used_count=F("used_count") + 1)
    return True
