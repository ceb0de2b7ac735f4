"""Settings of call flows: numbers and what they lead to, the editor of a flow, versions, a test call."""

import hashlib
import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crmcore import clock
from crmcore.models import Account, Queue, User
from servicedesk.setup.access import opens_with
from servicedesk.setup.flow_forms import NewFlowForm, NodeForm
from servicedesk.setup.flow_page import Pretence, steps, test_call
from telephony.actions import flows as actions
from telephony.flows import checks, editing
from telephony.flows.editing import Tree
from telephony.flows.tree import KEYS, Flow, Node, NodeKind
from telephony.models import CallFlow, FlowVersion, PhoneLine
from telephony.queries.flows import desk_of_flows

# What a new step can be.
OFFERED = tuple(NodeKind)
opens = opens_with("setup:flows")


@opens
@require_http_methods(["GET", "POST"])
def flow_list(request: HttpRequest) -> HttpResponse:
    """`/settings/flows/`: the numbers, the flows, and a form for a new flow."""
    form = NewFlowForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        flow = actions.create_flow(form.cleaned_data["name"], form.cleaned_data["name_zh"], by=_person(request))
        return redirect("setup:flow", flow.pk)
    context = {
        "flows": [(flow, flow.in_use, flow.draft) for flow in CallFlow.objects.prefetch_related("lines")],
        "lines": PhoneLine.objects.select_related("flow", "queue").order_by("number"),
        "entry": actions.entry_of_portal(),
        "form": form,
    }
    return render(request, "servicedesk/setup/flows.html", context, status=422 if form.errors else 200)


@opens
@require_POST
def connect_line(request: HttpRequest, line_id: int) -> HttpResponse:
    """Let a number lead to a flow, or straight to its queue."""
    line = get_object_or_404(PhoneLine, pk=line_id)
    wanted = request.POST.get("flow", "")
    flow = get_object_or_404(CallFlow, pk=wanted) if wanted.isdigit() else None
    actions.lead_to(line, flow, by=_person(request))
    messages.success(request, _("Saved"))
    return redirect("setup:flows")


@opens
@require_POST
def connect_portal(request: HttpRequest) -> HttpResponse:
    """Let the portal's call page lead to a flow, or let customers choose a queue themselves."""
    wanted = request.POST.get("flow", "")
    flow = get_object_or_404(CallFlow, pk=wanted) if wanted.isdigit() else None
    actions.lead_to(actions.entry_of_portal(), flow, by=_person(request))
    messages.success(request, _("Saved"))
    return redirect("setup:flows")


@opens
@require_GET
def flow_page(request: HttpRequest, flow_id: int) -> HttpResponse:
    """The editor; `?node=n3` opens a step."""
    flow, version = _flow(flow_id)
    node = version.read().node(request.GET.get("node", ""))
    return _editor(request, flow, version, node, NodeForm(version.read(), node) if node else None)


@opens
@require_POST
def save_node(request: HttpRequest, flow_id: int, node_id: str) -> HttpResponse:
    """Write a step; nothing that was typed is lost when somebody else changed the same step meanwhile."""
    flow, version = _flow(flow_id)
    node = version.read().node(node_id)
    if node is None:
        messages.error(request, _("Somebody else has removed this step."))
        return redirect("setup:flow", flow_id)
    form = NodeForm(version.read(), node, request.POST, request.FILES)
    if not form.is_valid():
        return _editor(request, flow, version, node, form, status=422)
    if request.POST.get("seen") != seen(node):
        form.add_error(None, _("Somebody else has changed this step. Save again to replace what they wrote."))
        return _editor(request, flow, version, node, form, status=422)
    recordings = {
        language: actions.add_recording(flow, file, content_type=file.content_type or "").pk
        for language, file in form.recordings.items()
    }
    change = partial(_write, node_id=node_id, content=form.content(recordings), wishes=form.wishes)
    actions.edit_flow(flow, change, by=_person(request))
    messages.success(request, _("Saved"))
    return _to_node(flow_id, node_id)


@opens
@require_POST
def add_node(request: HttpRequest, flow_id: int) -> HttpResponse:
    """Put a new step behind a way, or at the beginning; its form opens."""
    flow, version = _flow(flow_id)
    at, way, kind = (request.POST.get(name, "") for name in ("at", "way", "kind"))
    known = not at or version.read().node(at) is not None
    if kind not in OFFERED or not known:
        return HttpResponseBadRequest("no such place or kind")
    added = ""

    def change(tree: Tree) -> Tree:
        nonlocal added
        changed, added = editing.add_node(tree, at, way, NodeKind(kind))
        return changed

    actions.edit_flow(flow, change, by=_person(request))
    return _to_node(flow_id, added)


@opens
@require_POST
def change_node(request: HttpRequest, flow_id: int, node_id: str) -> HttpResponse:
    """Remove a step, or add a key to a menu or take one from it."""
    flow, version = _flow(flow_id)
    if version.read().node(node_id) is None:
        return redirect("setup:flow", flow_id)
    key = request.POST.get("add_key") or request.POST.get("drop_key") or ""
    if request.POST.get("remove"):
        actions.edit_flow(flow, partial(editing.remove_node, node_id=node_id), by=_person(request))
        return redirect("setup:flow", flow_id)
    if key:
        change = partial(editing.set_key, node_id=node_id, key=key, present="add_key" in request.POST)
        actions.edit_flow(flow, change, by=_person(request))
    return _to_node(flow_id, node_id)


@opens
@require_POST
def publish(request: HttpRequest, flow_id: int) -> HttpResponse:
    """Put the draft into use, exactly as it was looked at."""
    flow, _version = _flow(flow_id)
    revision = request.POST.get("revision", "")
    try:
        version = actions.publish_flow(flow, revision=int(revision) if revision.isdigit() else -1, by=_person(request))
    except actions.FlowRefused:
        messages.error(request, _("Not published: somebody has changed the flow, or it has faults. Look again."))
    else:
        if version is not None:
            messages.success(request, _("Version %(number)s is in use") % {"number": version.number})
    return redirect("setup:flow", flow_id)


@opens
@require_POST
def change_version(request: HttpRequest, flow_id: int) -> HttpResponse:
    """Discard the draft, or let it become what an earlier version was."""
    flow, _version = _flow(flow_id)
    number = request.POST.get("number", "")
    if number.isdigit() and flow.versions.filter(number=number).exists():
        actions.take_up_version(flow, int(number), by=_person(request))
    elif "discard" in request.POST:
        actions.discard_draft(flow, by=_person(request))
    return redirect("setup:flow", flow_id)


@opens
@require_GET
def test(request: HttpRequest, flow_id: int) -> HttpResponse:
    """Walk the flow on the screen: `?keys=1,-,20418` are the entries so far."""
    flow, version = _flow(flow_id)
    ask = request.GET
    pretence = Pretence(clock.now(), ask.get("hours", ""), ask.get("grade", ""))
    tree = version.read()
    language = ask.get("language") if ask.get("language") in tree.languages else get_language()
    keys = ask.get("keys", "")
    if entered := ask.get("entered", "").strip():
        keys = f"{keys},{entered.strip('#')}" if keys else entered.strip("#")
    call = test_call(tree, str(language), keys, pretence)
    used = {choice.key for choice in call.question.choices} if call.question else set()
    context = {
        "flow": flow,
        "version": version,
        "call": call,
        "wrong_key": next((key for key in KEYS if key not in used), ""),
        "queue": Queue.objects.filter(code=call.end.settings.get("queue", "")).first() if call.end else None,
        "keys": keys,
        "language": language,
        "pretence": pretence,
        "grades": Account.Grade.values,
    }
    return render(request, "servicedesk/setup/flow_test.html", context)


def seen(node: Node) -> str:
    """A name for the step as it stands, by which a form knows whether it is still what it showed."""
    content = [node.kind, dict(node.exits), {key: vars(words) for key, words in node.prompt.items()}, node.settings]
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=dict).encode()).hexdigest()[:16]


def _write(tree: Tree, *, node_id: str, content: dict[str, Any], wishes: Mapping[str, NodeKind]) -> Tree:
    if node_id not in tree["nodes"]:
        return tree
    tree = editing.write_node(tree, node_id, content)
    for way, kind in wishes.items():
        tree, _added = editing.add_node(tree, node_id, way, kind)
    return tree


def _flow(flow_id: int) -> tuple[CallFlow, FlowVersion]:
    """The flow, and what its editor works on: the draft, else the version in use."""
    flow = get_object_or_404(CallFlow, pk=flow_id)
    version = flow.draft or flow.in_use
    assert version is not None  # a flow begins with a draft, which goes only by being published
    return flow, version


def _editor(
    request: HttpRequest,
    flow: CallFlow,
    version: FlowVersion,
    node: Node | None,
    form: NodeForm | None,
    *,
    status: int = 200,
) -> HttpResponse:
    tree: Flow = version.read()
    faults = checks.faults(tree, desk_of_flows())
    context = {
        "flow": flow,
        "version": version,
        "in_use": flow.in_use,
        "versions": flow.versions.select_related("changed_by"),
        "steps": steps(tree, faults),
        "faults": faults,
        "node": node,
        "node_faults": [fault.message for fault in faults if node and fault.node == node.id],
        "form": form,
        "seen": seen(node) if node else "",
        "kinds": OFFERED,
        "free_keys": [key for key in KEYS if node and key not in node.labels],
        "lines": flow.lines.order_by("number"),
    }
    return render(request, "servicedesk/setup/flow.html", context, status=status)


def _to_node(flow_id: int, node_id: str) -> HttpResponse:
    return redirect(f"{reverse('setup:flow', args=[flow_id])}?node={node_id}")


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
