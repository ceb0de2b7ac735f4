"""Finding articles: the one tokenizer, the best answers first, the reader's language before the other."""

from dataclasses import dataclass

from django.contrib.postgres.aggregates import BoolOr
from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, Max, Q, QuerySet

from crmcore.text_search import query_terms
from knowledgebase.models import Article, ArticleText, Reader

# Weights of character pairs, body, summary, title with the words people search.
WEIGHTS = [0.05, 0.2, 0.5, 1.0]


@dataclass(frozen=True)
class Hit:
    """An article that answers, with the words to show for it."""

    article: Article
    text: ArticleText
    rank: float
    is_other_language: bool


def search_articles(
    words: str, *, user: Reader, language: str, within: QuerySet[Article] | None = None, limit: int = 20
) -> list[Hit]:
    """What this reader may read about the words: all of them first, then any of them.

    Articles that match in `language` come before the others; `is_other_language` tags the rest.
    """
    articles = Article.objects.visible_to(user) if within is None else within
    ranks: dict[int, float] = {}
    for any_word in (False, True):
        if len(ranks) < limit:
            ranks |= _ranked(words, articles, language, any_word=any_word, limit=limit, without=list(ranks))
    return hits(dict(list(ranks.items())[:limit]), language)


def hits(ranks: dict[int, float], language: str) -> list[Hit]:
    """The articles of these keys in their order, with their texts read at once."""
    found = Article.objects.with_texts().in_bulk(list(ranks))
    shown = ((found[key], found[key].text_in(language, draft=found[key].status == "draft")) for key in ranks)
    return [
        Hit(article, text, ranks[article.pk], text.language != language) for article, text in shown if text is not None
    ]


def _ranked(
    words: str, articles: QuerySet[Article], language: str, *, any_word: bool, limit: int, without: list[int]
) -> dict[int, float]:
    terms = query_terms(words, any_word=any_word)
    if not terms:
        return {}
    query = SearchQuery(terms, config="simple", search_type="raw")
    rows = (
        ArticleText.objects.filter(article__in=articles.order_by(), search_vector=query)
        .filter(Q(is_draft=False) | Q(article__status=Article.Status.DRAFT))
        .exclude(article__in=without)
        .values("article_id")
        .annotate(
            best=Max(SearchRank(F("search_vector"), query, weights=WEIGHTS)),
            readable=BoolOr(Q(language=language)),
        )
        .order_by("-readable", "-best", "article_id")
    )
    return {row["article_id"]: row["best"] for row in rows[:limit]}
