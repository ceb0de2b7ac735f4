"""Every act on a request by its name, as pages and API call them."""

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from crmcore.actions import approvals
from crmcore.actions.approvals import Refused
from crmcore.models import ApprovalRequest, User


class Act(TextChoices):
    """What somebody can do, and what is said when it is done."""

    APPROVE = "approve", pgettext_lazy("approval", "Approved")
    REJECT = "reject", pgettext_lazy("approval", "Rejected")
    DELEGATE = "delegate", pgettext_lazy("answer", "Passed on")
    ASK_BACK = "ask_back", pgettext_lazy("approval", "Asked back")
    ANSWER = "answer", pgettext_lazy("approval", "Answered")
    WITHDRAW = "withdraw", pgettext_lazy("approval", "Withdrawn")


def take(
    request: ApprovalRequest, act: Act, *, by: User, seat: int = 0, text: str = "", to: User | None = None
) -> ApprovalRequest:
    """Do it from the seat that the person saw. Raises Refused."""
    if act == Act.ANSWER:
        return approvals.answer_back(request, by=by, text=text)
    if act == Act.WITHDRAW:
        return approvals.withdraw(request, by=by)
    if act == Act.DELEGATE:
        if to is None:
            raise Refused(_("Say to whom."))
        return approvals.delegate(seat, to, by=by, text=text)
    do = {Act.APPROVE: approvals.approve, Act.REJECT: approvals.reject, Act.ASK_BACK: approvals.ask_back}[act]
    return do(seat, by=by, text=text)
