"""Making an article of a ticket that was solved."""

from django.db import transaction

from crmcore import clock
from crmcore.actions import audit
from crmcore.models import User
from crmcore.permissions import require
from knowledgebase.actions.editing import create_article
from knowledgebase.models import Article, ArticleOrigin
from knowledgebase.queries.drafting import answers_in, usual_category, words_of
from tickets.models import Ticket


class NothingToDraft(Exception):
    """The ticket has no answer that could become an article, or the desk has no category for it."""


@transaction.atomic
def draft_from(ticket: Ticket, *, by: User, entry: int | None = None) -> Article:
    """The article that the ticket became: begun from one of its answers, by default the latest; a second time the same.

    Raises NothingToDraft, and PermissionDenied for who may not write articles.
    """
    require(by, "article", "create")
    # Two who click at once wait for one another here.
    Ticket.objects.select_for_update().values("pk").get(pk=ticket.pk)
    present = ArticleOrigin.objects.filter(ticket=ticket).select_related("article").first()
    if present is not None:
        return present.article
    answers = answers_in(ticket, by)
    answer = next((one for one in answers if entry in (None, one.pk)), None)
    category = usual_category(ticket)
    if ticket.is_active or answer is None or category is None:
        raise NothingToDraft(ticket.number)
    language, words = words_of(ticket, answer)
    article = create_article(
        by=by, category=category, texts={language: words}, source_language=language, is_demo=ticket.is_demo
    )
    ArticleOrigin.objects.create(article=article, ticket=ticket, entry=answer, by=by, at=clock.now())
    audit.record("article.drafted", article, by=by, detail={"ticket": ticket.number})
    return article
