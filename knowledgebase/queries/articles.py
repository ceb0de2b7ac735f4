"""Articles as lists: by category, by the work they still need, page by page."""

from datetime import date

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, When

from knowledgebase.models import Article, ArticleText, Category, Reader
from tickets.queries.keyset import Order

NEWEST = Order("updated_at")
POPULAR = ("-used_count", "-helpful_count", "pk")


def shelf(user: Reader, *, category: str = "", need: str = "", today: date) -> QuerySet[Article]:
    """What this reader sees of a category, or of a `need`: draft, review (overdue) or archived."""
    articles = Article.objects.visible_to(user).with_texts()
    if category:
        articles = articles.filter(category__slug=category)
    if need == "archived":
        return articles.filter(status=Article.Status.ARCHIVED)
    articles = articles.exclude(status=Article.Status.ARCHIVED)
    if need == "draft":
        return articles.filter(Exists(ArticleText.objects.filter(article=OuterRef("pk"), is_draft=True)))
    if need == "review":
        return articles.filter(review_on__lt=today)
    return articles


def topics(user: Reader, language: str = "") -> QuerySet[Category]:
    """The categories in which this reader finds something, with `article_count`.

    With `language`, those that were written in it first, before what was translated into it.
    """
    visible = Article.objects.visible_to(user).exclude(status=Article.Status.ARCHIVED)
    native = Q(articles__in=visible, articles__source_language=language)
    return (
        Category.objects.annotate(
            article_count=Count("articles", filter=Q(articles__in=visible)),
            native_count=Count("articles", filter=native),
        )
        .filter(article_count__gt=0)
        .order_by(Case(When(native_count__gt=0, then=0), default=1), "position", "pk")
    )


def often_read(user: Reader, *, limit: int, language: str = "") -> list[Article]:
    """The articles that helped most often; with `language`, those that were written in it."""
    articles = Article.objects.visible_to(user).with_texts()
    if language:
        articles = articles.filter(source_language=language)
    return list(articles.order_by(*POPULAR)[:limit])
