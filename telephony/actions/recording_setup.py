"""Setting what a queue does about recording."""

from django.db import transaction
from django.forms.models import model_to_dict

from crmcore.actions import audit
from crmcore.models import Queue, User
from telephony.models import RecordingPolicy


@transaction.atomic
def save_recording_policy(policy: RecordingPolicy, queue: Queue, *, by: User) -> None:
    """Store the rules of a queue; what changed is audited. Calls that are under way keep what was decided."""
    stored = RecordingPolicy.objects.select_for_update().filter(queue=queue).first()
    before = model_to_dict(stored or RecordingPolicy(queue=queue))
    policy.queue, policy.pk = queue, stored.pk if stored else None
    changes = {name: [before[name], value] for name, value in model_to_dict(policy).items() if before[name] != value}
    if changes:
        policy.save()
        audit.record("queue.recording", queue, by=by, detail=changes)
