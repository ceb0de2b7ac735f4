"""The operators' admin of the knowledge base: categories, which have no page of their own."""

from django.contrib import admin

from knowledgebase.models import Category


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "name_zh", "slug", "position")
    filter_horizontal = ("queues",)
