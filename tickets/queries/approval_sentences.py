"""What a timeline says about approvals, in the reader's language."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from crmcore.models import ApprovalEvent, ApprovalRequest
from tickets.models.fields import in_reader_tongue

State = ApprovalRequest.State
ICONS = {"approval": "icon:rubber-stamp"}
_SAID = {
    ApprovalEvent.What.ASKED.value: _("asked for the approval “%(plan)s”"),
    State.APPROVED.value: _("gave the approval “%(plan)s”"),
    State.REJECTED.value: _("refused the approval “%(plan)s”"),
    State.WITHDRAWN.value: _("withdrew the request for the approval “%(plan)s”"),
    State.OUTDATED.value: _("no longer counts the approval “%(plan)s”, because what it is about has changed"),
}


def _said(detail: dict[str, Any]) -> str:
    return str(_SAID[detail["what"]]) % {"plan": in_reader_tongue(*detail["plan"])}


EVENTS: dict[str, Callable[[dict[str, Any]], str]] = {"approval": _said}
