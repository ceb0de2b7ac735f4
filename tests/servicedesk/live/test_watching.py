"""Who looks at a ticket: told once, gone with the tab, right after a reconnect, and never to those who may not know."""

import pytest

from servicedesk.live.threads import in_thread
from tests.cast import Cast
from tests.servicedesk.live.conftest import Connect, Tab
from tickets import viewers
from tickets.actions.defaults import ensure_ticket_defaults
from tickets.actions.lifecycle import open_ticket
from tickets.actions.viewing import still_looking
from tickets.models import Ticket
from tickets.queries.wording import type_called


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    ensure_ticket_defaults()
    return open_ticket(
        by=cast.mei,
        subject="Leaks",
        type=type_called("repair"),
        queue=cast.support_queue,
        account=cast.account,
        contact=None,
        channel="call",
    )


async def seen(ticket: Ticket) -> list[tuple[int, str]]:
    return [(one.user_id, one.doing.value) for one in await in_thread(viewers.viewers, ticket.pk)]


async def becomes(tab: Tab, ticket: Ticket, *expected: tuple[int, str]) -> None:
    """The list is this after one of the next events."""
    while await seen(ticket) != list(expected):
        await tab.hear("viewers.changed", timeout=3)


async def test_who_listens_is_seen_by_the_others(cast: Cast, connect: Connect, ticket: Ticket) -> None:
    mei, sun = await connect(cast.mei), await connect(cast.sun)
    await mei.subscribe(f"viewers:{ticket.pk}")
    await sun.subscribe(f"viewers:{ticket.pk}")
    assert (await mei.hear("viewers.changed"))["d"] == {"ticket_id": ticket.pk}
    assert await seen(ticket) == [(cast.mei.pk, "viewing"), (cast.sun.pk, "viewing")]


async def test_writing_is_told_once_and_comes_first(cast: Cast, connect: Connect, ticket: Ticket) -> None:
    topic = f"viewers:{ticket.pk}"
    mei, sun = await connect(cast.mei), await connect(cast.sun)
    for tab in (mei, sun):
        await tab.subscribe(topic)
    await becomes(mei, ticket, (cast.mei.pk, "viewing"), (cast.sun.pk, "viewing"))
    for _ in range(3):
        await sun.wire.send_json_to({"op": "doing", "topics": [topic], "doing": "writing"})
    await becomes(mei, ticket, (cast.sun.pk, "writing"), (cast.mei.pk, "viewing"))
    assert await in_thread(viewers.note, ticket.pk, "other", cast.ada.pk, "writing")
    assert not await in_thread(viewers.note, ticket.pk, "other", cast.ada.pk, "writing")


async def test_a_closed_tab_is_gone_at_once(cast: Cast, connect: Connect, ticket: Ticket) -> None:
    mei, sun = await connect(cast.mei), await connect(cast.sun)
    for tab in (mei, sun):
        await tab.subscribe(f"viewers:{ticket.pk}")
    await becomes(mei, ticket, (cast.mei.pk, "viewing"), (cast.sun.pk, "viewing"))
    await sun.wire.disconnect()
    await becomes(mei, ticket, (cast.mei.pk, "viewing"))


async def test_a_second_tab_keeps_its_person_on_the_list(cast: Cast, connect: Connect, ticket: Ticket) -> None:
    first, second = await connect(cast.mei), await connect(cast.mei)
    for tab in (first, second):
        await tab.subscribe(f"viewers:{ticket.pk}")
    await first.wire.disconnect()
    assert await seen(ticket) == [(cast.mei.pk, "viewing")]


async def test_another_page_is_another_place(cast: Cast, connect: Connect, ticket: Ticket) -> None:
    mei, sun = await connect(cast.mei), await connect(cast.sun)
    for tab in (mei, sun):
        await tab.subscribe(f"viewers:{ticket.pk}")
    await becomes(mei, ticket, (cast.mei.pk, "viewing"), (cast.sun.pk, "viewing"))
    await sun.wire.send_json_to({"op": "unsubscribe", "topics": [f"viewers:{ticket.pk}"]})
    await becomes(mei, ticket, (cast.mei.pk, "viewing"))


async def test_who_may_not_see_the_ticket_is_neither_told_nor_shown(
    cast: Cast, connect: Connect, ticket: Ticket
) -> None:
    omar = await connect(cast.omar)
    (answer,) = await omar.subscribe(f"viewers:{ticket.pk}")
    await omar.wire.send_json_to({"op": "doing", "topics": [f"viewers:{ticket.pk}"], "doing": "writing"})
    assert answer["k"] == "denied"
    assert await omar.wire.receive_nothing(timeout=0.3)
    assert await seen(ticket) == []


async def test_tabs_of_a_process_that_died_go_with_the_next_beat(
    cast: Cast, connect: Connect, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    await in_thread(viewers.note, ticket.pk, "dead", cast.sun.pk, "writing")
    mei = await connect(cast.mei)
    await mei.subscribe(f"viewers:{ticket.pk}")
    await mei.hear("viewers.changed")
    monkeypatch.setattr(viewers, "KEPT_S", -1)
    await in_thread(still_looking, [(ticket.pk, "alive", cast.mei.pk, "viewing")])
    await mei.hear("viewers.changed", timeout=2)
