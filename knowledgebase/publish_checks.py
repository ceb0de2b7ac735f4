"""What must and what should be true of an article before customers read it; no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from knowledgebase.markdown import block_count
from knowledgebase.personal_data import CLOSE, OPEN, marked_in


@dataclass(frozen=True)
class Text:
    """The words of one language as the checks see them."""

    title: str = ""
    summary: str = ""
    body: str = ""
    search_words: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing was written in this language."""
        return not (self.title or self.summary or self.body)


@dataclass(frozen=True)
class Check:
    """One line of the list beside the editor: met, worth a look, or in the way of publishing."""

    level: Literal["met", "look", "blocks"]
    words: str


def blocking(checks: Iterable[Check]) -> list[Check]:
    """The checks that keep an article from being published."""
    return [check for check in checks if check.level == "blocks"]


def check_article(source: Text, translation: Text, *, review_on: date | None, today: date) -> list[Check]:
    """All checks in the order in which they are shown."""
    return [
        _title(source),
        _summary(source),
        _body(source),
        *_marks(source, translation),
        _translation(source, translation),
        _search_words(source),
        _review(review_on, today),
    ]


def blocks_behind(source: Text, translation: Text) -> int:
    """How many paragraphs of the source have no counterpart in the translation."""
    return max(0, block_count(source.body) - block_count(translation.body))


def _title(source: Text) -> Check:
    if not source.title:
        return Check("blocks", _("The title is missing"))
    if len(source.title) > 80:
        return Check("look", _("The title is long; it is cut in lists"))
    return Check("met", _("The title is there"))


def _summary(source: Text) -> Check:
    if not source.summary:
        return Check("blocks", _("The summary is missing"))
    return Check("met", _("The summary says the answer"))


def _body(source: Text) -> Check:
    if not source.body:
        return Check("blocks", _("The text is missing"))
    return Check("met", _("The text is there"))


def _marks(source: Text, translation: Text) -> list[Check]:
    """What was marked as personal data when the article was drafted; a line only where something was."""
    texts = [part for text in (source, translation) for part in (text.title, text.summary, text.body)]
    marked = [words for text in texts for words in marked_in(text)]
    if not marked:
        return []
    listed = pgettext("between parts", ", ").join(f"{OPEN}{words}{CLOSE}" for words in dict.fromkeys(marked))
    return [Check("blocks", _("Personal data to take out, or to free from their marks: %(marks)s") % {"marks": listed})]


def _translation(source: Text, translation: Text) -> Check:
    if translation.is_empty:
        return Check("look", _("The other language is missing; its readers see this one, marked"))
    if not (translation.title and translation.summary and translation.body):
        return Check("blocks", _("The other language is only half there"))
    behind = blocks_behind(source, translation)
    if behind:
        words = ngettext(
            "The other language is %(n)d paragraph behind",
            "The other language is %(n)d paragraphs behind",
            behind,
        )
        return Check("look", words % {"n": behind})
    return Check("met", _("Both languages have the same steps"))


def _search_words(source: Text) -> Check:
    if not source.search_words:
        return Check("look", _("No words that customers use instead"))
    return Check("met", _("Words that customers use are named"))


def _review(review_on: date | None, today: date) -> Check:
    if review_on is None:
        return Check("look", _("No date for the next review"))
    if review_on < today:
        return Check("look", _("The review date has passed"))
    return Check("met", _("The next review is dated"))
