"""One WebRTC connection that only receives: aiortc ends ICE, DTLS and SRTP, and hands over whole frames that nobody has decoded.

aiortc decodes each frame in a thread and counts each kind from zero. Both are replaced in its receivers here, by name, and nowhere else;
tests/unit/streaming/ingest/whip/test_peer.py fails when a release has other names.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aioice.candidate import Candidate, candidate_foundation, candidate_priority
from aioice.ice import StunProtocol, get_host_addresses
from aiortc import RTCBundlePolicy, RTCConfiguration, RTCPeerConnection, RTCRtpReceiver, RTCSessionDescription
from aiortc.rtp import RtcpSrPacket

from services.streaming.ingest.arrivals import Kind
from services.streaming.ingest.whip.clocks import Line
from services.streaming.ingest.whip.place import Place

log = logging.getLogger(__name__)

NTP_FRACTION: Final = 1 << 32
CODECS: Final[dict[Kind, str]] = {"video": "video/H264", "audio": "audio/opus"}


class BadOffer(Exception):
    """The offer cannot be answered. The text is for our log alone."""


@dataclass(frozen=True, slots=True)
class Ears:
    """What is called, in the loop, and must not block: for each frame (kind, bytes, RTP count), for each sender report (kind, sender's
    wall clock in seconds, RTP count), at the end."""

    frame: Callable[[Line, bytes, int], None]
    report: Callable[[Line, float, int], None]
    ended: Callable[[], None]


class _Undecoded(queue.Queue[Any]):
    """In place of the queue to a decoder: each frame goes straight on. The thread behind it waits for its end and does nothing else."""

    def __init__(self, take: Callable[[bytes, int], None]) -> None:
        super().__init__()
        self._take = take

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        if item is None:
            super().put(None, block, timeout)
        else:
            self._take(item[1].data, item[1].timestamp)


class _AsSent:
    """In place of the mapper to zero: the RTP count as it was sent."""

    @staticmethod
    def map(timestamp: int) -> int:
        return timestamp


def _lines(offer: str) -> list[Line]:
    pictures: list[Line] = ["video"]
    sounds: list[Line] = ["audio", "interpreted"]
    return pictures[: offer.count("m=video ")] + sounds[: offer.count("m=audio ")]


class Peer:
    def __init__(self, place: Place, ears: Ears, *, two_sounds: bool = False) -> None:
        """`two_sounds`: aiortc leaves the second one where the first was, unless all is on one transport from the beginning."""
        self._place, self._ears = place, ears
        bundling = RTCBundlePolicy.MAX_BUNDLE if two_sounds else RTCBundlePolicy.BALANCED
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=bundling))
        self._connection.on("connectionstatechange", self._state_changed)
        self._video: RTCRtpReceiver | None = None
        self._ssrc: int | None = None
        self._asking: asyncio.Task[None] | None = None
        self._over = False

    @property
    def connected(self) -> bool:
        return self._connection.connectionState == "connected"

    async def answer(self, offer: str) -> str:
        """The SDP answer with every candidate. Raises BadOffer."""
        try:
            self._await(_lines(offer))
            await self._connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
            self._listen()
            await self._connection.setLocalDescription(await self._connection.createAnswer())
        except Exception as wrong:  # aiortc says what it cannot read in many ways
            raise BadOffer(f"{type(wrong).__name__}: {wrong}") from wrong
        return str(self._connection.localDescription.sdp)

    def _await(self, lines: Sequence[Line]) -> None:
        """Made before the offer is read, so that nothing else is agreed to; of two sounds the first offered is the first made."""
        for line in lines:
            kind: Kind = "video" if line == "video" else "audio"
            transceiver = self._connection.addTransceiver(kind, "recvonly")
            known = RTCRtpReceiver.getCapabilities(kind)
            transceiver.setCodecPreferences([one for one in (known.codecs if known else []) if one.mimeType == CODECS[kind]])
            self._tap(line, transceiver.receiver)

    def _listen(self) -> None:
        for transceiver in self._connection.getTransceivers():
            ice: Any = transceiver.receiver.transport.transport.iceGatherer._connection
            ice.get_component_candidates = _Listening(ice, self._place).candidates

    def _tap(self, kind: Line, receiver: Any) -> None:
        def frame(data: bytes, count: int) -> None:
            self._ears.frame(kind, data, count)

        receiver._RTCRtpReceiver__decoder_queue = _Undecoded(frame)
        receiver._RTCRtpReceiver__timestamp_mapper = _AsSent()
        # It takes each delay of this process, whose cores encode, for one of the line, and asks for 30 kbit/s. Loss is reported all the
        # same (RFC 3550, section 6.4.2): by that a sender knows what its line holds.
        receiver._RTCRtpReceiver__remote_bitrate_estimator = None
        handle_report, handle_media = receiver._handle_rtcp_packet, receiver._handle_rtp_packet

        async def report(packet: Any) -> None:
            if isinstance(packet, RtcpSrPacket):
                sent = packet.sender_info
                self._ears.report(kind, sent.ntp_timestamp / NTP_FRACTION, sent.rtp_timestamp)
            await handle_report(packet)

        async def media(packet: Any, arrival_time_ms: int) -> None:
            self._ssrc = packet.ssrc
            await handle_media(packet, arrival_time_ms=arrival_time_ms)

        receiver._handle_rtcp_packet = report
        if kind == "video":
            self._video, receiver._handle_rtp_packet = receiver, media

    def ask_for_key(self) -> None:
        """Asks the sender for a picture that needs no other (PLI: RFC 4585, section 6.3.1)."""
        if self._video is not None and self._ssrc is not None and self.connected and (self._asking is None or self._asking.done()):
            self._asking = asyncio.create_task(self._video._send_rtcp_pli(self._ssrc), name="picture loss indication")

    def _state_changed(self) -> None:
        if self._connection.connectionState in ("failed", "closed") and not self._over:
            self._over = True
            self._ears.ended()

    async def close(self) -> None:
        """Idempotent; nothing is heard of it any more."""
        self._over = True
        with contextlib.suppress(Exception):
            await self._connection.close()


class _Listening:
    """Where a connection listens, in place of any port of every address."""

    def __init__(self, ice: Any, place: Place) -> None:
        self._ice, self._place = ice, place

    async def candidates(self, component: int, addresses: Sequence[str], timeout: int = 5) -> list[Candidate]:
        found = []
        for address in self._place.addresses or get_host_addresses(use_ipv4=True, use_ipv6=True):
            protocol = await self._bind(address)
            if protocol is None:
                continue
            own = protocol.transport.get_extra_info("sockname")
            protocol.local_candidate = Candidate(
                foundation=candidate_foundation("host", "udp", own[0]), component=component, transport="udp",
                priority=candidate_priority(component, "host"), host=self._place.public or own[0], port=own[1], type="host",
            )  # fmt: skip
            self._ice._protocols.append(protocol)
            found.append(protocol.local_candidate)
        return found

    async def _bind(self, address: str) -> StunProtocol | None:
        first, last = self._place.ports
        for port in range(first, last + 1):
            with contextlib.suppress(OSError):
                _, protocol = await asyncio.get_running_loop().create_datagram_endpoint(
                    lambda: StunProtocol(self._ice), local_addr=(address, port)
                )
                return protocol
        log.warning("WHIP: no UDP port from %d to %d is free at %s", first, last, address)
        return None
