"""A browser's place in WHIP tests: aiortc sends a flash and a beep in each second, H.264 and Opus, over real ICE, DTLS and SRTP."""

from __future__ import annotations

import asyncio
import math
from array import array
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from fractions import Fraction
from typing import Any, Final

from aiortc import MediaStreamTrack, RTCBundlePolicy, RTCConfiguration, RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from av import AudioFrame, VideoFrame

from tests.services.streaming.harness import STAGE, StreamingHarness

FPS: Final = 15
RATE: Final = 48_000
PIECE: Final = 960
"""Samples of 20 ms."""
TONE: Final = 1_000
INTERPRETED_TONE: Final = 2_300
SHINES: Final = 0.2
"""Of each second."""
WIDTH, HEIGHT = 320, 180


class _Paced(MediaStreamTrack):
    """Frames at their own pace, on one clock that both tracks share."""

    def __init__(self, began: float, tone: int = TONE) -> None:
        super().__init__()
        self._began, self._count, self._tone = began, 0, tone

    async def _turn(self, seconds: float) -> int:
        await asyncio.sleep(max(0.0, self._began + self._count * seconds - asyncio.get_running_loop().time()))
        self._count += 1
        return self._count - 1


class Flash(_Paced):
    kind = "video"

    async def recv(self) -> VideoFrame:
        number = await self._turn(1 / FPS)
        shines = (number / FPS) % 1 < SHINES
        frame = VideoFrame(WIDTH, HEIGHT, "yuv420p")
        for index, value in enumerate((235 if shines else 16, 128, 128)):
            frame.planes[index].update(bytes([value]) * frame.planes[index].buffer_size)
        frame.pts, frame.time_base = number * 90_000 // FPS, Fraction(1, 90_000)
        return frame


class Beep(_Paced):
    kind = "audio"

    async def recv(self) -> AudioFrame:
        number = await self._turn(PIECE / RATE)
        first = number * PIECE
        loud = (first / RATE) % 1 < SHINES
        frame = AudioFrame("s16", "mono", PIECE)
        frame.planes[0].update(
            array(
                "h", [round(12_000 * math.sin(2 * math.pi * self._tone * (first + n) / RATE)) if loud else 0 for n in range(PIECE)]
            ).tobytes()
        )
        frame.sample_rate, frame.pts, frame.time_base = RATE, first, Fraction(1, RATE)
        return frame


@asynccontextmanager
async def sender(codec: str = "video/H264", *, tracks: str = "both", interpreted: bool = False) -> AsyncIterator[RTCPeerConnection]:
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
    began = asyncio.get_running_loop().time() + 0.1
    if tracks in ("both", "video"):
        transceiver = connection.addTransceiver(Flash(began), "sendonly")
        known = RTCRtpSender.getCapabilities("video").codecs
        transceiver.setCodecPreferences([one for one in known if one.mimeType == codec])
    if tracks in ("both", "audio"):
        connection.addTransceiver(Beep(began), "sendonly")
    if interpreted:
        connection.addTransceiver(Beep(began, INTERPRETED_TONE), "sendonly")
    try:
        yield connection
    finally:
        await connection.close()


async def offer_of(connection: RTCPeerConnection) -> str:
    await connection.setLocalDescription(await connection.createOffer())
    return str(connection.localDescription.sdp)


async def publish(
    found: StreamingHarness, connection: RTCPeerConnection, headers: Mapping[str, str], stage: str = STAGE, language: str = ""
) -> str:
    """The address of the session, after the answer was taken. `language`: of the second sound."""
    async with found.client.post(
        f"/whip/{stage}",
        params={"interpreted": language} if language else {},
        data=await offer_of(connection),
        headers={**headers, "Content-Type": "application/sdp"},
    ) as response:
        answer = await response.text()
        assert response.status == 201, answer
        assert response.content_type == "application/sdp"
        where = response.headers["Location"]
    await connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    return where


async def by_key(found: StreamingHarness, stage: str = STAGE) -> dict[str, str]:
    async with found.client.get(f"/api/streaming/stages/{stage}/key", headers=found.as_role("operator")) as response:
        key: dict[str, Any] = await response.json()
    return {"Authorization": f"Bearer {key['stream_key']}"}
