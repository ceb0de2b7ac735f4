"""Operators' admin: the desk's wording and its policies; published versions can only be read."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from tickets.models import SlaPolicy, SlaPolicyVersion, SlaTarget, TicketStatus, TicketType


@admin.register(TicketType)
class TicketTypeAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("code", "name", "name_zh", "is_offered", "reopen_days", "position")


@admin.register(TicketStatus)
class TicketStatusAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("code", "category", "name", "name_zh", "portal_name", "portal_name_zh", "position")


@admin.register(SlaPolicy)
class SlaPolicyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("code", "name", "name_zh", "position", "is_active")


class TargetInline(admin.TabularInline):  # type: ignore[type-arg]
    model = SlaTarget
    extra = 0


@admin.register(SlaPolicyVersion)
class SlaPolicyVersionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("policy", "number", "calendar", "published_at")
    inlines = (TargetInline,)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_published = isinstance(obj, SlaPolicyVersion) and obj.published_at is not None
        return not is_published and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)
