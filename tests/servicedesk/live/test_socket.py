"""The live socket with the real channel layer, database and Redis."""

import asyncio

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import AnonymousUser
from redis import Redis

from crmcore import live
from crmcore.actions import people
from crmcore.events import ContactChanged
from crmcore.models import AgentPresence, LiveEvent, Wallboard
from servicedesk.live import consumers, hub
from telephony.events import QueueChanged
from tests.cast import Cast, ready
from tests.servicedesk.live.conftest import Connect

publish = sync_to_async(live.publish, thread_sensitive=False)


async def test_an_event_reaches_those_who_listen_with_the_next_version(cast: Cast, connect: Connect) -> None:
    tab = await connect(cast.mei)
    topic = f"queue:{cast.support_queue.pk}"
    (answer,) = await tab.subscribe(topic)

    await publish(topic, QueueChanged(cast.support_queue.pk))

    frame = await tab.hear("queue.changed")
    assert (frame["t"], frame["d"]) == (topic, {"queue_id": cast.support_queue.pk})
    assert frame["v"] > answer["v"]


async def test_nobody_hears_what_was_not_asked_for(cast: Cast, connect: Connect) -> None:
    tab = await connect(cast.mei)
    await tab.subscribe(f"agent:{cast.mei.pk}")

    await publish(f"queue:{cast.support_queue.pk}", QueueChanged(cast.support_queue.pk))

    assert await tab.wire.receive_nothing(timeout=0.5)


async def test_the_board_is_denied_to_agents(cast: Cast, connect: Connect) -> None:
    tab = await connect(cast.mei)
    (answer,) = await tab.subscribe("board")
    assert answer == {"k": "denied", "t": "board"}


async def test_a_beat_tells_the_versions_so_that_a_missed_event_is_noticed(
    cast: Cast, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "BEAT_S", 0.3)
    tab = await connect(cast.mei)
    topic = f"contact:{(await cast.account.contacts.afirst()).pk}"  # type: ignore[union-attr]
    (answer,) = await tab.subscribe(topic)

    await sync_to_async(live.bump)([topic])  # the version grows, the frame is lost

    versions = [(await tab.hear("beat"))["v"].get(topic) for _ in range(4)]
    assert max(version for version in versions if version) > answer["v"]


async def test_the_age_of_the_last_event_tells_a_page_whether_it_is_older(cast: Cast, connect: Connect) -> None:
    topic = f"queue:{cast.support_queue.pk}"
    tab = await connect(cast.mei)
    await tab.subscribe(topic)
    await publish(topic, QueueChanged(cast.support_queue.pk))
    await tab.hear("queue.changed")

    (late,) = await (await connect(cast.mei)).subscribe(topic)

    assert 0 <= late["age"] < 3000


async def test_rights_that_end_end_the_subscription(cast: Cast, connect: Connect) -> None:
    tab = await connect(cast.sun)
    await tab.subscribe("board")

    await sync_to_async(people.set_roles, thread_sensitive=False)(cast.sun, ["agent"], by=cast.ada)

    assert (await tab.hear("denied"))["t"] == "board"


async def test_a_closed_account_is_signed_out(cast: Cast, connect: Connect) -> None:
    tab = await connect(cast.mei)
    await tab.hear("beat")
    await type(cast.mei).objects.filter(pk=cast.mei.pk).aupdate(is_active=False)

    running = await hub.hub()
    for socket in list(running.sockets):
        await socket.recheck()

    assert (await tab.wire.receive_output(timeout=6))["code"] == consumers.SIGNED_OUT


async def test_strangers_are_sent_away(cast: Cast, connect: Connect) -> None:
    tab = await connect(AnonymousUser())
    assert (await tab.wire.receive_output(timeout=6))["code"] == consumers.SIGNED_OUT


async def test_a_wallboard_hears_its_queues_and_no_others(cast: Cast, connect: Connect) -> None:
    board = await Wallboard.objects.acreate(name="Hall", token="t0ken")
    await board.queues.aadd(cast.support_queue)
    tab = await connect(AnonymousUser(), "wallboard=t0ken")

    mine, other, ticket = await tab.subscribe(
        f"queue:{cast.support_queue.pk}", f"queue:{cast.billing_queue.pk}", "ticket:1"
    )

    assert sorted(answer["k"] for answer in (mine, other, ticket)) == ["denied", "denied", "subscribed"]


async def test_an_idle_socket_survives_longer_than_redis_clients_wait(cast: Cast, connect: Connect) -> None:
    tab = await connect(cast.mei)
    topic = f"agent:{cast.mei.pk}"
    await tab.subscribe(topic)
    await asyncio.sleep(6)

    await publish(topic, ContactChanged(1))

    assert (await tab.hear("contact.changed"))["t"] == topic


async def test_a_lost_redis_connection_heals_by_itself(cast: Cast, connect: Connect) -> None:
    tab = await connect(cast.mei)
    topic = f"agent:{cast.mei.pk}"
    await tab.subscribe(topic)
    server: Redis = live.redis()
    await sync_to_async(server.client_kill_filter)(_type="pubsub", skipme=False)
    await asyncio.sleep(1.5)

    await publish(topic, ContactChanged(2))

    assert (await tab.hear("contact.changed"))["d"] == {"contact_id": 2}


async def test_an_event_that_could_not_be_pushed_stays_for_the_relay(
    cast: Cast, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(topics: list[str]) -> list[int]:
        raise OSError("no Redis")

    monkeypatch.setattr(live, "bump", refuse)
    await publish(f"agent:{cast.mei.pk}", ContactChanged(3))
    assert await LiveEvent.objects.filter(topic=f"agent:{cast.mei.pk}").aexists()


async def test_a_connected_agent_has_a_device_until_the_last_tab_closes(cast: Cast, connect: Connect) -> None:
    await sync_to_async(ready, thread_sensitive=False)(cast.mei)
    await AgentPresence.objects.aupdate(device_ok=False)
    tab = await connect(cast.mei)
    second = await connect(cast.mei)
    await tab.hear("beat")
    await asyncio.sleep(0.5)
    assert (await AgentPresence.objects.aget(user=cast.mei)).device_ok

    await tab.wire.disconnect()
    assert (await AgentPresence.objects.aget(user=cast.mei)).device_ok
    await second.wire.disconnect()
    assert not (await AgentPresence.objects.aget(user=cast.mei)).device_ok


async def test_a_client_that_does_not_keep_up_is_sent_away(
    cast: Cast, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "BACKLOG", 2)
    tab = await connect(cast.mei)
    running = await hub.hub()
    (socket,) = running.sockets
    for _ in range(6):
        socket.offer("{}")

    while (message := await tab.wire.receive_output(timeout=6))["type"] != "websocket.close":
        pass
    assert message["code"] == consumers.TRY_AGAIN_LATER


async def test_nonsense_closes_the_socket(cast: Cast, connect: Connect) -> None:
    tab = await connect(cast.mei)
    await tab.hear("beat")
    await tab.wire.send_to(text_data="[1, 2]")
    assert (await tab.wire.receive_output(timeout=6))["code"] == consumers.BAD_MESSAGE
