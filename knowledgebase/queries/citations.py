"""An article as words to paste into a note or reply: title, link, summary."""

from django.conf import settings

from knowledgebase.models import Article


def citation(article: Article, language: str, *, base_url: str = "") -> str:
    """Plain text in the customer's language. Articles for staff only carry their number in place of a link.

    `base_url` is the origin of the request; the configured public address wins.
    """
    text = article.text_in(language)
    if text is None:
        return article.number
    origin = settings.PUBLIC_BASE_URL or base_url.rstrip("/")
    where = f"{origin}{article.public_url}" if article.is_public else article.number
    return "\n".join(part for part in (text.title, where, text.summary) if part)
