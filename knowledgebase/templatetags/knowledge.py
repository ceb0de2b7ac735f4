"""Template filters of the knowledge base."""

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from knowledgebase.highlighting import marked as marked_pieces

register = template.Library()


@register.filter
def marked(text: str, query: str) -> SafeString:
    """The text with the words of the query in <mark>."""
    pieces = ((mark_safe("<mark>") if hit else "", piece, mark_safe("</mark>") if hit else "")
              for piece, hit in marked_pieces(text, query))  # fmt: skip
    return format_html_join("", "{}{}{}", pieces)


@register.filter
def rendered(html: str) -> SafeString:
    """HTML that `knowledgebase.markdown` made; nothing else may come in here."""
    return mark_safe(html)  # noqa: S308
