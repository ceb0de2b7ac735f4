"""Deciding what readers see: publish a draft, take an article away, bring it back."""

from django.core.exceptions import ValidationError
from django.db import transaction

from crmcore import clock
from crmcore.actions import audit
from crmcore.models import User
from knowledgebase.models import Article
from knowledgebase.publish_checks import blocking
from knowledgebase.queries.checks import checks_of


@transaction.atomic
def publish_article(article: Article, *, by: User | None) -> None:
    """Show the drafts of all languages to readers in place of what stood there; nothing waiting is fine.

    Raises ValidationError with the checks that are not met.
    """
    locked = Article.objects.select_for_update().get(pk=article.pk)
    unmet = blocking(checks_of(locked))
    if unmet:
        raise ValidationError([check.words for check in unmet])
    drafts = list(locked.texts.filter(is_draft=True))
    if not drafts and locked.status == Article.Status.PUBLISHED:
        return
    moment = clock.now()
    locked.texts.filter(is_draft=False, language__in=[draft.language for draft in drafts]).delete()
    locked.texts.filter(is_draft=True).update(is_draft=False)
    Article.objects.filter(pk=article.pk).update(
        status=Article.Status.PUBLISHED, published_at=moment, updated_at=moment
    )
    audit.record("article.published", article, by=by, detail={"languages": sorted(draft.language for draft in drafts)})
    article.refresh_from_db()


@transaction.atomic
def discard_draft(article: Article, *, by: User) -> None:
    """Throw away what was not published yet; an article that was never public keeps its words."""
    locked = Article.objects.select_for_update().get(pk=article.pk)
    if locked.status == Article.Status.DRAFT:
        return
    discarded, _counts = locked.texts.filter(is_draft=True).delete()
    if discarded:
        audit.record("article.draft_discarded", article, by=by)


@transaction.atomic
def archive_article(article: Article, *, by: User) -> None:
    """Take the article away from all readers; a second time changes nothing."""
    changed = (
        Article.objects.filter(pk=article.pk)
        .exclude(status=Article.Status.ARCHIVED)
        .update(status=Article.Status.ARCHIVED, updated_at=clock.now())
    )
    if changed:
        audit.record("article.archived", article, by=by)
        article.refresh_from_db()
