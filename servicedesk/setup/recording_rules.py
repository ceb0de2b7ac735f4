"""The part of a queue's page that says what is recorded, with one sentence for each setting."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crmcore.forms.dressing import dressed
from crmcore.models import Queue
from telephony.models import RecordingPolicy


class RecordingForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a queue does about recording."""

    class Meta:
        model = RecordingPolicy
        fields = ("mode", "agents_may_pause", "announces", "consent", "announcement", "announcement_zh")
        labels = {
            "mode": _("Recording"),
            "agents_may_pause": _("Agents may pause"),
            "announces": _("Callers are told"),
            "announcement": _("What callers are told"),
            "announcement_zh": _("What they are told in Chinese"),
            "consent": _("Consent"),
        }
        help_texts = {
            "mode": _("Which conversations of this queue are recorded."),
            "agents_may_pause": _("While payment data are given; after two minutes recording goes on by itself."),
            "announces": _("Before they are connected, on the telephone aloud, in the portal in writing."),
            "announcement": _("Empty means a usual sentence."),
            "announcement_zh": _("Empty means the same sentence, or the usual one."),
            "consent": _("Whether callers are asked, and what silence means."),
        }

    def __init__(self, data: Any, queue: Queue) -> None:
        stored = RecordingPolicy.objects.filter(queue=queue.pk).first() if queue.pk else None
        super().__init__(data, instance=stored or RecordingPolicy(), prefix="recording")
        for field in self.fields.values():
            dressed(field)
            field.widget.attrs.setdefault("autocomplete", "off")

    @property
    def sections(self) -> list[tuple[Any, Any, list[forms.BoundField]]]:
        """Heading, sentence and fields of the part."""
        sentence = _(
            "The agent is on the left channel, the customer on the right; what is whispered is not recorded. "
            "How long recordings are kept is set on their own page."
        )
        return [(_("Recording"), sentence, list(self))]
