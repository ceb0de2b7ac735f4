"""The way from where one is to a new card, with everything filled in that is known there."""

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.http import urlencode

from crmcore.models import User
from crmcore.permissions import may

register = template.Library()


@register.simple_tag(takes_context=True)
def lead_address(context: Context, page: str = "lead_new", **known: str | int | None) -> str:
    """The address of `crm:lead_new` or `crm:reception_new` for what is known; empty for who may open no card."""
    user = context.get("user")
    if not isinstance(user, User) or not may(user, "lead", "create"):
        return ""
    return f"{reverse(f'crm:{page}')}?{urlencode({name: value for name, value in known.items() if value})}"
