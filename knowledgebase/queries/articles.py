"""Articles as lists: by category, by the work they still need, page by page."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from knowledgebase.models import Article, ArticleText, Category, Reader

PAGE_SIZE = 50
POPULAR = ("-used_count", "-helpful_count", "pk")


@dataclass(frozen=True)
class Page:
    """One page of a list that is walked by key; `older` is where the next one begins."""

    articles: list[Article]
    older: str = ""


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


def page(articles: QuerySet[Article], *, before: str = "", size: int = PAGE_SIZE) -> Page:
    """One page, newest change first; `before` is the `older` of the page shown, nonsense means the start."""
    moment, _, key = before.rpartition("_")
    if moment and key.isdigit():
        try:
            at = datetime.fromisoformat(moment)
        except ValueError:
            return page(articles, size=size)
        articles = articles.filter(Q(updated_at__lt=at) | Q(updated_at=at, pk__lt=int(key)))
    found = list(articles.order_by("-updated_at", "-pk")[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return Page(found[:size], f"{last.updated_at.isoformat()}_{last.pk}" if last else "")


def topics(user: Reader) -> QuerySet[Category]:
    """The categories in which this reader finds something, with `article_count`."""
    visible = Article.objects.visible_to(user).exclude(status=Article.Status.ARCHIVED)
    return Category.objects.annotate(
        article_count=Count("articles", filter=Q(articles__in=visible)),
    ).filter(article_count__gt=0)


def often_read(user: Reader, *, limit: int) -> list[Article]:
    """The articles that helped most often, for the front page of the help centre."""
    return list(Article.objects.visible_to(user).with_texts().order_by(*POPULAR)[:limit])
