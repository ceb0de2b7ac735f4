"""Text messages on a ticket's page: what the composer offers, and how far each message on the timeline has come."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django import template
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse

from crmcore.models import User
from servicedesk.templatetags.ui import now_of
from telephony.models import TextMessage, TextTemplate
from telephony.queries.texting import Outlet, outlets_of, shown_address
from telephony.text_places import places_in
from telephony.text_segments import BASIC, EXTENDED, segments_of
from telephony.text_states import LOST, SETTLED, TextChannel, TextState
from tickets.queries.ticket_page import Composer
from tickets.queries.timeline import Timeline

register = template.Library()

ICONS = {
    TextChannel.SMS: "icon:message",
    TextChannel.WHATSAPP: "icon:brand-whatsapp",
    TextChannel.WECHAT: "icon:brand-wechat",
}
STATE_ICONS = {
    TextState.QUEUED: "icon:clock",
    TextState.SENT: "icon:check",
    TextState.FAILED: "icon:alert-circle",
    TextState.UNDELIVERED: "icon:alert-circle",
    TextState.DELIVERED: "icon:checks",
    TextState.READ: "icon:eye-check",
}


@dataclass(frozen=True)
class OutletFace:
    """One way to write to the customer as the composer shows it; `open_until` only where a window limits it.

    `is_closed`: no words of our own go now, and `needs_template` where approved ones do.
    """

    outlet: Outlet
    icon: str
    number: str
    ours: str
    is_closed: bool
    needs_template: bool
    open_until: datetime | None

    @property
    def code(self) -> str:
        return str(self.outlet.channel)


@dataclass(frozen=True)
class Choice:
    """An approved template, and the numbers of its places."""

    template: TextTemplate
    places: range


@dataclass(frozen=True)
class Texting:
    """What the composer needs besides its own fields. `token` makes a form that is sent twice one message."""

    url: str
    mode: str
    outlets: list[OutletFace]
    choices: list[Choice]
    token: str


@dataclass(frozen=True)
class Delivery:
    """How far a message has come, on the timeline."""

    text: TextMessage
    icon: str
    look: str
    is_real: bool

    @property
    def may_go_again(self) -> bool:
        return self.text.may_go_again


@register.simple_tag(takes_context=True)
def texting(context: Context, composer: Composer) -> Texting:
    """The modes in which this reader may write; the composer's own where it is among them."""
    request = getattr(context, "request", None)
    now = now_of(context)
    faces = [_face(outlet, now) for outlet in outlets_of(composer.ticket)] if _is_staff(request) else []
    codes = {"note", "reply", *(["email"] if composer.mail else []), *(face.code for face in faces)}
    choices = []
    if any(face.needs_template for face in faces):
        rows = TextTemplate.objects.filter(is_active=True)
        choices = [Choice(row, range(1, places_in(row.body) + 1)) for row in rows]
    url = reverse("telephony:text" if faces else "tickets:compose", args=[composer.ticket.number])
    return Texting(url, composer.mode if composer.mode in codes else "reply", faces, choices, uuid.uuid4().hex)


@register.inclusion_tag("telephony/_text_count.html")
def text_count(body: str) -> dict[str, object]:
    """How many messages the network makes of a text; the browser goes on counting."""
    return {"segments": segments_of(body.replace("\r\n", "\n")), "basic": BASIC, "extended": EXTENDED}


@register.simple_tag
def deliveries(timeline: Timeline) -> dict[int, Delivery]:
    """The messages of ours on a timeline by their entries, in one query."""
    written = [entry.pk for entry in timeline.entries if entry.channel in TextChannel]
    if not written:
        return {}
    texts = TextMessage.objects.filter(interaction__in=written, direction=TextMessage.Direction.OUT)
    rows = texts.select_related("again", "interaction")
    return {text.interaction_id: _delivery(text) for text in rows if text.interaction_id}


@register.filter
def of_entry(found: dict[int, Delivery], pk: int) -> Delivery | None:
    """The message of one entry."""
    return found.get(pk)


def _delivery(text: TextMessage) -> Delivery:
    state = TextState(text.state)
    look = "lost" if state in LOST else "done" if state in SETTLED else "open"
    return Delivery(text, STATE_ICONS[state], look, text.provider != "simulated")


def _face(outlet: Outlet, now: datetime) -> OutletFace:
    is_open, rules = outlet.takes_free_text(now), outlet.thread.rules
    return OutletFace(
        outlet,
        ICONS[outlet.channel],
        shown_address(outlet.channel, outlet.theirs),
        outlet.route.ours.name,
        is_closed=not is_open,
        needs_template=not is_open and rules.has_templates,
        open_until=outlet.thread.open_until if is_open else None,
    )


def _is_staff(request: HttpRequest | None) -> bool:
    user = getattr(request, "user", None)
    return isinstance(user, User) and not user.is_portal
