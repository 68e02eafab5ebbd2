"""A closed session is closed: while it is on, nothing of the hall is in what the stage serves, whatever is sent; then it is back."""

from __future__ import annotations

import asyncio
from pathlib import Path

from shared.events.programme import SessionRef
from shared.events.running_order import RunningOrderChanged
from shared.events.stage import StageChanged
from shared.storage.mongo import MongoDatabase
from tests.services.streaming.harness import EVENT, PATIENCE, STAGE, StreamingHarness, open_harness
from tests.services.streaming.seen_and_heard import Colour, Moment, everything_since
from tests.support.sender import rtmp_push

RED: Colour = (253, 0, 0)
BLUE: Colour = (0, 0, 254)
TONE = 1000
TURNS_BLUE_AFTER = 14.0
"""Seconds after the sender began: in the midst of the closed session."""
HEARD = 0.05
"""The tone is sent at an eighth of full scale."""
CLOSED = SessionRef("members", "other", "", "Members only", None, None, None, None, questions=False, closed_stage=STAGE)


def red_then_blue(seconds: float) -> str:
    return f"color=c=red:s=320x180:r=25,format=yuv420p,drawbox=t=fill:color=blue:enable='gte(t,{seconds})'"


async def test_a_closed_session_is_neither_seen_nor_heard_and_the_hall_comes_back_by_itself(database: MongoDatabase, ffmpeg: Path) -> None:
    async with open_harness(database) as stage:
        await stage.publish_programme(sessions=[CLOSED])
        await stage.tell_what_is_on()
        async with rtmp_push(ffmpeg, await stage.rtmp_url(), picture=red_then_blue(TURNS_BLUE_AFTER), tone=TONE) as sender:
            began = asyncio.get_running_loop().time()
            await stage.until(lambda: stage.source.state.origin == "rtmp" and stage.source.splicer.settled(stage.source._number), 30)
            before = Moment.now(stage)
            await before.seconds_later(stage, 2.5)
            shown = await everything_since(stage, before, ffmpeg)
            assert shown.shows(RED)
            assert shown.loudness(TONE) > HEARD

            await stage.tell_what_is_on(CLOSED.id)
            closed = Moment.now(stage)
            await stage.until(lambda: stage.source.state.reason == "closed_session")
            seen = await stage.operators_see()
            assert (seen["state"], seen["origin"], seen["reason"]) == ("fallback", "slate", "closed_session")
            received = seen["ingest"]["bytes"]
            await closed.seconds_later(stage, max(3.0, began + TURNS_BLUE_AFTER + 1.5 - asyncio.get_running_loop().time()))
            shown = await everything_since(stage, closed, ffmpeg)
            assert not shown.unseen
            assert not shown.shows(RED)
            assert not shown.shows(BLUE)
            assert shown.loudness(TONE) < HEARD / 50
            assert sender.returncode is None
            assert (await stage.operators_see())["ingest"]["bytes"] > received, "the sender stays connected"
            assert not [run for run in stage.source._runs.values() if not run.finished], "nothing of the hall is encoded"

            await stage.tell_what_is_on("another")
            opened = Moment.now(stage)
            await stage.until(lambda: stage.source.state.origin == "rtmp", 30)
            shown = await everything_since(stage, opened, ffmpeg)
            assert not shown.shows(RED), "what was sent during the session waited for its end"
            await Moment.now(stage).seconds_later(stage, 2.5)
            shown = await everything_since(stage, opened, ffmpeg)
            assert shown.shows(BLUE)
            assert shown.loudness(TONE) > HEARD
            assert stage.source.state.reason is None


async def test_the_others_are_told_why_there_is_no_picture(database: MongoDatabase, ffmpeg: Path) -> None:
    async with open_harness(database) as stage:
        await stage.until(lambda: stage.source.state.origin == "generated")
        await stage.publish_programme(sessions=[CLOSED])
        await stage.tell_what_is_on(CLOSED.id)
        await stage.until(lambda: stage.source.state.reason is not None)
        told = (await told_of(database, stage, "closed_session"))[-1]
        assert (told.state, told.origin) == ("fallback", "slate")
        await stage.tell_what_is_on(seq=1)  # late: an older one
        assert stage.source.closed
        await stage.tell_what_is_on()
        await stage.until(lambda: stage.source.state.origin == "generated", 2 * PATIENCE)


async def test_after_a_restart_no_hall_is_shown_before_it_is_known_whether_it_is_closed(database: MongoDatabase, ffmpeg: Path) -> None:
    async with open_harness(database) as before:
        await before.publish_programme(sessions=[CLOSED])
        await before.tell_what_is_on(CLOSED.id)
    async with (
        open_harness(database, programme=False) as after,
        rtmp_push(ffmpeg, await after.rtmp_url(), picture=red_then_blue(5.0), tone=TONE),
    ):
        await after.until(lambda: after.source.ingest is not None, 30)
        await Moment.now(after).seconds_later(after, 7.0)  # longer than it waits for what it missed
        shown = await everything_since(after, Moment(dict.fromkeys(after.source.packager.renditions, 0)), ffmpeg)
        assert not shown.shows(RED)
        assert shown.loudness(TONE) < HEARD / 50
        after.seq = before.seq
        await after.tell_what_is_on("another")
        opened = Moment.now(after)
        await after.until(lambda: after.source.state.origin == "rtmp", 30)
        shown = await everything_since(after, opened, ffmpeg)
        assert not shown.shows(RED), "a sender that came during the session is not shown from its beginning"


async def test_after_a_restart_the_slate_stays_until_it_is_told_what_is_on(database: MongoDatabase, ffmpeg: Path) -> None:
    async with open_harness(database) as before:
        await before.publish_programme(sessions=[CLOSED])
        await before.tell_what_is_on("another")
    async with open_harness(database, programme=False) as again:
        assert again.source.closed
        again.seq = before.seq
        await again.tell_what_is_on(CLOSED.id)  # what happened while it was away
        await Moment.now(again).seconds_later(again, 7.0)
        assert again.source.closed
    async with open_harness(database, programme=False) as late:
        await late.app.order_changed(RunningOrderChanged(EVENT, ()), 1)
        assert late.source.closed, "an older word changes nothing"
    async with open_harness(database, programme=False) as quiet:
        quiet.seq = again.seq
        await quiet.tell_what_is_on()
        await quiet.until(lambda: quiet.source.state.origin == "generated", 2 * PATIENCE)


async def told_of(database: MongoDatabase, stage: StreamingHarness, reason: str) -> list[StageChanged]:
    """The changes of the stage with this reason, once there is one."""
    for _ in range(100):
        events = [StageChanged(**event.data) for event in await database.pending_events("stages", 100) if event.type == StageChanged.TYPE]
        found = [event for event in events if event.reason == reason]
        if found:
            return found
        await asyncio.sleep(0.1)
    raise AssertionError(f"nobody was told of {reason}")
