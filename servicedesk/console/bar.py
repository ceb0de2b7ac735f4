"""Region A: what the call bar says and which keys it offers."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crmcore import phone_numbers
from crmcore.models import Account, Contact, User
from crmcore.queries.notices import unread_count
from crmcore.queries.presence import away_reasons
from servicedesk.console.desk import Desk, depth_of, desk_of, queues_of
from servicedesk.console.parties import parties_of
from servicedesk.console.recording import on_air
from telephony.models import Call
from telephony.screen_pop import Decision, Kind
from tickets.models import Ticket

TONES = {
    "ringing": "ringing",
    "talking": "talking",
    "connecting": "talking",
    "hold": "hold",
    "consult": "hold",
    "wrap": "wrap",
}
IN_CALL = frozenset({"connecting", "talking", "hold", "consult"})


@dataclass(frozen=True)
class Caller:
    """The other end of the call, as far as this reader may know."""

    name: str
    company: str = ""
    grade: str = ""
    seed: object = None
    kind: str = "person"
    chip: str = ""
    number: str = ""
    place: str = ""
    is_known: bool = False


def bar_context(user: User) -> dict[str, Any]:
    """Everything that `_bar.html` needs, for first paint and refetch alike."""
    desk = desk_of(user)
    call = desk.call
    caller = caller_of(call, user) if call else None
    return {
        "user": user,
        "desk": desk,
        "tone": TONES.get(desk.look, ""),
        "call": call,
        "caller": caller,
        **(_in_call(call, desk, user) if desk.look in IN_CALL and call else {}),
        **(_on_answer(call, user) if desk.look == "ringing" and call else {}),
        "owed": _is_owed(desk),
        "announcement": _announcement(desk, caller),
        "away_reasons": away_reasons(),
        "unread": unread_count(user),
        **depth_context(user),
    }


def _in_call(call: Call, desk: Desk, user: User) -> dict[str, Any]:
    return {"parties": parties_of(call, desk.leg, user), "on_air": on_air(call, desk.leg)}


def depth_context(user: User) -> dict[str, Any]:
    return {"depth": depth_of(user), "queue_ids": queues_of(user)}


def caller_of(call: Call, user: User) -> Caller:
    """Who calls: the chosen or matched customer, else what the number says."""
    decision = Decision.of(call.pop)
    number = phone_numbers.pretty(call.customer_number) if call.customer_number else call.customer_number_raw
    place = _place(decision)
    contact = call.contact or _one(Contact, decision.contact_id if decision else None, user)
    account = call.account or _one(Account, decision.account_id if decision else None, user)
    chip = _chip(decision, is_chosen=call.contact_id is not None or call.account_id is not None)
    if contact is not None:
        company = account.name if account and account.name != contact.name else ""
        grade = account.grade if account else ""
        return Caller(contact.name, company, grade, contact.pk, "person", chip, number, place, True)
    if account is not None:
        return Caller(account.name, "", account.grade, account.pk, account.kind, chip, number, place, True)
    if decision and decision.kind == Kind.WITHHELD:
        return Caller(_("Number withheld"), chip="withheld")
    return Caller(number or _("Unknown number"), chip=chip, number="", place=place)


def _on_answer(call: Call, user: User) -> dict[str, Any]:
    """What answering opens: one ticket if the reader may see it, or the choice among several."""
    decision = Decision.of(call.pop)
    wanted = call.ticket_id or (decision.ticket_id if decision else None)
    opens = Ticket.objects.visible_to(user).filter(pk=wanted).first() if wanted else None
    return {"opens": opens, "choices": len(decision.ticket_ids) if decision and opens is None else 0}


def _place(decision: Decision | None) -> str:
    """The country that a foreign number belongs to; the desk's own needs no saying."""
    if decision is None or decision.region in {"", settings.DEFAULT_PHONE_REGION}:
        return ""
    place = phone_numbers.Place(decision.region, phone_numbers.LineType.UNKNOWN)
    return place.country(get_language() or "en")


def _chip(decision: Decision | None, *, is_chosen: bool) -> str:
    if decision is None:
        return ""
    if decision.verified:
        return "verified"
    if decision.kind == Kind.MAYBE and not is_chosen:
        return "maybe"
    return {Kind.SEVERAL: "several", Kind.UNKNOWN: "unknown", Kind.INTERNAL: "internal"}.get(decision.kind, "")


def _one(model: type[Contact] | type[Account], pk: int | None, user: User) -> Any:
    return model.objects.visible_to(user).filter(pk=pk).first() if pk else None


def _is_owed(desk: Desk) -> bool:
    """Whether what rings is a customer to be called back, whom nobody has spoken to yet."""
    call = desk.call
    is_ours = call is not None and call.direction == Call.Direction.OUT and call.answered_at is None
    return desk.look == "ringing" and is_ours


def _announcement(desk: Desk, caller: Caller | None) -> str:
    if desk.look != "ringing" or caller is None or desk.call is None:
        return ""
    queue = desk.call.queue.label if desk.call.queue else ""
    if _is_owed(desk):
        return _("To be called back, %(name)s, %(queue)s. F2 to call") % {"name": caller.name, "queue": queue}
    return _("Incoming call, %(name)s, %(queue)s. F2 to answer") % {"name": caller.name, "queue": queue}
