"""Who comes in by SRT, on handshakes that libsrt sent: address first, then stage and key.

Strangers cost nothing and are never answered with more than they sent."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.streaming.ingest import disconnect_reasons
from services.streaming.ingest.srt import packets
from services.streaming.ingest.srt.crossing import Crossing
from services.streaming.ingest.srt.door import Answer, Door, House, LetIn, TurnedAway, Verdict
from services.streaming.ingest.srt.limits import SrtLimits
from services.streaming.ingest.srt.packets import CONCLUSION, INDUCTION, KEY_MATERIAL, Reject, read_handshake
from shared.auth.key_material import knows_passphrase

ASKED = bytes.fromhex(
    "8000000000000000000000b10000000000000004000000027fa904c5000005dc0000200000000001267e8aa3000000000100007f000000000000000000000000"
)
CONCLUDED = bytes.fromhex(
    "80000000000000000000207e0000000000000005000000077fa904c5000005dc00002000ffffffff267e8aa337ee83890100007f000000000000000000000000"
    "0001000300010507000000bf00780000000500036e617267732d6564656c6c610003000e1220290100000000020002000000040463150b9bd3b580c16ef1e2de"
    "0187f41635645173ea0426a18d89ab224c04fac7de0a14bd44ddc8eb"
)
STAGE, KEY, SOCKET = "grande-salle", "secretsecret12", 0x267E8AA3
CALLER = ("192.0.2.7", 40001)


def door(
    *, key: str | None = KEY, stages: tuple[str, ...] = (STAGE, "atelier"), taken: bool = False, limits: SrtLimits | None = None
) -> Door:
    return Door(House(lambda: list(stages), lambda stage: key, lambda stage: taken, knows_passphrase), b"secret", limits or SrtLimits())


def cookie_of(at: Door, now: float = 0.0) -> int:
    answer = at.receive(ASKED, CALLER, now)
    assert isinstance(answer, Answer)
    assert len(answer.packet) <= len(ASKED)
    handshake = read_handshake(answer.packet)
    assert handshake is not None
    assert (handshake.kind, handshake.socket) == (INDUCTION, SOCKET)
    return handshake.cookie


def conclude(at: Door, *, stream_id: str | None = None, now: float = 0.0) -> Verdict:
    packet = packets.with_cookie(CONCLUDED, cookie_of(at, now))
    if stream_id is not None:
        padded = stream_id.encode() + bytes(-len(stream_id) % 4)
        swapped = b"".join(padded[at : at + 4][::-1] for at in range(0, len(padded), 4))
        old = packet.index(bytes.fromhex("000500036e617267"))
        packet = packet[:old] + b"\0\5" + (len(swapped) // 4).to_bytes(2, "big") + swapped + packet[old + 16 :]
    return at.receive(packet, CALLER, now)


def reason_of(verdict: Verdict) -> tuple[int, str]:
    assert isinstance(verdict, TurnedAway)
    handshake = read_handshake(verdict.packet)
    assert handshake is not None
    return handshake.kind, verdict.code


def test_who_names_a_stage_and_knows_its_key_is_let_in() -> None:
    verdict = conclude(door())
    assert isinstance(verdict, LetIn)
    assert (verdict.stage, verdict.key, verdict.socket) == (STAGE, KEY, SOCKET)
    assert KEY not in repr(verdict)


def test_a_stage_may_be_named_as_access_control_has_it_or_not_at_all_where_it_is_the_only_one() -> None:
    for stream_id in (STAGE, f"#!::r={STAGE},m=publish", f"#!::u=camera,r={STAGE}"):
        assert isinstance(conclude(door(), stream_id=stream_id), LetIn), stream_id
    assert isinstance(conclude(door(stages=(STAGE,)), stream_id=""), LetIn)
    for stream_id in ("", "elsewhere", f"#!::r={STAGE},m=request", "#!::r", "#!::"):
        assert reason_of(conclude(door(), stream_id=stream_id)) == (Reject.NOT_FOUND, disconnect_reasons.SRT_STREAM_ID), stream_id


def test_a_wrong_key_a_taken_stage_and_a_line_without_a_passphrase_are_told_apart() -> None:
    assert reason_of(conclude(door(key="another secret"))) == (Reject.BAD_SECRET, disconnect_reasons.WRONG_KEY)
    assert reason_of(conclude(door(key=None))) == (Reject.NOT_FOUND, disconnect_reasons.SRT_STREAM_ID)
    assert reason_of(conclude(door(taken=True))) == (Reject.CONFLICT, disconnect_reasons.BUSY)
    at = door()
    bare = packets.with_cookie(CONCLUDED[: CONCLUDED.index(bytes.fromhex("0003000e"))], cookie_of(at))
    assert reason_of(at.receive(bare, CALLER, 0.0)) == (Reject.UNSECURE, disconnect_reasons.SRT_UNSECURED)


def test_a_refusal_is_told_once_and_repeated_to_who_repeats_the_question() -> None:
    at = door(key="another secret")
    first = conclude(at)
    assert isinstance(first, TurnedAway)
    assert conclude(at) == Answer(first.packet)


def test_nobody_is_heard_who_does_not_have_the_address_they_say() -> None:
    at = door()
    assert at.receive(CONCLUDED, CALLER, 0.0) is None
    packet = packets.with_cookie(CONCLUDED, cookie_of(at))
    assert at.receive(packet, ("192.0.2.8", CALLER[1]), 0.0) is None
    assert at.receive(packet, (CALLER[0], 1), 0.0) is None
    assert at.receive(packet, CALLER, 150.0) is None
    assert isinstance(at.receive(packet, CALLER, 61.0), LetIn)


def test_guessing_is_slow_for_one_address_and_for_all_together() -> None:
    limits = SrtLimits(checks=4, checks_per_address=2)
    at = door(key="another secret", limits=limits)
    found = list[str]()
    for number in range(1, 5):
        other = packets.with_cookie(CONCLUDED, cookie_of(at)).replace(SOCKET.to_bytes(4, "big"), number.to_bytes(4, "big"))
        found.append(reason_of(at.receive(other, CALLER, 0.0))[1])
    assert found == [disconnect_reasons.WRONG_KEY] * 2 + [disconnect_reasons.CROWDED] * 2
    assert isinstance(conclude(door(limits=limits), now=10.0), LetIn)


def test_key_material_is_checked_as_it_stands() -> None:
    handshake = read_handshake(CONCLUDED)
    assert handshake is not None
    assert (handshake.kind, handshake.stream_id) == (CONCLUSION, STAGE)
    material = handshake.extensions[KEY_MATERIAL]
    assert knows_passphrase(material, KEY)
    assert not knows_passphrase(material, KEY + "3")
    for at in range(len(material)):
        assert not knows_passphrase(material[:at], KEY), at
    for at in range(24, len(material)):  # half of the salt, and the wrapped key
        assert not knows_passphrase(material[:at] + bytes([material[at] ^ 1]) + material[at + 1 :], KEY), at


@given(st.binary(max_size=200), st.integers(0, 160), st.binary(max_size=8))
def test_whatever_comes_is_answered_or_passed_over(noise: bytes, at: int, patch: bytes) -> None:
    here = door()
    here.receive(noise, CALLER, 0.0)
    packet = packets.with_cookie(CONCLUDED, cookie_of(here))
    verdict = here.receive(packet[:at] + patch + packet[at + len(patch) :], CALLER, 0.0)
    if isinstance(verdict, Answer | TurnedAway):
        assert len(verdict.packet) <= len(ASKED)
    knows_passphrase(noise, KEY)


def test_the_handshake_is_made_again_with_the_receiver_and_then_everything_goes_through() -> None:
    let_in = conclude(door())
    assert isinstance(let_in, LetIn)
    crossing, data = Crossing(let_in), b"\x7f" + bytes(40)
    asked = read_handshake(crossing.knock())
    assert asked is not None
    assert (asked.kind, asked.socket) == (INDUCTION, SOCKET)
    assert crossing.from_caller(let_in.conclusion) is None
    out, back = crossing.from_receiver(packets.induced(asked, 77))
    assert (out, back) == (None, packets.with_cookie(let_in.conclusion, 77))
    assert crossing.knock() == back
    concluded = packets.with_cookie(CONCLUDED, 77)
    assert crossing.from_receiver(concluded) == (concluded, None)
    assert crossing.open
    assert crossing.from_caller(data) == data
    assert crossing.from_receiver(data) == (data, None)
    assert crossing.from_caller(let_in.conclusion) == back
    assert not crossing.ended
    crossing.from_caller(packets.shutdown(5))
    assert crossing.ended
