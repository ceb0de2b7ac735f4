"""What frames every page of the settings: the list of pages, and where in it we are."""

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse

from servicedesk.setup.catalogue import Catalogue
from servicedesk.setup.menu import SettingsPage, grouped, pages_of

register = template.Library()


@register.inclusion_tag("servicedesk/setup/_list.html", takes_context=True)
def settings_list(context: Context) -> dict[str, Any]:
    """The pages that open for the reader, the present one marked; no list for whoever has one page alone."""
    pages = pages_of(context["request"].user)
    return {"groups": grouped(pages) if len(pages) > 1 else [], "here": settings_page(context)}


@register.simple_tag(takes_context=True)
def settings_page(context: Context) -> SettingsPage | None:
    """The page of the menu at, or above, the present address."""
    path = context["request"].path
    return next((page for page in pages_of(context["request"].user) if path.startswith(page.url)), None)


@register.simple_tag
def catalogue_url(catalogue: Catalogue, act: str, entry: Any) -> str:
    """The address of a button beside an entry: `edit`, `move` or `retire`."""
    return reverse(f"setup:{catalogue.name}_{act}", args=[entry.pk])
