"""The knowledge of a world: categories, and articles written and published in both languages."""

from datetime import datetime, timedelta
from random import Random

from crmcore import clock
from crmcore.models import User
from knowledgebase.actions.editing import Words, create_article
from knowledgebase.actions.feedback import vote
from knowledgebase.actions.publishing import publish_article
from knowledgebase.models import Article, Category
from servicedesk.demo.cast import Cast
from servicedesk.demo.schema import ArticleText, ArticleWords, World

LANGUAGES = {"en": "en", "zh": "zh-hans"}
REVIEW_AFTER = timedelta(days=180)
HELPFUL_SHARE = 0.86


def add_articles(world: World, cast: Cast, *, now: datetime, rng: Random) -> None:
    """All categories and articles, written over the last months, with the votes of readers."""
    categories = _categories(world, cast)
    authors = [cast.staff[person.key] for person in world.staff if "agent" in person.roles]
    for row in world.articles:
        written = now - timedelta(days=rng.randrange(40, 390), minutes=rng.randrange(1440))
        with clock.at(written):
            article = _article(row, world.code, categories[row.category], rng.choice(authors), written)
        if row.status == Article.Status.PUBLISHED:
            _read(article, world.code, written, now, rng)


def _categories(world: World, cast: Cast) -> dict[str, Category]:
    topics: dict[str, set[str]] = {}
    for article in world.articles:
        topics.setdefault(article.category, set()).add(article.queue)
    categories = {}
    for row in world.categories:
        category = Category.objects.create(
            slug=row.slug,
            name=row.name,
            name_zh=row.name_zh,
            icon=row.icon,
            hint=row.description,
            hint_zh=row.description_zh,
            position=row.position,
            is_demo=True,
        )
        category.queues.set(cast.queues[code] for code in topics.get(row.slug, ()) if code)
        categories[row.slug] = category
    return categories


def _article(row: ArticleText, world: str, category: Category, author: User, written: datetime) -> Article:
    article = create_article(
        by=author,
        category=category,
        texts={LANGUAGES["en"]: _words(row.en), LANGUAGES["zh"]: _words(row.zh)},
        source_language=LANGUAGES[world],
        review_on=(written + REVIEW_AFTER).date(),
        number=row.number,
        is_demo=True,
    )
    if row.status == Article.Status.PUBLISHED:
        publish_article(article, by=author)
    return article


def _words(row: ArticleWords) -> Words:
    return Words(title=row.title, summary=row.summary, body=row.body, search_words=row.search_words)


def _read(article: Article, world: str, written: datetime, now: datetime, rng: Random) -> None:
    for reader in range(rng.randrange(1, 4)):
        with clock.at(written + (now - written) * rng.random()):
            vote(
                article,
                voter=f"demo:{article.number}:{reader}",
                is_helpful=rng.random() < HELPFUL_SHARE,
                language=LANGUAGES[world],
            )
