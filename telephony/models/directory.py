"""Numbers outside of the desk to which calls are passed on."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crmcore import phone_numbers
from crmcore.models import ListEntry


class DirectoryEntry(ListEntry):
    """Somebody who can be asked into a call, or takes it over. The number is E.164; notes are for agents."""

    code = models.SlugField(max_length=30, unique=True)
    number = models.CharField(_("number"), max_length=20)
    note = models.CharField(_("note"), max_length=200, blank=True)
    note_zh = models.CharField(_("Chinese note"), max_length=200, blank=True)

    class Meta(ListEntry.Meta):
        constraints = [
            models.UniqueConstraint(fields=["number"], name="one_directory_entry_per_number"),
        ]

    @property
    def written(self) -> str:
        """The number as people write it."""
        return phone_numbers.pretty(self.number)

    @property
    def remark(self) -> str:
        """The note in the reader's language, in the other one where that is missing."""
        chinese = (get_language() or "").startswith("zh")
        return (self.note_zh or self.note) if chinese else (self.note or self.note_zh)
