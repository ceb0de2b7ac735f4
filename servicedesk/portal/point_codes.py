"""Codes that prove a new number or address, and telling the old one that it was changed."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from crmcore.actions.letters import desk_url, write_letter
from crmcore.actions.one_time_codes import new_code
from crmcore.actions.own_points import Reached
from crmcore.models import ContactPoint, OneTimeCode, Queue, User
from crmcore.queries.own_points import masked
from telephony.actions.desk_texts import text_from_desk

Kind = ContactPoint.Kind
Purpose = OneTimeCode.Purpose


class NoWay(Exception):
    """Nothing can be sent to this number."""


@transaction.atomic
def send_point_code(user: User, kind: str, value: str, place: str) -> int:
    """Write to a new number or address; the id of its code. Raises NoWay."""
    code = new_code(Purpose.POINT, value, about=about(user, kind, place))
    if kind == Kind.PHONE:
        words = _("Your code is {code}. It holds for ten minutes.")
        if not text_from_desk(value, words, queue=_queue(), code=code):
            raise NoWay
    else:
        words = _(
            "Your code is {code}\n\nType it in on the page that you have open. It holds for ten minutes and works "
            "once. If you did not ask for it, you need do nothing: without the code nothing is changed."
        )
        write_letter(value, _("Your code to confirm this address"), words, code=code)
    return code.pk


def about(user: User, kind: str, place: str) -> str:
    """What a code of this purpose is for."""
    return f"point {user.pk} {kind} {place}"


@transaction.atomic
def tell_of_change(reached: Reached, old_address: str) -> None:
    """Tell the address by which the person signed in before, and the old number or address."""
    point, before = reached.point, reached.before
    facts = {"new": masked(point.kind, point.value), "where": desk_url(reverse("portal:write"))}
    if before:
        words = _(
            "How we reach you was changed on the portal: %(old)s is now %(new)s.\n\n"
            "If that was not you, tell us at once: %(where)s"
        ) % {**facts, "old": masked(point.kind, before)}
    else:
        words = (
            _("A way to reach you was added on the portal: %(new)s.\n\nIf that was not you, tell us at once: %(where)s")
            % facts
        )
    mailed = (old_address, before if point.kind == Kind.EMAIL else "")
    for address in dict.fromkeys(one.lower() for one in mailed if one and one.lower() != point.value):
        write_letter(address, _("How we reach you was changed"), words)
    if before and point.kind == Kind.PHONE:
        text_from_desk(before, words, queue=_queue())


def tell_of_removal(user: User, point: ContactPoint) -> None:
    """Tell the person that a number or address is gone."""
    facts = {"old": masked(point.kind, point.value), "where": desk_url(reverse("portal:write"))}
    words = _(
        "A way to reach you was taken away on the portal: %(old)s.\n\nIf that was not you, tell us at once: %(where)s"
    )
    addresses = [user.email, point.raw if point.kind == Kind.EMAIL else ""]
    for address in dict.fromkeys(one.lower() for one in addresses if one):
        write_letter(address, _("How we reach you was changed"), words % facts)


def _queue() -> Queue | None:
    return Queue.objects.filter(is_active=True).order_by("-is_default", "position", "pk").first()
