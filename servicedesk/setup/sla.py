"""Service promises: the policies in their order, and a page each with draft, preview, trial and publication."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crmcore import clock
from crmcore.actions.catalogue import move_entry, set_in_use
from crmcore.models import Calendar, User
from servicedesk.setup.access import opens_with
from servicedesk.setup.sla_forms import PolicyForm, StepFormSet, TargetFormSet, day_of, kept, step_rows, target_rows
from servicedesk.setup.sla_preview import due_rows
from tickets.actions.policies import (
    PolicyMoved,
    PolicyTerms,
    create_policy,
    discard_draft,
    publish_draft,
    save_draft,
)
from tickets.actions.policy_runs import start_run
from tickets.condition_forms import ConditionsForm
from tickets.models import Priority, SlaPolicy, SlaPolicyVersion, SlaRun, SlaTarget
from tickets.queries.conditions import understand

_PLAIN = ("calendar", "follow_queue", "pauses", "stage_pauses", "updates_pause", "update_rhythm", "acts_when_late")


@require_GET
@opens_with("setup:sla")
def policy_list(request: HttpRequest) -> HttpResponse:
    """The policies in the order in which they are asked, and the latest application to open tickets."""
    rows = [(policy, *_versions(policy)) for policy in SlaPolicy.objects.prefetch_related("versions__targets")]
    context = {
        "used": [row for row in rows if row[0].is_active],
        "retired": [row for row in rows if not row[0].is_active],
        "run": SlaRun.objects.filter(kind=SlaRun.Kind.APPLY).order_by("-pk").first(),
    }
    return render(request, "servicedesk/setup/sla.html", context)


@require_http_methods(["GET", "POST"])
@opens_with("setup:sla")
def new_policy(request: HttpRequest) -> HttpResponse:
    """A name first; the rest comes on its page."""
    form = PolicyForm(request.POST or None)
    form.fields = {name: form.fields[name] for name in ("name", "name_zh")}
    if request.method == "POST" and form.is_valid():
        return redirect("setup:sla_policy", create_policy(**form.cleaned_data, by=_person(request)).pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "servicedesk/setup/sla_new.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@opens_with("setup:sla")
def policy_page(request: HttpRequest, policy_id: int) -> HttpResponse:
    """The newest version, draft or published; what is saved becomes the draft."""
    policy = get_object_or_404(SlaPolicy, pk=policy_id)
    version = policy.versions.latest("number")
    forms = _Forms(policy, version, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _shown(request, policy, version, forms)
    if not forms.is_valid():
        return _shown(request, policy, version, forms, status=422)
    try:
        save_draft(policy, forms.terms(), names=forms.names(), seen=_seen(request), by=_person(request))
    except PolicyMoved:
        messages.error(request, _("Somebody changed this policy meanwhile. Look at it and save again."))
        return _shown(request, policy, version, forms, status=422)
    messages.success(request, _("Saved as a draft"))
    return redirect("setup:sla_policy", policy.pk)


@require_POST
@opens_with("setup:sla")
def change_policy(request: HttpRequest, policy_id: int) -> HttpResponse:
    """Publish or discard the draft, try it, move the policy up or down, retire it or take it back."""
    policy, by = get_object_or_404(SlaPolicy, pk=policy_id), _person(request)
    what = request.POST.get("what", "")
    if what in ("up", "down"):
        move_entry(policy, by=by, up=what == "up")
        return redirect("setup:sla")
    if what in ("retire", "restore"):
        set_in_use(policy, by=by, in_use=what == "restore")
        return redirect("setup:sla")
    try:
        if what == "publish":
            publish_draft(policy, seen=_seen(request), by=by)
            messages.success(request, _("Published. It rules tickets that come in from now on."))
        elif what == "discard":
            discard_draft(policy, by=by)
        elif what == "try":
            start_run(SlaRun.Kind.TRIAL, draft=policy.versions.latest("number"), by=by)
    except PolicyMoved:
        messages.error(request, _("Somebody changed this policy meanwhile. Look at it and save again."))
    still = SlaPolicy.objects.filter(pk=policy_id).exists()
    return redirect("setup:sla_policy", policy_id) if still else redirect("setup:sla")


@require_POST
@opens_with("setup:sla")
def apply_policies(request: HttpRequest) -> HttpResponse:
    """Let the published versions rule the open tickets too, in the background."""
    start_run(SlaRun.Kind.APPLY, by=_person(request))
    return redirect("setup:sla")


@require_GET
@opens_with("setup:sla")
def run_state(request: HttpRequest, run_id: int) -> HttpResponse:
    """How far a run has come; the fragment asks again while it runs."""
    run = get_object_or_404(SlaRun, pk=run_id)
    return render(request, "servicedesk/setup/_sla_run.html", _run_context(run))


@require_POST
@opens_with("setup:sla")
def preview(request: HttpRequest, policy_id: int) -> HttpResponse:
    """The due moments of what stands in the form, saved or not."""
    policy = get_object_or_404(SlaPolicy, pk=policy_id)
    forms = _Forms(policy, policy.versions.latest("number"), request.POST)
    forms.is_valid()
    context = {"policy": policy, **forms.preview(_moment(request))}
    return render(request, "servicedesk/setup/_sla_preview.html", context)


class _Forms:
    """The parts of a policy's page, as stored or as posted."""

    def __init__(self, policy: SlaPolicy, version: SlaPolicyVersion, data: Any = None) -> None:
        plain = {name: getattr(version, name) for name in _PLAIN}
        self.version = version
        self._read: list[SlaTarget] = []
        self.policy = PolicyForm(data, initial={"name": policy.name, "name_zh": policy.name_zh, **plain})
        self.conditions = ConditionsForm(data, initial=version.conditions)
        self.targets = TargetFormSet(data, prefix="targets", initial=target_rows(version.targets.all()))
        self.steps = StepFormSet(data, prefix="steps", initial=step_rows(version.steps))

    def is_valid(self) -> bool:
        """Every part is read, so that each says what is wrong with it."""
        valid = [self.policy.is_valid(), self.conditions.is_valid(), self.steps.is_valid(), self.targets.is_valid()]
        self._read = self._read_targets() if self.targets.is_valid() else []
        return all(valid) and not any(row.errors for row in self.targets.forms)

    def terms(self) -> PolicyTerms:
        columns = {name: self.policy.cleaned_data[name] for name in _PLAIN}
        columns["conditions"] = self.conditions.value
        columns["steps"] = [row.step().stored() for row in kept(self.steps)]
        return PolicyTerms(columns, self._read)

    def names(self) -> dict[str, str]:
        return {name: self.policy.cleaned_data[name] for name in ("name", "name_zh")}

    def preview(self, at: datetime) -> dict[str, Any]:
        """Of what is typed, or of what is stored."""
        usual = self._usual()
        targets = self._read if self.targets.is_bound else list(self.version.targets.select_related("type"))
        return {"due_rows": due_rows(targets, usual, at), "at": at, "priorities": Priority, "day_s": day_of(usual)}

    def _usual(self) -> Calendar:
        typed = self.policy.cleaned_data.get("calendar") if self.policy.is_bound and self.policy.is_valid() else None
        return typed or self.version.calendar

    def _read_targets(self) -> list[SlaTarget]:
        return [target for row in kept(self.targets) for target in row.targets(self._usual())]


def _shown(
    request: HttpRequest, policy: SlaPolicy, version: SlaPolicyVersion, forms: _Forms, *, status: int = 200
) -> HttpResponse:
    run = version.runs.order_by("-pk").first()
    context = {
        "policy": policy,
        "version": version,
        "forms": forms,
        "flags": [forms.policy[name] for name in ("follow_queue", "updates_pause", "acts_when_late")],
        "boxes": [forms.policy[name] for name in ("pauses", "stage_pauses")],
        "at_text": timezone.localtime(_moment(request)).strftime("%Y-%m-%dT%H:%M"),
        **forms.preview(_moment(request)),
        **(_run_context(run) if run else {}),
    }
    return render(request, "servicedesk/setup/sla_policy.html", context, status=status)


def _run_context(run: SlaRun) -> dict[str, Any]:
    changes = [
        {
            **change,
            "metric": SlaTarget.Metric(change["metric"]).label,
            "was": datetime.fromisoformat(change["was"]) if change["was"] else None,
            "due": datetime.fromisoformat(change["due"]) if change["due"] else None,
        }
        for change in run.changes[:20]
    ]
    return {"run": run, "changes": changes}


def _versions(policy: SlaPolicy) -> tuple[SlaPolicyVersion | None, SlaPolicyVersion | None, list[str]]:
    """The version in force, the draft, and in words whom the newest covers."""
    versions = sorted(policy.versions.all(), key=lambda one: one.number)
    in_force = next((one for one in reversed(versions) if one.published_at), None)
    newest = versions[-1]
    conditions = [row for part in newest.conditions.values() for row in part]
    return in_force, None if newest.published_at else newest, [understand(row).sentence() for row in conditions]


def _seen(request: HttpRequest) -> tuple[int, int]:
    return _number(request.POST.get("seen", "")), _number(request.POST.get("revision", ""))


def _moment(request: HttpRequest) -> datetime:
    """The moment asked about on the reader's clock, else now."""
    try:
        typed = datetime.fromisoformat((request.POST or request.GET).get("at", ""))
    except ValueError:
        return clock.now()
    return typed.replace(tzinfo=timezone.get_current_timezone())


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
