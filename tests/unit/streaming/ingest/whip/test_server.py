"""What happens to a stage while an offer is being answered counts for who made it."""

from __future__ import annotations

import asyncio

import pytest
from aiortc import RTCConfiguration, RTCPeerConnection

from services.streaming.ingest import disconnect_reasons
from services.streaming.ingest.port import IngestRefusal
from services.streaming.ingest.whip.server import WhipRefused, WhipServer
from tests.unit.streaming.ingest.whip.test_peer import HERE, offer

STAGE = "hall"


class Whip:
    def __init__(self) -> None:
        self.refusals: list[IngestRefusal] = []
        self.server = WhipServer(
            HERE, silence=lambda stage: None, disconnect=lambda stage, reason: self.server.disconnect(stage, reason),
            on_publish=lambda publication: None, on_refusal=self.refusals.append,
        )  # fmt: skip

    async def answering(self, sdp: str) -> asyncio.Task[tuple[str, str]]:
        task = asyncio.create_task(self.server.offer(STAGE, sdp, "192.0.2.1"))
        await asyncio.sleep(0)
        assert not task.done(), "its answer takes more than one turn"
        return task


@pytest.mark.parametrize("end", ["key", "stop"])
async def test_who_is_about_to_send_is_cut_as_who_sends(end: str) -> None:
    sender, whip = RTCPeerConnection(RTCConfiguration(iceServers=[])), Whip()
    task = await whip.answering(await offer(sender))
    if end == "key":
        whip.server.disconnect(STAGE, disconnect_reasons.KEY_CHANGED)
    else:
        await whip.server.stop()
    code = {"key": disconnect_reasons.UNAVAILABLE, "stop": disconnect_reasons.STOPPING}[end]
    with pytest.raises(WhipRefused) as refused:
        await task
    assert (refused.value.code, [one.code for one in whip.refusals]) == (code, [code])
    await sender.close()


async def test_who_replaces_another_one_stays() -> None:
    first, second, whip = RTCPeerConnection(RTCConfiguration(iceServers=[])), RTCPeerConnection(RTCConfiguration(iceServers=[])), Whip()
    before, _ = await whip.server.offer(STAGE, await offer(first), "192.0.2.1")
    after, _ = await whip.server.offer(STAGE, await offer(second), "192.0.2.1")
    assert not whip.server.end(before, STAGE)
    assert whip.server.end(after, STAGE)
    await whip.server.stop()
    await asyncio.gather(first.close(), second.close())
