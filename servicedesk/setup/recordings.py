"""Where recordings lie, whether they are encrypted, and how long they are kept."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from crmcore.forms.dressing import DressedForm, dressed
from crmcore.models import Queue, User
from servicedesk.setup.access import opens_with
from telephony.actions.retention import Rules, WouldDelete, set_retention
from telephony.models import RecordingPolicy, RetentionPolicy
from telephony.queries.store_facts import store_facts

LONGEST_DAYS = 36_500


def _days(label: object, help_text: object = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=str(label), help_text=str(help_text), min_value=1, max_value=LONGEST_DAYS, required=False
    )


class RetentionForm(DressedForm):
    """The desk's rules and those of its queues; an empty field means for ever, or what the desk says."""

    is_sure = forms.BooleanField(label=_("Yes, delete them"), required=False)

    def __init__(self, data: object, policy: RetentionPolicy, queues: list[Queue], own: dict[int, int | None]) -> None:
        initial: dict[str, object] = {
            "recording_days": policy.recording_days,
            "voicemail_days": policy.voicemail_days,
            **{f"queue_{queue}": days for queue, days in own.items()},
        }
        super().__init__(data, initial=initial)
        self.queues = queues
        self.fields["recording_days"] = _days(
            _("Recordings (days)"), _("Afterwards the sound is deleted and the call says so; empty keeps it for ever.")
        )
        self.fields["voicemail_days"] = _days(
            _("Messages (days)"), _("What callers left on the voicemail; the ticket stays. Empty keeps it for ever.")
        )
        for queue in queues:
            self.fields[f"queue_{queue.pk}"] = _days(queue.label)
        for field in self.fields.values():
            dressed(field)

    @property
    def desk_fields(self) -> list[forms.BoundField]:
        return [self["recording_days"], self["voicemail_days"]]

    @property
    def queue_fields(self) -> list[forms.BoundField]:
        return [self[f"queue_{queue.pk}"] for queue in self.queues]

    def rules(self) -> Rules:
        """What was typed, once it is valid."""
        cleaned = self.cleaned_data
        own = {queue.pk: cleaned[f"queue_{queue.pk}"] for queue in self.queues}
        return Rules(cleaned["recording_days"], cleaned["voicemail_days"], own)


@require_http_methods(["GET", "POST"])
@opens_with("setup:recordings")
def recordings(request: HttpRequest) -> HttpResponse:
    """Read the facts and save the rules; a rule that deletes at once is asked about first."""
    queues = list(Queue.objects.filter(is_active=True))
    own = dict(RecordingPolicy.objects.values_list("queue", "retention_days"))
    form = RetentionForm(request.POST or None, RetentionPolicy.current(), queues, own)
    doomed = 0
    if request.method == "POST" and form.is_valid():
        assert isinstance(request.user, User)
        try:
            set_retention(form.rules(), by=request.user, is_sure=form.cleaned_data["is_sure"])
        except WouldDelete as warning:
            doomed = warning.count
            form.add_error(None, _warning(doomed))
        else:
            messages.success(request, gettext("Saved"))
            return redirect("setup:recordings")
    context = {"form": form, "facts": store_facts(), "doomed": doomed}
    status = 422 if request.method == "POST" else 200
    return render(request, "servicedesk/setup/recordings.html", context, status=status)


def _warning(count: int) -> str:
    return ngettext(
        "This ends the time of %(count)d recording or message: it would be deleted within ten minutes.",
        "This ends the time of %(count)d recordings and messages: they would be deleted within ten minutes.",
        count,
    ) % {"count": count}
