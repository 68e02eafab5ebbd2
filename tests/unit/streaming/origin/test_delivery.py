"""Delivery serves whatever channel it is given: here one that no stage fills."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Mapping

import pytest

from services.streaming.media.fmp4 import read_fragment
from services.streaming.media.ladder import STANDARD
from services.streaming.origin.channel import LiveChannel
from services.streaming.origin.delivery import HlsDelivery
from services.streaming.packaging.packager import Packager
from services.streaming.packaging.rendition import Rendition
from shared.errors import NotFound, Unavailable
from tests.support.simulated_stage import init_of, part_of

LEADER = STANDARD.leader


class Recording:
    """A channel that was filled once and gets nothing new: nothing is waited for."""

    revision = 1
    ready = True
    ended = False

    def __init__(self, renditions: Mapping[str, Rendition]) -> None:
        self.renditions = renditions

    async def wait(self, thing: Hashable, there: Callable[[], bool], seconds: float) -> bool:
        return there()


def add(packager: Packager, number: int) -> None:
    for track in STANDARD.tracks:
        init = init_of(track)
        packager.append(track.name, read_fragment(part_of(track, number), init), splice=None if number else init)


def filled(parts: int) -> Packager:
    packager = Packager(STANDARD, prefix="r", first_sequence=7)
    for number in range(parts):
        add(packager, number)
    return packager


async def test_a_recording_is_served_without_any_stage() -> None:
    channel, delivery = Recording(filled(20).renditions), HlsDelivery()
    text = (await delivery.media(channel, LEADER.name, {})).body.decode()
    uri = next(line for line in text.splitlines() if not line.startswith("#"))
    assert (await delivery.file(channel, LEADER.name, uri)).body == channel.renditions[LEADER.name].window[0].data
    with pytest.raises(Unavailable):
        await delivery.media(channel, LEADER.name, {"_HLS_msn": str(channel.renditions[LEADER.name].position + 1)})
    with pytest.raises(NotFound):
        await delivery.media(channel, "4k", {})


async def test_a_blocking_request_is_answered_by_the_very_part_it_waits_for() -> None:
    packager = filled(1)
    channel, delivery = LiveChannel(packager), HlsDelivery()
    asked = asyncio.create_task(delivery.media(channel, LEADER.name, {"_HLS_msn": "7", "_HLS_part": "1"}))
    await asyncio.sleep(0)
    assert channel.waiting == 1
    add(packager, 1)
    channel.update()
    assert packager.renditions[LEADER.name].hint not in (await asked).body.decode().split("PRELOAD-HINT")[0]
    assert delivery.blocked == 1


async def test_a_channel_that_ends_answers_those_who_wait() -> None:
    channel, delivery = LiveChannel(Packager(STANDARD, prefix="r", first_sequence=7)), HlsDelivery()
    asked = asyncio.create_task(delivery.multivariant(channel, lambda track: track.name))
    await asyncio.sleep(0)
    assert channel.waiting == 1
    channel.dismiss()
    with pytest.raises(Unavailable):
        await asked


async def test_at_the_end_of_a_stream_whoever_waits_gets_the_end_of_the_list_and_directives_are_ignored() -> None:
    packager = filled(9)
    channel, delivery = LiveChannel(packager), HlsDelivery()
    ahead = {"_HLS_msn": str(packager.leader.position + 1)}
    waiting = asyncio.create_task(delivery.media(channel, LEADER.name, ahead))
    await asyncio.sleep(0)
    assert channel.waiting
    channel.finish()
    told = [(await waiting).body.decode(), (await delivery.media(channel, LEADER.name, {"_HLS_msn": "99", "_HLS_skip": "x"})).body.decode()]
    for text in told:
        assert "#EXT-X-ENDLIST" in text
        assert "PRELOAD-HINT" not in text
        assert text.count("#EXTINF") == len(packager.leader.window), "the last segment is whole"
