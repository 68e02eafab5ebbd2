"""What is replaced inside aiortc is there by these names: a release that moves them fails here, not in a hall."""

from __future__ import annotations

import pytest
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from services.streaming.ingest.whip.peer import BadOffer, Ears, Peer
from services.streaming.ingest.whip.place import Place
from tests.support.ports import free_port

REPLACED = ("decoder_queue", "timestamp_mapper", "remote_bitrate_estimator")
HERE = Place(("127.0.0.1",))
DEAF = Ears(lambda kind, data, count: None, lambda kind, wall, count: None, lambda: None)


async def offer(connection: RTCPeerConnection) -> str:
    for kind in ("audio", "video"):
        connection.addTransceiver(kind, "sendonly")
    await connection.setLocalDescription(await connection.createOffer())
    return str(connection.localDescription.sdp)


async def test_receivers_have_what_is_replaced() -> None:
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    receiver = connection.addTransceiver("video", "recvonly").receiver
    for name in REPLACED:
        assert hasattr(receiver, f"_RTCRtpReceiver__{name}"), name
    for name in ("_handle_rtp_packet", "_handle_rtcp_packet", "_send_rtcp_pli"):
        assert callable(getattr(receiver, name)), name
    await connection.close()


async def test_an_answer_takes_h264_and_opus_alone_at_the_place_that_was_set() -> None:
    port = free_port()
    sender, peer = RTCPeerConnection(RTCConfiguration(iceServers=[])), Peer(Place(("127.0.0.1",), "203.0.113.7", (port, port)), DEAF)
    answer = await peer.answer(await offer(sender))
    assert {line.split()[1].split("/")[0].lower() for line in answer.splitlines() if line.startswith("a=rtpmap:")} <= {
        "h264",
        "rtx",
        "opus",
    }
    assert {tuple(line.split()[4:6]) for line in answer.splitlines() if line.startswith("a=candidate:")} == {("203.0.113.7", str(port))}
    await sender.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    await peer.close()
    await sender.close()


async def test_an_offer_that_cannot_be_read_is_a_bad_one_whatever_it_breaks_inside() -> None:
    peer = Peer(HERE, DEAF)
    with pytest.raises(BadOffer):
        await peer.answer("v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=video 9 UDP/TLS/RTP/SAVPF x\r\n")
    await peer.close()
