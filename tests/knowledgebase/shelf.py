"""Articles for tests, made through the actions."""

from crmcore.models import User
from knowledgebase.actions.editing import Words, create_article
from knowledgebase.actions.publishing import publish_article
from knowledgebase.models import Article, Category

Written = tuple[str, str, str]


def make_article(
    category: Category,
    *,
    by: User | None,
    english: Written | None = None,
    chinese: Written | None = None,
    search_words: str = "",
    published: bool = True,
    audience: str = Article.Audience.EVERYBODY,
) -> Article:
    """An article of (title, summary, body) in one or both languages."""
    written = {"en": english, "zh-hans": chinese}
    texts = {
        language: Words(title=words[0], summary=words[1], body=words[2], search_words=search_words)
        for language, words in written.items()
        if words
    }
    article = create_article(
        by=by, category=category, texts=texts, source_language=next(iter(texts)), audience=audience
    )
    if published:
        publish_article(article, by=by)
    return article
