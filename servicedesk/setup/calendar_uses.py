"""What goes by a calendar: queues, call flows in use, promises."""

from crmcore.models import Calendar, Queue
from telephony.flows.tree import NodeKind
from telephony.models import CallFlow, FlowVersion
from tickets.models import SlaPolicy, SlaPolicyVersion


def queues_of(calendar: Calendar) -> list[Queue]:
    return list(calendar.queues.filter(is_active=True).order_by("position", "pk"))


def flows_of(calendar: Calendar) -> list[CallFlow]:
    """The flows whose published version asks for these hours."""
    published = FlowVersion.objects.filter(published_at__isnull=False).select_related("flow")
    newest = published.order_by("flow_id", "-number").distinct("flow_id")
    return [version.flow for version in newest if calendar.code in _asked(version)]


def policies_of(calendar: Calendar) -> list[SlaPolicy]:
    """The policies whose newest published version counts by it, for all or for one of its targets."""
    published = SlaPolicyVersion.objects.filter(published_at__isnull=False, policy__is_active=True)
    newest = published.order_by("policy_id", "-number").distinct("policy_id").select_related("policy")
    return [
        version.policy
        for version in newest.prefetch_related("targets")
        if calendar.pk in {version.calendar_id, *(target.calendar_id for target in version.targets.all())}
    ]


def _asked(version: FlowVersion) -> set[str]:
    nodes = version.read().nodes.values()
    return {str(node.settings.get("calendar", "")) for node in nodes if node.kind == NodeKind.HOURS}
