"""The templates that WhatsApp has approved, as the desk knows them."""

from django.db import transaction

from crmcore.actions import audit
from crmcore.models import User
from telephony.models import TextTemplate


@transaction.atomic
def save_template(template: TextTemplate, *, by: User) -> TextTemplate:
    """Write a new template or a changed one; messages that were sent keep their words."""
    is_new = template.pk is None
    template.save()
    audit.record("template.created" if is_new else "template.changed", template, by=by)
    return template


@transaction.atomic
def use_template(template_id: int, in_use: bool, *, by: User) -> None:
    """Retire a template, or take it into use again; twice is once."""
    if TextTemplate.objects.filter(pk=template_id, is_active=not in_use).update(is_active=in_use):
        template = TextTemplate.objects.get(pk=template_id)
        audit.record("template.restored" if in_use else "template.retired", template, by=by)
