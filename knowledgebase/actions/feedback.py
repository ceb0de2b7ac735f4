"""What readers say: helpful or not, once per person, with a word if they like."""

from django.db import transaction
from django.db.models import F

from crmcore import clock
from knowledgebase.models import Article, ArticleVote

COUNTERS = {True: "helpful_count", False: "unhelpful_count"}


@transaction.atomic
def vote(article: Article, *, voter: str, is_helpful: bool, language: str, comment: str = "") -> ArticleVote:
    """Count the voter's opinion. A second vote replaces the first; words once written stay until others come.

    `voter` names a user or an anonymous session (see `queries.voters`).
    """
    # The article's row is the lock: two taps of one reader arrive one after the other.
    Article.objects.select_for_update().get(pk=article.pk)
    earlier = ArticleVote.objects.filter(article=article, voter=voter).first()
    words = comment.strip()[:500] or (earlier.comment if earlier else "")
    row, _created = ArticleVote.objects.update_or_create(
        article=article,
        voter=voter,
        defaults={"is_helpful": is_helpful, "language": language, "comment": words, "voted_at": clock.now()},
    )
    _count(article, earlier, is_helpful)
    return row


def _count(article: Article, earlier: ArticleVote | None, is_helpful: bool) -> None:
    if earlier and earlier.is_helpful == is_helpful:
        return
    changes = {COUNTERS[is_helpful]: F(COUNTERS[is_helpful]) + 1}
    if earlier:
        changes[COUNTERS[earlier.is_helpful]] = F(COUNTERS[earlier.is_helpful]) - 1
    Article.objects.filter(pk=article.pk).update(**changes)
