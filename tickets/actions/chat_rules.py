"""Setting how the desk chats."""

from django.db import transaction

from crmcore.actions import audit
from crmcore.models import Calendar, Queue, User
from crmcore.permissions import require
from tickets.actions.chat_offers import offer_soon
from tickets.models import ChatRules


@transaction.atomic
def set_chat_rules(*, by: User, queue: Queue | None, calendar: Calendar | None, **facts: bool | int | str) -> ChatRules:
    """Let these rules hold from now on; chats that run go on. `facts` as the columns of ChatRules."""
    require(by, "settings", "edit")
    rules, _created = ChatRules.objects.update_or_create(pk=1, defaults={"queue": queue, "calendar": calendar, **facts})
    told = {"queue": queue.code if queue else "", "calendar": calendar.code if calendar else ""}
    audit.record("chat_rules.changed", rules, by=by, detail={**facts, **told})
    offer_soon()
    return rules
