"""Writing articles: drafts in either language, kept beside what readers see until they are published."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from crmcore import clock
from crmcore.actions import audit, numbers
from crmcore.models import User
from crmcore.text_search import index_text
from knowledgebase.models import Article, ArticleText, Category

NUMBER_SEQUENCE = "article"
FIELDS = ("title", "summary", "body", "search_words")
# What an author writes in one language, by the names in FIELDS; a field that is left out stays as it is.
Words = dict[str, str]


@transaction.atomic
def create_article(
    *,
    by: User | None,
    category: Category,
    texts: Mapping[str, Words],
    source_language: str = "en",
    audience: str = Article.Audience.EVERYBODY,
    review_on: date | None = None,
    number: str = "",
    is_demo: bool = False,
) -> Article:
    """Start an article as a draft. `texts` maps a language to its words; empty languages are left out.

    `number` is for imports; without it the next number of the sequence is taken.
    """
    moment = clock.now()
    article = Article.objects.create(
        number=number or numbers.next_number(NUMBER_SEQUENCE, prefix="KB-"),
        category=category,
        audience=audience,
        source_language=source_language,
        owner=by,
        review_on=review_on,
        created_at=moment,
        updated_at=moment,
        is_demo=is_demo,
    )
    for language, words in texts.items():
        _write(article, language, words, by=by)
    audit.record("article.created", article, by=by, detail={"number": article.number})
    return article


@transaction.atomic
def save_draft(article: Article, *, by: User | None, texts: Mapping[str, Words]) -> bool:
    """Keep what was written without showing it to readers. Returns whether anything changed."""
    locked = Article.objects.select_for_update().get(pk=article.pk)
    changed = [language for language, words in texts.items() if _write(locked, language, words, by=by)]
    if not changed:
        return False
    Article.objects.filter(pk=article.pk).update(updated_at=clock.now())
    audit.record("article.written", article, by=by, detail={"languages": sorted(changed)})
    return True


@transaction.atomic
def set_place(article: Article, *, by: User, category: Category, audience: str, review_on: date | None) -> None:
    """Move the article to a category, choose its readers and the date of its next review."""
    wanted = {"category": category, "audience": audience, "review_on": review_on}
    current = Article.objects.select_for_update().get(pk=article.pk)
    changed = [field for field, value in wanted.items() if getattr(current, field) != value]
    if changed:
        Article.objects.filter(pk=article.pk).update(**wanted, updated_at=clock.now())
        audit.record("article.placed", article, by=by, detail={"fields": changed})


def _write(article: Article, language: str, words: Words, *, by: User | None) -> bool:
    rows = {text.is_draft: text for text in article.texts.filter(language=language)}
    shown = rows.get(True) or rows.get(False)
    before = {field: str(getattr(shown, field)) if shown else "" for field in FIELDS}
    after = {field: words.get(field, before[field]) for field in FIELDS}
    if after == before:
        return False
    draft = rows.get(True) or ArticleText(article=article, language=language, is_draft=True)
    for field in FIELDS:
        setattr(draft, field, after[field])
    draft.updated_by, draft.updated_at = by, clock.now()
    draft.search_vector = searchable(after)
    draft.save()
    return True


def searchable(words: Words) -> str:
    """The stored tsvector of a text: its title and the words people search weigh most."""
    named = f"{words['title']}\n{words['search_words']}"
    return index_text({"A": named, "B": words["summary"], "C": words["body"]})
