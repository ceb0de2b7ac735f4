"""Settings of stage flows: which types have one, its stages and their differences by category, publishing."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crmcore.actions.codes import LENGTH
from crmcore.models import User
from servicedesk.setup.access import opens_with
from servicedesk.setup.stage_forms import FlowForm, NewStageForm, StageForm
from servicedesk.setup.ticket_fields import free_choice
from tickets import stage_editing
from tickets.actions import stage_setup
from tickets.models import Choice, StageFlow, StageFlowVersion, TicketField, TicketType
from tickets.queries.fields import fields_of
from tickets.stage_flow import Flow, Stage

opens = opens_with("setup:stages")


@opens
@require_GET
def flow_list(request: HttpRequest) -> HttpResponse:
    """The types with their flows."""
    rows = [
        (kind, flow.in_use if flow else None, flow)
        for kind in TicketType.objects.filter(is_active=True).select_related("stage_flow")
        for flow in [getattr(kind, "stage_flow", None)]
    ]
    return render(request, "servicedesk/setup/stages.html", {"rows": rows})


@opens
@require_GET
def flow_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The flow of a type; `?stage=handling` opens a stage, `?all=1` what holds for all of them."""
    page = _Page(request, pk)
    stage = page.flow.stage(request.GET.get("stage", ""))
    form: Any = page.stage_form(stage) if stage else None
    if request.GET.get("all"):
        form = FlowForm(page.flow, page.fields)
    return page.shown(stage=stage, form=form)


@opens
@require_POST
def save_stage(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Write a stage, move it, or take it out."""
    page, ask = _Page(request, pk), request.POST
    stage = page.flow.stage(code)
    if stage is None:
        messages.error(request, _("Somebody else has removed this stage."))
        return page.back()
    if "remove" in ask:
        page.change(partial(stage_editing.remove_stage, code=code))
        return page.back()
    if ask.get("to") in ("up", "down"):
        page.change(partial(stage_editing.move_stage, code=code, up=ask["to"] == "up"))
        return page.back()
    form = page.stage_form(stage, ask)
    if not form.is_valid():
        return page.shown(stage=stage, form=form, status=422)
    page.change(partial(stage_editing.write_stage, code=code, values=form.values()))
    messages.success(request, _("Saved"))
    return page.back(code)


@opens
@require_POST
def change_flow(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a stage, write what holds for all, publish the draft as it was seen, discard it, rest or resume the flow."""
    page, ask = _Page(request, pk), request.POST
    if "add" in ask:
        return page.add_stage()
    if "all" in ask:
        form = FlowForm(page.flow, page.fields, ask)
        if not form.is_valid():
            return page.shown(form=form, status=422)
        page.change(lambda document: document | form.values())
        messages.success(request, _("Saved"))
    elif "publish" in ask:
        page.publish(ask["publish"])
    elif "discard" in ask:
        stage_setup.discard_draft(page.owner(), by=page.person)
    elif ask.get("active") in ("0", "1"):
        stage_setup.set_flow_active(page.owner(), by=page.person, active=ask["active"] == "1")
    return page.back()


class _Page:
    """The editor of one type's flow: what is being edited, and the same page around every answer."""

    def __init__(self, request: HttpRequest, pk: int) -> None:
        assert isinstance(request.user, User)
        self.request, self.person = request, request.user
        self.kind = get_object_or_404(TicketType, pk=pk)
        self.stored = StageFlow.objects.filter(type=self.kind).first()
        self.version: StageFlowVersion | None = (self.stored.draft or self.stored.in_use) if self.stored else None
        self.flow: Flow = self.version.read() if self.version else Flow()
        self.fields: list[TicketField] = list(fields_of(self.kind))

    @property
    def categories(self) -> list[Choice]:
        chosen = next((field for field in self.fields if field.code == self.flow.category_field), None)
        return chosen.all_choices if chosen else []

    def owner(self) -> StageFlow:
        return self.stored or stage_setup.flow_for(self.kind, by=self.person)

    def change(self, change: Any) -> None:
        stage_setup.edit_flow(self.owner(), change, by=self.person)

    def stage_form(self, stage: Stage, data: Any = None) -> StageForm:
        return StageForm(self.flow, stage, self.fields, self.categories, data)

    def add_stage(self) -> HttpResponse:
        form = NewStageForm(self.request.POST)
        if not form.is_valid():
            return self.shown(new_form=form, status=422)
        name, taken = form.cleaned_data["name"], [one.code for one in self.flow.stages]
        code = free_choice(name[:LENGTH], [*taken, "end"], otherwise="stage")
        words = {"name": name, "name_zh": form.cleaned_data["name_zh"]}
        self.change(partial(stage_editing.add_stage, code=code, **words))
        return self.back(code)

    def publish(self, revision: str) -> None:
        try:
            version = stage_setup.publish_flow(
                self.owner(), revision=int(revision) if revision.isdecimal() else -1, by=self.person
            )
        except stage_setup.FlowRefused:
            messages.error(
                self.request, _("Not published: somebody has changed the flow, or it has faults. Look again.")
            )
        else:
            messages.success(self.request, _("Version %(number)s is in use") % {"number": version.number})

    def back(self, code: str = "") -> HttpResponse:
        here = reverse("setup:stage_flow", args=[self.kind.pk])
        return redirect(f"{here}?stage={code}" if code else here)

    def shown(
        self, *, stage: Stage | None = None, form: Any = None, new_form: Any = None, status: int = 200
    ) -> HttpResponse:
        categories = self.categories
        faults = stage_setup.faults_of(self.stored, self.flow) if self.stored else []
        cells = [(one, [(at.code in one.skips, one.limit(at.code)) for at in categories]) for one in self.flow.stages]
        context = {
            "kind": self.kind,
            "stored": self.stored,
            "version": self.version,
            "is_draft": self.version is not None and self.version.published_at is None,
            "flow": self.flow,
            "categories": categories,
            "cells": cells,
            "faults": [(fault, self.flow.stage(fault.stage)) for fault in faults],
            "stage": stage,
            "form": form,
            "new_form": new_form or NewStageForm(),
            "versions": self.stored.versions.filter(published_at__isnull=False) if self.stored else [],
        }
        return render(self.request, "servicedesk/setup/stage_flow.html", context, status=status)
