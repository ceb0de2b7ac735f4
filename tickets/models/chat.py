"""Live chats: a conversation in lines, waiting in a queue or held by one agent; its words stand on a ticket."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crmcore.models import Queue
from crmcore.scoping import ScopedManager, ScopePaths
from tickets.models.interaction import Interaction
from tickets.models.ticket import Ticket

# No setting lets anybody hold more chats at once.
MOST_SLOTS = 12


class ChatState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RINGING = "ringing", _("Ringing")
    TALKING = "talking", _("Running")
    ENDED = "ended", _("Ended")


class ChatEnd(models.TextChoices):
    """Why a chat is over."""

    AGENT = "agent", _("Ended by us")
    CUSTOMER = "customer", _("Ended by the customer")
    LEFT = "left", _("The customer went away")
    NOBODY = "nobody", _("Nobody came in time")
    CLOSED = "closed", _("Written while nobody was there")
    SILENT = "silent", _("Nobody wrote any more")


class Chat(models.Model):
    """Of a signed-in customer (`customer`) or of a guest, who gave a name.

    `rank`: when it entered the queue, minus head starts; the earliest is served first. It is offered to `asked` before
    others. `got` and `read`: the last lines, by `seq`, that a side's screen has and its person saw.
    """

    SCOPE: ClassVar[ScopePaths] = {
        "noun": "ticket",
        "owner": "agent",
        "team": "queue__team",
        "contact": "ticket__contact",
        "account": "ticket__account",
    }

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    once = models.CharField(max_length=60, unique=True)
    channel = models.CharField(max_length=8, choices=Ticket.Channel, default="chat")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="chats")
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="chats")
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="chats"
    )
    guest_name = models.CharField(max_length=80, blank=True)
    guest_email = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=8, choices=ChatState)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="chats_held"
    )
    asked = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    started_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    rank = models.DateTimeField()
    deadline = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    last_line_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end = models.CharField(max_length=8, choices=ChatEnd, blank=True)
    wrapped_at = models.DateTimeField(null=True, blank=True)
    call_asked_at = models.DateTimeField(null=True, blank=True)
    seq = models.PositiveIntegerField(default=0)
    customer_got = models.PositiveIntegerField(default=0)
    customer_read = models.PositiveIntegerField(default=0)
    agent_read = models.PositiveIntegerField(default=0)
    customer_seen_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    objects: ClassVar[ScopedManager["Chat"]] = ScopedManager()

    class Meta:
        indexes = [
            models.Index(fields=["rank", "id"], condition=Q(state="waiting"), name="chat_waiting"),
            models.Index(fields=["deadline"], condition=Q(deadline__isnull=False), name="chat_deadline"),
            models.Index(fields=["-started_at", "-id"], name="chat_newest"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "channel"], condition=~Q(state="ended"), name="one_live_chat_per_customer"
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False) | (~Q(state="ended") & Q(ended_at=None)),
                name="chat_end_has_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("waiting", "ringing")) | Q(agent=None), name="waiting_chat_has_no_agent"
            ),
            models.CheckConstraint(condition=~Q(state="talking") | Q(agent__isnull=False), name="running_chat_is_held"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def name(self) -> str:
        """Who chats: the person as we know them, else as the guest calls himself."""
        return (self.ticket.contact.name if self.ticket.contact else "") or self.guest_name

    @property
    def is_live(self) -> bool:
        return self.state != ChatState.ENDED

    @property
    def unread(self) -> int:
        """Lines that the agent has not seen."""
        return max(0, self.seq - self.agent_read)


class ChatSeat(models.Model):
    """An agent's place in a chat, from the offer on. Slots count from 0: nobody has more than there are."""

    class State(models.TextChoices):
        RINGING = "ringing", _("Ringing")
        HELD = "held", _("Running")
        CLOSED = "closed", _("Closed")

    class End(models.TextChoices):
        TIMEOUT = "timeout", _("Not taken")
        DECLINED = "declined", _("Declined")
        GONE = "gone", _("The agent's screen was gone")
        PASSED_ON = "passed_on", _("Passed on")
        WITHDRAWN = "withdrawn", _("The customer left first")
        ENDED = "ended", _("The chat ended")

    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="seats")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="chat_seats")
    slot = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.RINGING)
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    end = models.CharField(max_length=9, choices=End, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(state="ringing"), name="chat_seat_due"),
            models.Index(fields=["agent", "-closed_at"], name="chat_seat_lately"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["chat"], condition=~Q(state="closed"), name="one_seat_per_chat"),
            models.UniqueConstraint(fields=["agent", "slot"], condition=~Q(state="closed"), name="one_chat_per_slot"),
            models.CheckConstraint(condition=Q(slot__lt=MOST_SLOTS), name="chat_slots_end"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | (~Q(state="closed") & Q(closed_at=None)),
                name="closed_seat_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("offered_at")), name="chat_seat_runs_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent} in {self.chat_id}, {self.state}"


class ChatLine(models.Model):
    """One line. Words stand in their interaction, on the ticket; what happened has a code in `event`.

    `client_id` is made by whoever writes: a line that is sent again is the line that is there.
    """

    class Side(models.TextChoices):
        CUSTOMER = "customer", _("Customer")
        AGENT = "agent", _("Agent")
        DESK = "desk", _("The desk")

    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="lines")
    seq = models.PositiveIntegerField()
    side = models.CharField(max_length=8, choices=Side)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    event = models.CharField(max_length=20, blank=True)
    detail = models.JSONField(default=dict, blank=True)
    interaction = models.OneToOneField(
        Interaction, on_delete=models.CASCADE, null=True, blank=True, related_name="chat_line"
    )
    client_id = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chat", "seq"], name="one_chat_line_per_seq"),
            models.UniqueConstraint(
                fields=["chat", "side", "client_id"], condition=~Q(client_id=""), name="chat_line_sent_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.chat_id} #{self.seq}"


class ChatRules(models.Model):
    """The desk's one set of rules for chats. Names ending in `_s` are seconds.

    `at_once`: chats that one agent may hold, `at_once_on_call` beside a call. Without `queue` the customer's language
    chooses, without `calendar` the hours of the queue hold.
    """

    is_on = models.BooleanField(default=True)
    queue = models.ForeignKey(Queue, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    calendar = models.ForeignKey("crmcore.Calendar", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    takes_guests = models.BooleanField(default=True)
    greeting = models.CharField(max_length=300, blank=True)
    greeting_zh = models.CharField(max_length=300, blank=True)
    at_once = models.PositiveSmallIntegerField(default=3)
    at_once_on_call = models.PositiveSmallIntegerField(default=0)
    wait_limit_s = models.PositiveIntegerField(default=300)
    silence_limit_s = models.PositiveIntegerField(default=1800)
    back_within_s = models.PositiveIntegerField(default=1800)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="one_set_of_chat_rules"),
            models.CheckConstraint(
                condition=Q(at_once__range=(1, MOST_SLOTS), at_once_on_call__lte=F("at_once")), name="chat_capacity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at_once} chats"

    @classmethod
    def current(cls) -> "ChatRules":
        """The rules that hold; the usual ones until somebody sets others."""
        return cls._default_manager.select_related("queue", "calendar").filter(pk=1).first() or cls(pk=1)

    def may_come_back(self, chat: Chat, at: datetime) -> bool:
        """Whether a customer who writes again goes on with a chat that has ended."""
        return chat.ended_at is not None and (at - chat.ended_at).total_seconds() <= self.back_within_s
