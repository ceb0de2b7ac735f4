"""What is written down and told of an approval: its story, the bells, the screens."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

from crmcore import live
from crmcore.actions import audit
from crmcore.actions.notices import notify_all
from crmcore.events import ApprovalChanged
from crmcore.models import ApprovalEvent, ApprovalRequest, NoticeKind, User

What = ApprovalEvent.What
State = ApprovalRequest.State

_OUTCOMES: dict[str, Promise] = {
    State.APPROVED: _("Approved: %(title)s (%(plan)s)"),
    State.REJECTED: _("Rejected: %(title)s (%(plan)s)"),
    State.WITHDRAWN: _("Withdrawn: %(title)s (%(plan)s)"),
    State.OUTDATED: _("No longer valid, because what was to be approved has changed: %(title)s (%(plan)s)"),
}


def write_down(
    request: ApprovalRequest,
    what: str,
    *,
    by: User | None,
    at: datetime,
    to: User | None = None,
    text: str = "",
    step: int = 0,
) -> ApprovalEvent:
    """A line of the story, with its twin in the audit trail."""
    audit.record(f"approval.{what}", request, by=by, detail={"about": request.about, "to": to.pk if to else None})
    return ApprovalEvent.objects.create(request=request, what=what, by=by, to=to, text=text, at=at, step=step)


def ask_people(request: ApprovalRequest, people: Iterable[User], key: str) -> None:
    """Ring the bells of those who are asked; once per `key`."""
    who = request.asked_by.name if request.asked_by else _("The desk")
    text = _("%(who)s asks for your approval: %(title)s (%(plan)s)")
    _tell(request, people, text, key=key, who=who)


def remind_people(request: ApprovalRequest, people: Iterable[User], key: str) -> None:
    _tell(request, people, _("Your approval is still waited for: %(title)s (%(plan)s)"), key=key)


def tell_asked_back(request: ApprovalRequest, by: User, event: ApprovalEvent) -> None:
    """Whoever asked for the approval is asked something first."""
    people = [request.asked_by] if request.asked_by else []
    _tell(request, people, _("%(who)s asks back: %(title)s (%(plan)s)"), key=_key(event), who=by.name)


def tell_answered(request: ApprovalRequest, people: Iterable[User], event: ApprovalEvent) -> None:
    _tell(request, people, _("Answered, waiting for you again: %(title)s (%(plan)s)"), key=_key(event))


def tell_outcome(request: ApprovalRequest, by: User | None, also: Iterable[User] = ()) -> None:
    """Whoever asked, those with a copy, and `also`, except for the person who did it."""
    people = [*([request.asked_by] if request.asked_by else []), *request.copied_to.all(), *also]
    others = [person for person in people if by is None or person.pk != by.pk]
    _tell(request, others, _OUTCOMES[request.state], key=f"approval:{request.pk}:{request.state}")


def tell_screens(request: ApprovalRequest) -> None:
    """Those who have a part in it see its new state."""
    event = ApprovalChanged(approval_id=request.pk, state=request.state)
    involved = set(people_of(request).values_list("pk", flat=True))
    topics = [f"approval:{request.pk}", *(f"agent:{pk}" for pk in sorted(involved))]
    live.publish_all((topic, event) for topic in topics)


def people_of(request: ApprovalRequest) -> QuerySet[User]:
    """Who asked and who was asked."""
    asked = User.objects.filter(approval_seats__step__request=request)
    return (asked | User.objects.filter(pk=request.asked_by_id or 0)).distinct()


def _tell(request: ApprovalRequest, people: Iterable[User], text: Promise, *, key: str, **facts: object) -> None:
    known = {"title": request.title, "plan": lazy(lambda: request.plan.label, str)(), **facts}
    notify_all(people, NoticeKind.APPROVAL, text, url=request.get_absolute_url(), facts=known, key=key)


def _key(event: ApprovalEvent) -> str:
    return f"approval-event:{event.pk}"
