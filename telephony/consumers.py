"""The signalling socket of browser calls: it seats the two pages at one table and passes their notes across."""

import asyncio
from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from telephony.actions.fold import fold
from telephony.actions.heartbeats import legs_seen
from telephony.actions.recording_parts import take_tape
from telephony.call_seats import Seat, TicketRefused, star_at, take_seat
from telephony.flows.speech import LONGEST_NUMBER
from telephony.flows.tree import KEYS
from telephony.mixing import Star
from telephony.providers.base import CallerHungUp, DigitsEntered, LegJoined, LegLost, Voice
from telephony.providers.browser.ice import ice_servers
from telephony.providers.browser.provider import group_of, star_message
from telephony.states import LegKind

REFUSED = 4403
OVER = 4410
HANDED_OVER = 4411
HEARTBEAT_S = 5
# What the two pages say to each other; the server reads none of it.
PASSED_ON = frozenset({"hello", "sdp", "ice"})
LONGEST_MESSAGE = 64_000


class CallConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]
    """One page at one leg of one call."""

    seat: Seat | None = None
    star = Star(-1, ())
    over = False

    async def connect(self) -> None:
        query = parse_qs(self.scope["query_string"].decode())
        token, page = query.get("token", [""])[0], query.get("page", [""])[0]
        await self.accept()
        try:
            seat = await _in_thread(take_seat, token, page=page, user_id=self.scope["user"].pk or 0)
        except TicketRefused:
            await self.close(REFUSED)
            return
        if seat.is_over:
            await self.close(OVER)
            return
        self.seat, self.page = seat, page
        await self.channel_layer.group_add(group_of(seat.public_id), self.channel_name)
        taken = {"type": "call.taken", "leg_id": seat.leg_id, "page": page}
        await self.channel_layer.group_send(group_of(seat.public_id), taken)
        # Read after the group is joined: what is arranged in between comes as a message.
        self.star = await _in_thread(star_at, seat)
        await self._welcome(seat)
        await self.channel_layer.group_send(group_of(seat.public_id), star_message(self.star))
        self._heart = asyncio.create_task(self._beat(seat))

    async def disconnect(self, code: int) -> None:
        if self.seat is None:
            return
        self._heart.cancel()
        await self.channel_layer.group_discard(group_of(self.seat.public_id), self.channel_name)
        if not self.over:
            await self._report(self.seat, LegLost, "lost")

    async def decode_json(self, text_data: str) -> Any:
        return await super().decode_json(text_data) if len(text_data) <= LONGEST_MESSAGE else {}

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        kind = content.get("type") if isinstance(content, dict) else None
        if self.seat is None:
            return
        if kind in PASSED_ON:
            await self._pass_on(self.seat, content)
        elif kind == "connected":
            await self._report(self.seat, LegJoined, "joined")
        elif kind == "digits" and self.seat.role == LegKind.CUSTOMER:
            await self._enter(self.seat, content)
        elif kind == "bye" and self.seat.role == LegKind.CUSTOMER:
            self.over = True
            await _in_thread(fold, CallerHungUp(**_names(self.seat, "bye")))

    async def call_note(self, event: dict[str, Any]) -> None:
        """A note of another page: who may speak to whom is what the desk arranged."""
        if self.seat is None or event["to"] not in (None, self.seat.leg_id):
            return
        if event["from"] in self.star.peers_of(self.seat.leg_id):
            await self.send_json({**event["note"], "from": event["from"]})

    async def call_star(self, event: dict[str, Any]) -> None:
        """The desk arranged the conversation anew. What is told late is older than what is known."""
        if self.seat is not None and event["epoch"] >= self.star.epoch:
            self.star = Star(event["epoch"], [Voice(**voice) for voice in event["voices"]])
            await self.send_json({"type": "star", **_page_of(self.star, self.seat.leg_id)})

    async def call_over(self, event: dict[str, Any]) -> None:
        """The call, or this leg of it, has ended."""
        if self.seat is None:
            return
        if event.get("leg_id", self.seat.leg_id) == self.seat.leg_id:
            self.over = True
            await self.close(HANDED_OVER if event.get("hands_over") else OVER)
        elif event["leg_id"] == self.star.centre and not event["hands_over"]:
            # What comes next for those who stay may be told before, or long after, this.
            await self.call_star(star_message(Star(self.star.epoch, ())))

    async def call_tape(self, event: dict[str, Any]) -> None:
        """The recording has begun, ended, paused or goes on."""
        if self.seat is not None and not self.over:
            await self._tell_tape(self.seat)

    async def call_taken(self, event: dict[str, Any]) -> None:
        """A newer page of the same person has sat down: one leg has one page."""
        if self.seat is not None and event["leg_id"] == self.seat.leg_id and event["page"] != self.page:
            self.over = True
            await self.close(OVER)

    async def _welcome(self, seat: Seat) -> None:
        ice = await _in_thread(ice_servers, f"leg-{seat.leg_id}")
        await self.send_json(
            {
                "type": "welcome",
                "role": seat.role,
                "state": seat.state,
                "pass": seat.leg_pass,
                "ice": ice,
                **_page_of(self.star, seat.leg_id),
            }
        )
        await self._tell_tape(seat)
        if seat.role == LegKind.CUSTOMER:
            await self._report(seat, LegJoined, "joined")

    async def _tell_tape(self, seat: Seat) -> None:
        """What this page is to record now; customers' pages record nothing."""
        if seat.role != LegKind.CUSTOMER:
            tape = await _in_thread(take_tape, seat.call_id, seat.leg_id, self.page)
            await self.send_json({"type": "tape", "tape": asdict(tape) if tape else None})

    async def _pass_on(self, seat: Seat, content: dict[str, Any]) -> None:
        to = content.get("to")
        if to is None or to in self.star.peers_of(seat.leg_id):
            note = {"type": "call.note", "from": seat.leg_id, "to": to, "note": content}
            await self.channel_layer.group_send(group_of(seat.public_id), note)

    async def _enter(self, seat: Seat, content: dict[str, Any]) -> None:
        """Keys for a question of the call flow; the first answer to a question counts."""
        turn, digits = content.get("turn"), content.get("digits")
        if isinstance(turn, int) and isinstance(digits, str) and set(digits) <= set(KEYS):
            names = _names(seat, "digits") | {"token": f"{seat.leg_id}:digits:{turn}"}
            await _in_thread(fold, DigitsEntered(**names, turn=turn, digits=digits[:LONGEST_NUMBER]))

    async def _report(self, seat: Seat, signal: type[LegJoined] | type[LegLost], what: str) -> None:
        await _in_thread(fold, signal(**_names(seat, what), leg_id=seat.signal_leg_id))

    async def _beat(self, seat: Seat) -> None:
        while True:
            await _in_thread(legs_seen, [seat.leg_id])
            await asyncio.sleep(HEARTBEAT_S)


def _page_of(star: Star, leg_id: int) -> dict[str, Any]:
    """The star as one page needs it: whom to connect to, who hears whom here, whether its own party is on hold."""
    mix = star.mix_for(leg_id)
    return {
        "leg": leg_id,
        "isCentre": leg_id == star.centre,
        "peers": star.peers_of(leg_id),
        "hears": {**mix.hears, **star.tape_for(leg_id)},
        "music": mix.music,
        "held": star.is_held(leg_id),
    }


def _names(seat: Seat, what: str) -> dict[str, Any]:
    return {"provider": "browser", "provider_call_id": seat.provider_call_id, "token": seat.token(what)}


async def _in_thread(call: Any, *args: Any, **kwargs: Any) -> Any:
    return await database_sync_to_async(call, thread_sensitive=False)(*args, **kwargs)
