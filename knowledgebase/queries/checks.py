"""The publishing checks of a stored article, over its newest words."""

from crmcore import clock
from knowledgebase.languages import other_language
from knowledgebase.models import Article
from knowledgebase.publish_checks import Check, Text, check_article


def checks_of(article: Article) -> list[Check]:
    """What must and what should be true before the article is published as it is written now."""
    words = newest_words(article)
    return check_article(
        words.get(article.source_language, Text()),
        words.get(other_language(article.source_language), Text()),
        review_on=article.review_on,
        today=clock.now().date(),
    )


def newest_words(article: Article) -> dict[str, Text]:
    """Per language the draft where one waits, else what is public."""
    found: dict[str, Text] = {}
    for text in sorted(article.texts.all(), key=lambda row: row.is_draft):
        found[text.language] = Text(text.title, text.summary, text.body, text.search_words)
    return found
