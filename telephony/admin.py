"""Telephony for operators: lines and tokens to set up; calls and what carriers told, to read."""

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from crmcore.actions.people import token_digest
from crmcore.models import User
from telephony.actions.lines import issue_cti_token
from telephony.models import Call, CallEvent, CtiToken, Offer, PhoneLine, ProviderCommand


@admin.register(PhoneLine)
class PhoneLineAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    list_display = ["number", "name", "queue", "language", "is_active"]


@admin.register(CtiToken)
class CtiTokenAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """A new token's address is shown once, after saving."""

    list_display = ["name", "queue", "is_active", "last_used_at"]
    fields = ["name", "queue"]

    def get_fields(self, request: HttpRequest, obj: CtiToken | None = None) -> Any:
        return ["name", "queue", "region", "is_active"] if obj else self.fields

    def save_model(self, request: HttpRequest, obj: CtiToken, form: "ModelForm[CtiToken]", change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        by = request.user if isinstance(request.user, User) else None
        secret = issue_cti_token(obj.name, queue=obj.queue, by=by)
        obj.pk = CtiToken.objects.get(digest=token_digest(secret)).pk
        address = request.build_absolute_uri(reverse("telephony:cti", args=[secret]))
        messages.success(request, _("The exchange's address, shown this once: %(address)s") % {"address": address})


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Rows that only actions write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


@admin.register(Call)
class CallAdmin(ReadOnlyAdmin):
    list_display = ["started_at", "provider", "direction", "from_e164", "queue", "agent", "state", "outcome"]
    list_filter = ["state", "outcome", "provider", "queue"]
    list_select_related = ["queue", "agent"]
    show_full_result_count = False


@admin.register(Offer)
class OfferAdmin(ReadOnlyAdmin):
    list_display = ["offered_at", "call_id", "agent", "state", "end_reason"]
    list_filter = ["state", "end_reason"]
    list_select_related = ["agent"]
    show_full_result_count = False


@admin.register(CallEvent)
class CallEventAdmin(ReadOnlyAdmin):
    list_display = ["received_at", "provider", "kind", "provider_call_id", "occurred_at", "applied_at"]
    list_filter = ["provider", "kind"]
    show_full_result_count = False


@admin.register(ProviderCommand)
class ProviderCommandAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "step", "call_id", "attempts", "fate", "error"]
    list_filter = ["fate", "step"]
    show_full_result_count = False
