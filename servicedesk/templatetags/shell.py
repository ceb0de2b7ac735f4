"""What frames every staff page: the call bar and the rail."""

from typing import Any

from django import template
from django.template import Context

from servicedesk.console.bar import bar_context
from servicedesk.console.chats import strip_context
from servicedesk.console.menu import doors_of

register = template.Library()


@register.inclusion_tag("servicedesk/console/_bar.html", takes_context=True)
def call_bar(context: Context) -> dict[str, Any]:
    """Region A, the same fragment that the live refetch serves."""
    request = context["request"]
    return {"request": request, "demo_data": context.get("demo_data"), **bar_context(request.user)}


@register.inclusion_tag("servicedesk/console/_rail.html", takes_context=True)
def rail(context: Context) -> dict[str, Any]:
    """Region B, and on phones the dock below."""
    request = context["request"]
    return {"doors": doors_of(request.user), "path": request.path}


@register.inclusion_tag("servicedesk/console/_chat_strip.html", takes_context=True)
def chat_strip(context: Context) -> dict[str, Any]:
    """Chats that ring, below the bar."""
    return strip_context(context["request"].user)
