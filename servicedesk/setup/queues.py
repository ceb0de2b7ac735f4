"""The queues of the desk: list, and one page with every setting."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from crmcore import clock
from crmcore.models import Queue, User
from servicedesk.setup.access import opens_with
from servicedesk.setup.after_call import AfterCallForm
from servicedesk.setup.queue_forms import QueueForm
from servicedesk.setup.queue_rows import kept, rows_of
from servicedesk.setup.recording_rules import RecordingForm
from telephony.actions.after_call import set_after_call
from telephony.actions.queue_setup import save_queue
from telephony.actions.recording_setup import save_recording_policy
from telephony.queries.estimate_error import estimate_errors

ERROR_OVER = timedelta(days=7)


@opens_with("setup:queues")
def queue_list(request: HttpRequest) -> HttpResponse:
    """Every queue with what it is set to."""
    staffed = Count("memberships", filter=Q(memberships__user__is_active=True), distinct=True)
    queues = list(Queue.objects.select_related("team", "calendar").annotate(staffed=staffed).order_by("position", "pk"))
    errors = estimate_errors(queues, since=clock.now() - ERROR_OVER)
    rows = [(queue, errors.get(queue.pk)) for queue in queues]
    return render(request, "servicedesk/setup/queues.html", {"rows": rows})


@opens_with("setup:queues")
def new_queue(request: HttpRequest) -> HttpResponse:
    return _edit(request, Queue())


@opens_with("setup:queues")
def edit_queue(request: HttpRequest, queue_id: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Queue, pk=queue_id))


def _edit(request: HttpRequest, queue: Queue) -> HttpResponse:
    data = request.POST or None
    form, rows, recording = QueueForm(data, instance=queue), rows_of(queue, data), RecordingForm(data, queue)
    asking = AfterCallForm(data, queue)
    valid = [form.is_valid(), recording.is_valid(), asking.is_valid(), *(each.is_valid() for each in rows.values())]
    if request.method == "POST" and all(valid):
        assert isinstance(request.user, User)
        _save(form, rows, recording, asking, by=request.user)
        messages.success(request, _("Saved"))
        return redirect("setup:queue", queue.pk)
    # The name as stored: what is being typed into the form may not be valid.
    stored = Queue.objects.filter(pk=queue.pk).first() if queue.pk else None
    context: dict[str, Any] = {
        "form": form,
        "recording": recording,
        "parts": [*form.sections, *asking.sections, *recording.sections],
        "queue": stored,
        "error": _error_of(stored),
        **rows,
    }
    return render(request, "servicedesk/setup/queue.html", context, status=422 if request.method == "POST" else 200)


@transaction.atomic
def _save(form: QueueForm, rows: dict[str, Any], recording: RecordingForm, asking: AfterCallForm, *, by: User) -> None:
    queue = save_queue(form.instance, **{name: kept(each) for name, each in rows.items()}, by=by)
    save_recording_policy(recording.instance, queue, by=by)
    set_after_call(queue, asking.cleaned_data["template"], by=by)


def _error_of(queue: Queue | None) -> Any:
    return estimate_errors([queue], since=clock.now() - ERROR_OVER).get(queue.pk) if queue else None
