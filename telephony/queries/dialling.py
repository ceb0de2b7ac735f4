"""Whether a number may be called, and by which carrier."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from crmcore import phone_numbers
from crmcore.models import ContactPoint, Queue, User
from telephony.dial_rules import DialRefused, Refusal
from telephony.models import Call, DoNotCallNumber, PhoneLine
from telephony.providers.registry import PROVIDERS, provider_of


@dataclass(frozen=True)
class Route:
    """How a number is reached: the carrier's code, and the line whose number the called party sees."""

    provider: str
    line: PhoneLine | None = None


def number_to_call(raw: str) -> str:
    """The number in E.164. Raises DialRefused for what is no number, our own, at a premium, or must not be called."""
    number = phone_numbers.normalise(raw, settings.DEFAULT_PHONE_REGION)
    if number.kind != phone_numbers.Kind.NUMBER or not number.is_valid or not number.value.startswith("+"):
        raise DialRefused(Refusal.UNREADABLE)
    if PhoneLine.objects.filter(number=number.value).exists():
        raise DialRefused(Refusal.OWN_NUMBER)
    if phone_numbers.place_of(number.value).line_type == phone_numbers.LineType.PREMIUM:
        raise DialRefused(Refusal.PREMIUM)
    if is_opted_out(number.value):
        raise DialRefused(Refusal.DO_NOT_CALL)
    return number.value


def is_opted_out(number: str) -> bool:
    """Whether the number is on the desk's list, or anybody who holds it does not want to be called on it."""
    if DoNotCallNumber.objects.filter(number=number).exists():
        return True
    return ContactPoint.objects.filter(kind=ContactPoint.Kind.PHONE, value=number, opted_out=True).exists()


def belongs_to_demo(number: str) -> bool:
    """Whether the number was made up for the demo: no carrier that reaches people may ever hear of it."""
    made_up = Q(contact__is_demo=True) | Q(account__is_demo=True)
    return ContactPoint.objects.filter(made_up, kind=ContactPoint.Kind.PHONE, value=number).exists()


def can_be_called_back(call: Call) -> bool:
    """Whether a waiting caller may be offered to hang up and be called."""
    try:
        callee = number_to_call(call.customer_number)
    except DialRefused:
        return False
    return route_to(is_demo=call.is_demo or belongs_to_demo(callee), queue=call.queue) is not None


def route_to(*, is_demo: bool, queue: Queue | None = None, line: PhoneLine | None = None) -> Route | None:
    """The way to a customer, preferably from `line` or a line of `queue`; None when nothing set up leads there."""
    real, imaginary = _diallers()
    chosen = line if line is not None and line.is_active and not line.is_demo else None
    line = (chosen or line_of(queue)) if real and not is_demo else None
    if line is not None:
        return Route(real[0], line)
    return Route(imaginary[0]) if imaginary and (is_demo or (settings.DEMO and not real)) else None


def queue_of_agent(user: User) -> Queue | None:
    """The queue under which the agent's own calls are counted: the first one that he serves."""
    served = Queue.objects.filter(memberships__user=user, is_active=True)
    return served.order_by("memberships__penalty", "position", "pk").first()


def _diallers() -> tuple[list[str], list[str]]:
    """Carriers that can place calls now: those that reach people, those that only pretend."""
    able = [code for code in PROVIDERS if provider_of(code).capabilities.can_dial and provider_of(code).dials()]
    real = [code for code in able if provider_of(code).capabilities.reaches_people]
    return real, [code for code in able if code not in real]


def line_of(queue: Queue | None) -> PhoneLine | None:
    """The line whose number the called party sees, preferably one of `queue`."""
    lines = PhoneLine.objects.filter(is_active=True, is_demo=False).order_by("pk")
    own = lines.filter(queue=queue).first() if queue else None
    return own or lines.first()
