"""Articles that may answer what somebody is writing about, before anybody searches."""

from crmcore.models import Queue
from knowledgebase.models import Article, Category, Reader
from knowledgebase.queries.articles import POPULAR
from knowledgebase.queries.search import Hit, hits, search_articles

# How much likelier an article of the queue's own categories is to fit.
HOME_FACTOR = 1.5
# An article that was written in the reader's language, not translated into it, speaks of the reader's world.
NATIVE_FACTOR = 1.3
# Hits far behind the best one only share a common word with the subject.
WORTH_SHOWING = 0.4


def suggest(subject: str, queue: Queue | None, user: Reader, language: str, *, limit: int = 3) -> list[Hit]:
    """The likeliest articles for a subject in a queue; without words the queue's most used ones."""
    home = _home_categories(queue)
    if not subject.strip():
        return _most_used(home, user, language, limit)
    found = search_articles(subject, user=user, language=language, limit=limit * 4)
    scores = {hit.article.pk: _likelihood(hit, home, language) for hit in found}
    enough = max(scores.values(), default=0) * WORTH_SHOWING
    likely = sorted((hit for hit in found if scores[hit.article.pk] >= enough), key=lambda hit: -scores[hit.article.pk])
    return likely[:limit]


def _likelihood(hit: Hit, home: set[int], language: str) -> float:
    at_home = HOME_FACTOR if hit.article.category_id in home else 1.0
    native = NATIVE_FACTOR if hit.article.source_language == language else 1.0
    return hit.rank * at_home * native


def _home_categories(queue: Queue | None) -> set[int]:
    return set(Category.objects.filter(queues=queue).values_list("pk", flat=True)) if queue else set()


def _most_used(home: set[int], user: Reader, language: str, limit: int) -> list[Hit]:
    if not home:
        return []
    articles = Article.objects.visible_to(user).filter(category__in=home, status=Article.Status.PUBLISHED)
    return hits(dict.fromkeys(articles.order_by(*POPULAR).values_list("pk", flat=True)[:limit], 0.0), language)
