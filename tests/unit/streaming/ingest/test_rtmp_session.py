"""The RTMP conversation without sockets: however the bytes are cut, the same events; whatever the bytes, a bound or our own error."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.streaming.ingest.flv import amf0
from services.streaming.ingest.rtmp import chunks
from services.streaming.ingest.rtmp.chunks import ChunkReader, Message
from services.streaming.ingest.rtmp.limits import RtmpError, RtmpLimits
from services.streaming.ingest.rtmp.session import NONCE_BYTES, Ended, Event, Media, Metadata, PublishRequested, RtmpSession
from tests.support.rtmp_publisher import ECHO, HELLO, ChunkEncoder, opening

LIMITS = RtmpLimits()


def converse(pieces: Iterable[bytes], limits: RtmpLimits = LIMITS) -> tuple[list[Event], RtmpSession, bytes]:
    """All events of these bytes when every publish request is accepted, and what was answered."""
    session = RtmpSession(limits, bytes(NONCE_BYTES))
    events: list[Event] = []
    answers = b""
    for piece in pieces:
        session.receive_data(piece)
        while (event := session.next_event()) is not None:
            events.append(event)
            if isinstance(event, PublishRequested):
                session.accept()
        answers += session.data_to_send()
        assert session.buffered_bytes <= 2 * limits.message_bytes + len(piece)
    return events, session, answers


def replies(answers: bytes) -> list[Message]:
    reader = ChunkReader(message_bytes=1_000_000, chunk_streams=8)
    reader.feed(answers[1 + 2 * 1536 :])
    return list(iter(reader.next_message, None))


def commands(answers: bytes) -> list[list[amf0.Value]]:
    return [amf0.decode(m.payload, depth=8, values=100) for m in replies(answers) if m.type == chunks.COMMAND]


messages = st.tuples(
    st.sampled_from([4, 6, 63, 64, 319, 320, 65599]),
    st.sampled_from([chunks.AUDIO, chunks.VIDEO]),
    st.integers(0, 2**32 - 1) | st.integers(0xFFFFF0, 0x100000F),
    st.binary(max_size=700),
    st.integers(0, 3),
)


def wire(sent: Sequence[tuple[int, int, int, bytes, int]], chunk_size: int) -> bytes:
    encoder = ChunkEncoder()
    out = opening(encoder) + encoder.set_chunk_size(chunk_size)
    for csid, kind, timestamp, payload, form in sent:
        out += encoder.message(csid, kind, 1, timestamp, payload, form)
    return out + encoder.command(["deleteStream", 6.0, None, 1.0])


@settings(max_examples=60)
@given(st.lists(messages, max_size=12), st.integers(1, 300), st.lists(st.integers(0, 9000), max_size=30))
def test_any_cut_of_the_bytes_gives_the_same_events(sent: list[tuple[int, int, int, bytes, int]], size: int, cuts: list[int]) -> None:
    data = wire(sent, size)
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    events, session, _ = converse(data[a:b] for a, b in pairwise(edges))
    media = [Media(kind == chunks.VIDEO, timestamp, payload) for _, kind, timestamp, payload, _ in sent]
    assert events == [PublishRequested("live", "secret"), *media, Ended()]
    assert session.buffered_bytes == 0


def test_one_byte_at_a_time_is_enough() -> None:
    data = wire([(4, chunks.VIDEO, 20_000_000, b"x" * 300, 0), (4, chunks.VIDEO, 20_000_040, b"y" * 300, 3)], 128)
    events, _, _ = converse(data[i : i + 1] for i in range(len(data)))
    assert [e.timestamp for e in events if isinstance(e, Media)] == [20_000_000, 20_000_040]


@pytest.mark.parametrize("repeat", [True, False])
def test_times_above_24_bits_are_read_whether_or_not_later_chunks_repeat_them(repeat: bool) -> None:
    encoder = ChunkEncoder(repeat_extended=repeat)
    data = opening(encoder)
    times = [16_777_214, 16_777_215, 16_777_216, 4_294_967_295]
    for time in times:
        data += encoder.message(6, chunks.VIDEO, 1, time, b"picture " * 125)
    events, _, _ = converse([data])
    assert [(e.timestamp, len(e.payload)) for e in events if isinstance(e, Media)] == [(time, 1000) for time in times]


def test_a_type_3_chunk_that_begins_a_message_repeats_the_time_step_before_it() -> None:
    encoder = ChunkEncoder()
    data = opening(encoder)
    for index in range(4):
        data += encoder.message(4, chunks.AUDIO, 1, 23 * index, b"same size", 3)
    assert data.count(bytes([0xC4])) >= 2
    events, _, _ = converse([data])
    assert [e.timestamp for e in events if isinstance(e, Media)] == [0, 23, 46, 69]


def test_interleaved_messages_are_put_together_each_on_its_own() -> None:
    encoder = ChunkEncoder(chunk_size=128)
    data = opening(encoder)
    video, audio = encoder.message(6, 9, 1, 40, b"v" * 300), encoder.message(4, 8, 1, 41, b"a" * 200)
    v, a = 12 + 128, 12 + 128
    data += video[:v] + audio[:a] + video[v : v + 129] + audio[a:] + video[v + 129 :]
    events, _, _ = converse([data])
    assert events[1:] == [Media(False, 41, b"a" * 200), Media(True, 40, b"v" * 300)]


def test_abort_throws_an_unfinished_message_away() -> None:
    encoder = ChunkEncoder()
    data = opening(encoder) + encoder.message(6, 9, 1, 40, b"v" * 300)[: 12 + 128]
    data += encoder.message(2, chunks.ABORT, 0, 0, struct.pack(">I", 6)) + encoder.message(6, 9, 1, 80, b"w", 0)
    events, session, _ = converse([data])
    assert events[1:] == [Media(True, 80, b"w")]
    assert session.buffered_bytes == 0


def test_the_conversation_is_answered_as_encoders_expect() -> None:
    encoder = ChunkEncoder()
    _, _, answers = converse([opening(encoder)])
    assert answers[:1] == b"\x03"
    assert answers[1 + 1536 : 1 + 2 * 1536] == HELLO[1:]
    said = commands(answers)
    assert [(c[0], c[1]) for c in said] == [("_result", 1.0), ("_result", 4.0), ("onStatus", 0.0)]
    assert said[1][3] == 1.0
    assert [c[3]["code"] for c in (said[0], said[2]) if isinstance(c[3], dict)] == [
        "NetConnection.Connect.Success",
        "NetStream.Publish.Start",
    ]


def test_a_refused_publisher_hears_badname_and_why_and_nothing_more_is_read() -> None:
    session = RtmpSession(LIMITS, bytes(NONCE_BYTES))
    encoder = ChunkEncoder()
    session.receive_data(opening(encoder) + encoder.message(6, 9, 1, 0, b"v"))
    assert session.next_event() == PublishRequested("live", "secret")
    assert session.next_event() is None
    session.refuse("wrong key")
    assert session.next_event() is None
    last = commands(session.data_to_send())[-1]
    assert last[3] == {"level": "error", "code": "NetStream.Publish.BadName", "description": "wrong key"}


def test_a_key_typed_behind_the_address_is_understood() -> None:
    events, _, _ = converse([opening(ChunkEncoder(), app="live/secret", key="")])
    assert events == [PublishRequested("live", "secret")]


@pytest.mark.parametrize("typed", ["secret", " secret", "secret\n", "/secret", "secret/", "secret?x=1", " /secret?token=a&b=c "])
def test_a_key_with_what_people_and_encoders_add_to_it_is_the_key(typed: str) -> None:
    session = RtmpSession(RtmpLimits(), bytes(1528))
    session.receive_data(opening(ChunkEncoder(), key=typed))
    assert session.next_event() == PublishRequested("live", "secret")


def test_metadata_is_read_and_unreadable_script_data_costs_nothing() -> None:
    encoder = ChunkEncoder()
    data = opening(encoder)
    data += encoder.message(4, 18, 1, 0, amf0.encode(["@setDataFrame", "onMetaData", amf0.EcmaArray(width=1280.0)]))
    data += encoder.message(4, 18, 1, 0, b"\xff\xff") + encoder.message(4, 8, 1, 0, b"a")
    events, _, _ = converse([data])
    assert events[1:] == [Metadata({"width": 1280.0}), Media(False, 0, b"a")]


def test_a_ping_is_answered_with_a_pong() -> None:
    encoder = ChunkEncoder()
    _, _, answers = converse([opening(encoder) + encoder.message(2, chunks.USER_CONTROL, 0, 0, struct.pack(">HI", 6, 77))])
    assert Message(chunks.USER_CONTROL, 0, 0, struct.pack(">HI", 7, 77)) in replies(answers)


def test_each_window_of_bytes_is_acknowledged() -> None:
    encoder = ChunkEncoder()
    pieces = [opening(encoder), encoder.message(2, chunks.WINDOW_SIZE, 0, 0, struct.pack(">I", 1000))]
    pieces += [encoder.message(6, 9, 1, n, bytes(600)) for n in range(10)]
    _, _, answers = converse(pieces)
    acks = [int.from_bytes(m.payload, "big") for m in replies(answers) if m.type == chunks.ACKNOWLEDGEMENT]
    received = sum(map(len, pieces)) - len(HELLO + ECHO)
    assert len(acks) >= 4
    assert acks == sorted(acks)
    assert received - 2000 < acks[-1] <= received


@pytest.mark.parametrize(
    ("code", "extra"),
    [
        ("message_too_long", lambda e: e.message(6, 9, 1, 0, b"")[:4] + b"\xff\xff\xff" + bytes(5)),
        ("chunk_out_of_order", lambda e: e.message(6, 9, 1, 0, bytes(300))[:140] + e.message(6, 9, 1, 0, b"x")),
        ("chunk_without_header", lambda e: b"\xc9\x00"),
        ("chunk_size", lambda e: e.set_chunk_size(0)),
        ("too_many_chunk_streams", lambda e: b"".join(e.message(100 + n, 9, 1, 0, b"") for n in range(LIMITS.chunk_streams + 1))),
        ("play", lambda e: e.command(["play", 1.0, None, "secret"])),
        ("twice", lambda e: e.command(["publish", 1.0, None, "other"])),
    ],
)
def test_what_breaks_the_protocol_has_a_name(code: str, extra: object) -> None:
    encoder = ChunkEncoder()
    data = opening(encoder)
    assert callable(extra)
    with pytest.raises(RtmpError) as broken:
        converse([data + extra(encoder)])
    assert broken.value.code == f"streaming.rtmp.{code}"


def test_before_publishing_little_may_be_said() -> None:
    limits = replace(LIMITS, message_bytes_before_publish=2000, bytes_before_publish=5000)
    encoder = ChunkEncoder()
    with pytest.raises(RtmpError, match="longer than 2000"):
        converse([HELLO + ECHO + encoder.message(4, 18, 1, 0, bytes(2001))], limits)
    encoder = ChunkEncoder()
    with pytest.raises(RtmpError, match="too many bytes before"):
        converse([HELLO + ECHO, *(encoder.message(4, 18, 1, 0, bytes(900)) for _ in range(7))], limits)


def test_unfinished_messages_together_are_bounded() -> None:
    limits = replace(LIMITS, message_bytes=10_000)
    encoder = ChunkEncoder()
    data = opening(encoder) + encoder.set_chunk_size(6000)
    with pytest.raises(RtmpError, match="unfinished"):
        converse([data + b"".join(encoder.message(csid, 9, 1, 0, bytes(9000))[: 12 + 6000] for csid in (6, 7))], limits)


@settings(max_examples=150)
@example(b"GET / HTTP/1.1\r\n\r\n", False, [])
@given(st.binary(max_size=4000), st.booleans(), st.lists(st.integers(0, 4000), max_size=8))
def test_junk_never_raises_anything_but_our_own_error(junk: bytes, after_publish: bool, cuts: list[int]) -> None:
    limits = replace(LIMITS, message_bytes=2000, message_bytes_before_publish=1000)
    start = opening(ChunkEncoder()) if after_publish else b""
    edges = [0, *sorted(min(cut, len(junk)) for cut in cuts), len(junk)]
    with suppress(RtmpError):
        converse([start, *(junk[a:b] for a, b in pairwise(edges))], limits)
