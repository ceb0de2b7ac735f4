"""Canned replies: what is written often, in both languages, with places for what changes, and what is done with it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crmcore.models.naming import ListEntry


class CannedReply(ListEntry):
    """`name` is what agents find it by; a missing Chinese text is the other one.

    With `steps` it is a macro: they are done when the text is sent, or alone where there is no text.
    """

    code = models.SlugField(unique=True)
    body = models.TextField(_("text"), blank=True)
    body_zh = models.TextField(_("Chinese text"), blank=True)
    steps = models.JSONField(default=list, blank=True)

    def body_in(self, language: str) -> str:
        """The text for a reader of this language, in the other one where that is missing."""
        return (self.body_zh or self.body) if language.startswith("zh") else self.body
