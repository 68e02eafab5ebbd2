"""The live feed over real WebSockets: what each audience gets, coming back, bad frames, access, slow clients, an orderly stop."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import socket as sockets
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial, reduce
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.frames import Frame, Opcode

from services.qa.feed.admission import Limits
from services.qa.feed.projection import View
from services.qa.service import assemble
from shared.auth.passes import Signer, new_private_key
from shared.bus.port import Delivery
from shared.clock import to_text
from shared.config import SettingError
from shared.events.access import AccessRevoked
from shared.events.programme import ProgrammePublished
from shared.metrics import new_registry
from shared.storage.mongo import MongoDatabase
from tests.services.qa.harness import CLOSED, EVENT, PATIENCE, ROUND_TABLE, STAGE, Listener, QaHarness, open_harness
from tests.support.feed_reducer import apply

CROWD, CROWD_SECONDS = 100, 10.0


@pytest.fixture
async def harness(database: MongoDatabase) -> AsyncIterator[QaHarness]:
    async with open_harness(database) as harness:
        yield harness


async def test_everyone_concerned_sees_each_step_and_nobody_else(harness: QaHarness) -> None:
    async with (
        harness.listener("anne") as anne,
        harness.listener("basile") as basile,
        harness.listener("claire", "moderator", "moderator") as desk,
        harness.listener("ecran", "display", "display") as screen,
    ):
        for each in (anne, basile, desk, screen):
            assert (await each.next())["op"] == "welcome"
            assert (await each.next())["op"] == "snapshot"
        item = await harness.asked("anne", text="en attente")
        assert (await anne.event("mine"))["data"]["status"] == "queued"
        assert (await desk.event("item"))["data"]["text"] == "en attente"
        item = await harness.done(item, "publish", text="Reformulée ?")
        said = (await basile.event("item"))["data"]
        assert (said["text"], "original" in said) == ("Reformulée ?", False)
        assert (await anne.event("mine"))["data"]["original"] == "en attente"
        kind = (await screen.next())["kind"]
        while kind == "floor":  # the programme may still be opening the questions
            kind = (await screen.next())["kind"]
        assert kind == "published", "a screen was told of a pending question"
        await harness.vote(item, "basile")
        assert (await basile.event("votes"))["data"] == {"counts": {item["id"]: 1}, "by_door": {item["id"]: {"remote": 1}}}
        assert (await basile.event("voted"))["data"] == {"id": item["id"], "on": True, "hands": 0}
        assert (await anne.event("votes"))["data"]["counts"] == {item["id"]: 1}
        item = await harness.done(item, "stage")
        assert (await screen.event("item"))["data"]["votes"] == 1
        item = await harness.done(item, "hide")
        assert (await screen.event("gone"))["data"] == {"id": item["id"]}
        assert (await basile.event("gone"))["data"] == {"id": item["id"]}
        assert (await desk.event("item"))["data"]["status"] == "published"


async def test_snapshot_and_events_are_what_http_gives(harness: QaHarness) -> None:
    audiences: list[tuple[str, str, View]] = [
        ("anne", "viewer", "public"), ("claire", "moderator", "moderator"), ("ecran", "display", "display"),
    ]  # fmt: skip
    for name, role, view in audiences:
        async with harness.listener(name, role, view) as listener:
            state = (await listener.until("snapshot"))["state"]
            harness.clock.move(31)
            item = await harness.done(await harness.asked("anne"), "publish")
            await harness.vote(item, "basile")
            await harness.tell_stage("live", "file", int(harness.clock().timestamp()))
            item = await harness.done(item, "stage")
            await harness.done(item, "answer")
            _, there = await harness.call("GET", f"/api/qa/sessions/{ROUND_TABLE}?view={view}", name, role)
            await eventually(partial(caught_up, harness, view, f"person-{name}", there))
            while state != there:
                frame = await listener.next()
                state = dict(apply(state, frame)) if frame["op"] == "event" else state
            async with harness.listener(name, role, view) as second:
                assert (await second.until("snapshot"))["state"] == there


async def test_a_client_that_was_cut_gets_what_it_missed(harness: QaHarness) -> None:
    async with harness.listener("anne") as before:
        told = await before.until("snapshot")
    item = await harness.done(await harness.asked("anne"), "publish")
    await harness.vote(item, "basile")
    await harness.tell_stage("fallback", "slate", 5, "closed_session")
    async with harness.listener("anne", epoch=told["epoch"], seq=told["seq"]) as after, harness.listener("anne") as fresh:
        state = (await fresh.until("snapshot"))["state"]
        assert state["stream"] == {"state": "fallback", "origin": "slate", "reason": "closed_session"}
        assert (await after.next())["op"] == "welcome"
        got = told["state"]
        while got != state:
            frame = await after.next()
            assert frame["op"] == "event"
            got = reduce(apply, [frame], got)


async def test_a_client_of_a_former_life_gets_a_snapshot(harness: QaHarness) -> None:
    async with harness.listener("anne", epoch="former", seq=0) as listener:
        assert [(await listener.next())["op"] for _ in range(2)] == ["welcome", "snapshot"]


async def test_a_gap_on_the_bus_is_made_up_for_from_the_store(harness: QaHarness) -> None:
    async with harness.listener("anne") as listener:
        await listener.until("snapshot")
        silent, harness.bus.listeners = harness.bus.listeners, []
        item = await harness.done(await harness.asked("anne"), "publish")
        await harness.vote(item, "basile")
        await harness.pump()
        harness.bus.listeners = silent
        for _, _, on_gap in silent:
            await on_gap()
        assert (await listener.event("item"))["data"]["votes"] == 1


async def test_the_correlation_id_of_a_request_reaches_the_feed(harness: QaHarness) -> None:
    async with harness.listener("claire", "moderator", "moderator") as desk:
        await desk.until("snapshot")
        body = {"id": "00000000-0000-4000-8000-000000000001", "text": "a", "language": "fr"}
        headers = {"X-Correlation-ID": "chosen-by-the-caller", "Authorization": f"Bearer {harness.token('anne')}"}
        async with harness.http.post(f"/api/qa/sessions/{ROUND_TABLE}/questions", json=body, headers=headers) as answer:
            made = answer.headers["X-Correlation-ID"]
        assert (await desk.event("item"))["cid"] == made != "chosen-by-the-caller"


# --- refusals ---------------------------------------------------------------------------------------------------------------------


async def test_a_first_frame_that_is_no_hello_ends_the_connection_with_a_sentence(harness: QaHarness) -> None:
    hello = {"op": "hello", "v": 1, "pass": "", "session": "s", "view": "public", "epoch": None, "seq": None}
    bad, version, large = "feed.bad_frame", "feed.version_unknown", "feed.frame_too_large"
    frames: list[tuple[str | bytes, str]] = [
        ("rubbish", bad), ("[]", bad), ("{}", bad), ('{"op":"pong"}', bad), ('{"op":"hello","v":1}', bad), (b"\x00\x01", bad),
        ('{"op":"shout"}', bad), (json.dumps({**hello, "v": 2}), version), (json.dumps({**hello, "v": True}), bad),
        (json.dumps({**hello, "view": "all"}), bad), (json.dumps({**hello, "seq": -1}), bad), (json.dumps({**hello, "epoch": 3}), bad),
        (json.dumps({**hello, "admin": True}), bad), ("x" * 5000, large), ("[" * 4000, bad),
    ]  # fmt: skip
    for frame, code in frames:
        async with connect(harness.feed_url) as socket:
            await socket.send(frame)
            listener = Listener(socket)
            error = await listener.next()
            assert (error["op"], error["code"]) == ("error", code), frame
            assert set(error["sentences"]) == {"fr", "en"}
            assert await listener.closed() == 4400


async def test_the_passes_that_do_not_count_are_refused(harness: QaHarness) -> None:
    late = harness.token("anne")
    harness.clock.move(606)
    withdrawn = harness.token("gone")
    await harness.revoke("gone")
    harness.clock.move(1)
    for hello, close, code in (
        ({"token": late}, 4401, "access.pass_expired"),
        ({"token": harness.token("anne", signer=Signer(new_private_key()))}, 4401, "access.pass_invalid"),
        ({"token": harness.token("anne", event="another")}, 4401, "access.pass_other_event"),
        ({"token": withdrawn}, 4401, "access.revoked"),
        ({"session": "nowhere"}, 4404, "qa.unknown_session"),
        ({"view": "moderator"}, 4403, "access.denied"),
        ({"view": "display"}, 4403, "access.denied"),
        ({"token": harness.token("claire", "moderator", sessions=(CLOSED,)), "view": "moderator"}, 4403, "access.session_not_yours"),
    ):
        async with harness.listener(**hello) as listener:
            error = await listener.next()
            assert (error["op"], error["code"]) == ("error", code)
            assert await listener.closed() == close


async def test_a_page_of_another_site_and_another_path_are_refused(harness: QaHarness) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(harness.feed_url, origin="https://elsewhere.example").__aenter__()  # type: ignore[arg-type]
    assert refused.value.response.status_code == 403
    async with connect(harness.feed_url, origin=harness.settings.origin):  # type: ignore[arg-type]
        pass
    with pytest.raises(InvalidStatus) as refused:
        await connect(harness.feed_url.replace("/feed", "/other")).__aenter__()
    assert refused.value.response.status_code == 404


async def test_a_page_that_leaves_before_its_welcome_is_counted_and_no_error(harness: QaHarness, caplog: pytest.LogCaptureFixture) -> None:
    """The hello and the end of the connection arrive together, as they do when a page is closed while it loads."""
    hello = {"op": "hello", "v": 1, "pass": harness.token("anne"), "session": ROUND_TABLE, "view": "public", "epoch": None, "seq": None}
    async with connect(harness.feed_url, compression=None) as socket:
        frames = Frame(Opcode.TEXT, json.dumps(hello).encode()).serialize(mask=True) + Frame(Opcode.CLOSE, b"\x03\xe9").serialize(mask=True)
        socket.transport.write(frames)
        await asyncio.wait_for(socket.wait_closed(), PATIENCE)
    await eventually(lambda: harness.metrics.get_sample_value("tablee_qa_feed_left_early_total") == 1)
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
    assert "person-anne" not in harness.feed._people


async def test_what_is_no_websocket_is_no_error(harness: QaHarness, caplog: pytest.LogCaptureFixture) -> None:
    for noise in (
        b"\x16\x03\x01\x02\x00",
        b"GET / HTTP/1.1\r\n\r\n",
        b"QUIT\r\n\r\n",
        b"GET /feed HTTP/1.1\r\n" + b"x" * 20_000 + b"\r\n\r\n",
    ):
        reader, writer = await asyncio.open_connection("127.0.0.1", harness.feed.port)
        writer.write(noise)
        writer.write_eof()
        with contextlib.suppress(ConnectionError):
            await asyncio.wait_for(reader.read(), PATIENCE)
        writer.close()
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_a_silent_stranger_is_let_go(database: MongoDatabase) -> None:
    async with open_harness(database, limits=Limits(hello_seconds=0.1)) as harness, connect(harness.feed_url) as socket:
        listener = Listener(socket)
        assert (await listener.next())["code"] == "feed.hello_late"
        assert await listener.closed() == 4408, "a page on a thin line may try again"


async def test_a_pass_that_expires_ends_the_connection_unless_it_is_renewed(harness: QaHarness) -> None:
    async with harness.listener("anne") as renewed, harness.listener("basile") as forgot, harness.listener("chloe") as cheat:
        for each in (renewed, forgot, cheat):
            await each.until("snapshot")
        harness.clock.move(400)
        await renewed.socket.send(json.dumps({"op": "renew", "pass": harness.token("anne")}))
        await cheat.socket.send(json.dumps({"op": "renew", "pass": harness.token("anne")}))
        assert (await cheat.until("error"))["code"] == "access.pass_invalid"
        assert await cheat.closed() == 4401
        await renewed.socket.send(json.dumps({"op": "pong"}))
        harness.clock.move(300)
        harness.feed.tick()
        assert (await forgot.until("error"))["code"] == "access.pass_expired"
        assert await forgot.closed() == 4401
        await harness.done(await harness.asked("anne"), "publish")
        await renewed.event("item")


async def test_a_revocation_ends_the_live_connections_at_once(harness: QaHarness) -> None:
    async with harness.listener("anne") as first, harness.listener("anne") as second, harness.listener("basile") as other:
        for each in (first, second, other):
            await each.until("snapshot")
        await harness.revoke("anne")
        for each in (first, second):
            assert (await each.until("error"))["code"] == "access.revoked"
            assert await each.closed() == 4401
        await harness.done(await harness.asked("basile"), "publish")
        await other.event("item")


async def test_a_revocation_that_was_missed_in_a_gap_ends_the_connection_at_the_reload(harness: QaHarness) -> None:
    async with harness.listener("anne") as anne:
        await anne.until("snapshot")
        gone = AccessRevoked(EVENT, "person-anne", to_text(harness.clock()), "lost phone")
        envelope = gone.to_envelope(id="gone", subject="person-anne", seq=1, time=harness.clock())
        for reaction in [each for each in harness.service.reactions if each.takes is AccessRevoked]:
            await reaction.receive(Delivery(envelope, 1, reaction.group.name))
        for listener in harness.service.listeners:
            await listener.on_gap()
        assert (await anne.until("error"))["code"] == "access.revoked"
        assert await anne.closed() == 4401


async def test_the_end_of_one_browser_session_ends_its_connections_only(harness: QaHarness) -> None:
    here, there = harness.token("anne", login="phone"), harness.token("anne", login="laptop")
    async with harness.listener("anne", token=here) as phone, harness.listener("anne", token=there) as laptop:
        for each in (phone, laptop):
            await each.until("snapshot")
        await harness.revoke("anne", login="phone")
        assert (await phone.until("error"))["code"] == "access.revoked"
        assert await phone.closed() == 4401
        await harness.done(await harness.asked("basile"), "publish")
        await laptop.event("item")
        status, problem = await harness.call("GET", "/api/qa/sessions", token=here)
        assert (status, problem["code"]) == (401, "access.revoked")
        assert (await harness.call("GET", "/api/qa/sessions", token=there))[0] == 200


async def test_too_many_pages_of_one_person_replace_the_oldest(database: MongoDatabase) -> None:
    async with (
        open_harness(database, limits=Limits(connections_per_person=2)) as harness, harness.listener("anne") as first,
        harness.listener("anne") as second,
    ):  # fmt: skip
        await first.until("snapshot")
        await second.until("snapshot")
        async with harness.listener("anne") as third:
            assert (await first.until("error"))["code"] == "feed.replaced"
            assert await first.closed() == 4409
            await third.until("snapshot")
            await harness.done(await harness.asked("anne"), "publish")
            await second.event("item")
            await third.event("item")


@pytest.mark.parametrize(("limits", "there"), [(Limits(connections=2), 2), (Limits(joining=0), 0)])
async def test_who_finds_a_full_house_or_a_full_doorstep_is_asked_to_come_back(database: MongoDatabase, limits: Limits, there: int) -> None:
    async with open_harness(database, limits=limits) as harness, contextlib.AsyncExitStack() as stack:
        for number in range(there):
            await (await stack.enter_async_context(harness.listener(f"person-{number}"))).until("snapshot")
        with pytest.raises(InvalidStatus) as refused:
            await connect(harness.feed_url).__aenter__()
        assert refused.value.response.status_code == 503
        assert int(refused.value.response.headers["Retry-After"]) >= 1


async def test_a_crowd_that_comes_at_once_waits_in_line_and_nobody_is_sent_away(database: MongoDatabase) -> None:
    async with open_harness(database, limits=Limits(joins_at_a_time=1)) as harness, contextlib.AsyncExitStack() as stack:
        await harness.pump()
        async with asyncio.timeout(CROWD_SECONDS):
            there = await asyncio.gather(*(stack.enter_async_context(harness.listener(f"person-{n}", early=True)) for n in range(CROWD)))
            states = await asyncio.gather(*(each.until("snapshot") for each in there))
        assert [state["seq"] for state in states] == [states[0]["seq"]] * CROWD


async def test_a_client_that_sends_without_end_is_let_go(database: MongoDatabase) -> None:
    async with open_harness(database, limits=Limits(frames_per_heartbeat=3)) as harness, harness.listener("anne") as listener:
        await listener.until("snapshot")
        for _ in range(4):
            await listener.socket.send('{"op":"pong"}')
        assert (await listener.until("error"))["code"] == "feed.too_many_frames"
        assert await listener.closed() == 4400


async def test_a_client_that_does_not_read_is_let_go_and_the_others_do_not_wait(database: MongoDatabase) -> None:
    async with open_harness(database, limits=Limits(buffer_bytes=20_000, close_seconds=0.2)) as harness, harness.listener("anne") as reader:
        await reader.until("snapshot")
        async with harness.listener("slow") as slow:
            await slow.until("snapshot")
            slow.socket.transport.pause_reading()
            inner = slow.socket.transport.get_extra_info("socket")
            inner.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
            item = await harness.done(await harness.asked("chloe", text="x" * 500), "publish")
            for _ in range(9000):
                _flood(harness, item)
                await asyncio.sleep(0)
                if harness.metrics.get_sample_value("tablee_qa_feed_closed_total", {"code": "4408"}):
                    break
                while True:
                    frame = await reader.event("item")
                    if frame["data"]["version"] == item["version"]:
                        break
            else:
                pytest.fail("the slow client was never let go")
            await eventually(lambda: "person-slow" not in harness.feed._people)


def _flood(harness: QaHarness, item: dict[str, Any]) -> None:
    from services.qa.feed.hub import Out
    from services.qa.feed.protocol import event

    item["version"] += 1
    clients = tuple(harness.feed._clients)
    harness.feed.send([Out(event(item["version"] + 1000, "item", {**item, "text": "y" * 20_000}), clients)])


def caught_up(harness: QaHarness, view: View, person: str, there: object) -> bool:
    return harness.feed.hub.state(ROUND_TABLE, view, person) == there


async def eventually(true: Callable[[], bool]) -> None:
    """The server has no event to await for what it does with its own connections."""
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_heartbeats_are_sent_and_a_dead_client_is_let_go(database: MongoDatabase) -> None:
    async with (
        open_harness(database, limits=Limits(heartbeat_seconds=0.0, silence_seconds=0.2)) as harness, harness.listener("anne") as alive,
        harness.listener("basile") as dead,
    ):  # fmt: skip
        await alive.until("snapshot")
        await dead.until("snapshot")
        harness.feed.tick()
        assert (await alive.until("ping")) == {"op": "ping"}
        await asyncio.sleep(0.25)
        (heard,) = harness.feed._people["person-anne"]
        before = heard.last_frame_at
        await alive.socket.send('{"op":"pong"}')
        await eventually(lambda: heard.last_frame_at > before)
        harness.feed.tick()
        assert await dead.closed() == 4408
        assert (await alive.until("ping")) == {"op": "ping"}


async def test_a_restart_tells_everyone_when_to_come_back(harness: QaHarness) -> None:
    async with harness.listener("anne") as anne, harness.listener("basile") as basile:
        await anne.until("snapshot")
        await basile.until("snapshot")
        assert harness.service.drain is not None
        url = harness.feed_url
        await harness.service.drain()
        for each in (anne, basile):
            bye = await each.until("bye")
            assert bye["code"] == 1012
            assert 500 <= bye["retry_after_ms"] <= 8000
            assert await each.closed() == 1012
        with pytest.raises((OSError, InvalidStatus)):
            await connect(url).__aenter__()
        with pytest.raises(RuntimeError):
            await harness.service.checks["feed"]()


async def test_a_port_that_is_taken_is_one_clear_line(harness: QaHarness) -> None:
    _, again = assemble(replace(harness.ports, metrics=new_registry()), harness.settings)
    with pytest.raises(SettingError, match=rf"port {harness.feed.port} .* live feed .*TABLEE_FEED_PORT"):
        await again.start()


async def test_a_restarted_feed_knows_the_stage_and_the_votes(harness: QaHarness) -> None:
    await harness.tell_stage("live", "rtmp", 3)
    await harness.tell_stage("starting", "none", 2)
    item = await harness.done(await harness.asked("anne"), "publish")
    await harness.vote(item, "basile")
    service, feed = assemble(replace(harness.ports, metrics=new_registry()), harness.settings)
    await harness.feed.stop()
    assert service.start is not None
    await service.start()
    try:
        harness.feed = feed
        async with harness.listener("basile") as listener:
            state = (await listener.until("snapshot"))["state"]
        assert state["stream"] == {"state": "live", "origin": "rtmp"}
        assert state["my_votes"] == [item["id"]]
        assert state["items"][item["id"]]["votes"] == 1
    finally:
        await feed.stop()


async def test_a_programme_of_another_event_changes_nothing(harness: QaHarness) -> None:
    other = ProgrammePublished("another", "x", "UTC", "d", (), ())
    await harness.tell(other, "another", 9)
    _, floors = await harness.call("GET", "/api/qa/sessions")
    assert len(floors["sessions"]) == 2
    assert STAGE == "grande-salle"
