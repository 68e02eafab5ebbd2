"""Who may come in by SRT: what each datagram of a stranger is answered with. Pure and synchronous; `now` in monotonic seconds is a value.

A caller proves its address first (a cookie that costs us no memory), then the stream key as passphrase; only then is it let in. What it
sends afterwards is not for this file.
"""

from __future__ import annotations

import hmac
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from services.streaming.ingest import disconnect_reasons
from services.streaming.ingest.srt import packets
from services.streaming.ingest.srt.limits import LIMITS, SrtLimits
from services.streaming.ingest.srt.packets import CONCLUSION, INDUCTION, KEY_MATERIAL, Handshake, Reject
from shared.token_bucket import TokenBucket

COOKIE_SECONDS: Final = 60
Address = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Answer:
    """A datagram for the caller."""

    packet: bytes


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """A datagram for the caller, and what operators are told: `code` of `disconnect_reasons`, `stage` where one was named rightly."""

    packet: bytes
    code: str
    stage: str | None


@dataclass(frozen=True, slots=True)
class LetIn:
    """The caller knows the key of the stage; `conclusion` is what it said, to be said again to whoever receives it."""

    stage: str
    key: str = field(repr=False)
    socket: int
    sequence: int
    conclusion: bytes


Verdict = Answer | TurnedAway | LetIn | None
"""None: nothing is said to it."""


@dataclass(frozen=True, slots=True)
class House:
    """What the door asks: the stages that are open; the key of one, None while nothing is let in; whether one is taken; whether a
    passphrase is known to who sent this key material."""

    stages: Callable[[], list[str]]
    key_of: Callable[[str], str | None]
    taken: Callable[[str], bool]
    knows: Callable[[bytes, str], bool]


class Door:
    def __init__(self, house: House, secret: bytes, limits: SrtLimits = LIMITS) -> None:
        """`secret`: random bytes of this process, which cookies are made with."""
        self._house, self._secret, self._limits = house, secret, limits
        self._all = TokenBucket(limits.checks)
        self._callers: OrderedDict[str, TokenBucket] = OrderedDict()
        self._answered: OrderedDict[tuple[Address, int], bytes] = OrderedDict()

    def receive(self, packet: bytes, caller: Address, now: float) -> Verdict:
        handshake = packets.read_handshake(packet)
        if handshake is None:
            return None
        if handshake.kind == INDUCTION:
            return Answer(packets.induced(handshake, self._cookie(caller, int(now) // COOKIE_SECONDS)))
        if handshake.kind != CONCLUSION or not self._cookie_is_ours(handshake.cookie, caller, now):
            return None
        before = self._answered.get((caller, handshake.socket))
        return Answer(before) if before is not None else self._judge(handshake, packet, caller, now)

    def _judge(self, handshake: Handshake, packet: bytes, caller: Address, now: float) -> Verdict:
        if not self._may_try(caller[0], now):
            return self._turn_away(handshake, caller, Reject.OVERLOAD, disconnect_reasons.CROWDED, None)
        stage = self._stage(handshake.stream_id)
        key = None if stage is None else self._house.key_of(stage)
        if stage is None or key is None:
            return self._turn_away(handshake, caller, Reject.NOT_FOUND, disconnect_reasons.SRT_STREAM_ID, None)
        material = handshake.extensions.get(KEY_MATERIAL)
        if material is None:
            return self._turn_away(handshake, caller, Reject.UNSECURE, disconnect_reasons.SRT_UNSECURED, None)
        if not self._house.knows(material, key):
            return self._turn_away(handshake, caller, Reject.BAD_SECRET, disconnect_reasons.WRONG_KEY, None)
        if self._house.taken(stage):
            return self._turn_away(handshake, caller, Reject.CONFLICT, disconnect_reasons.BUSY, stage)
        return LetIn(stage, key, handshake.socket, handshake.sequence, packet)

    def _turn_away(self, handshake: Handshake, caller: Address, reason: int, code: str, stage: str | None) -> TurnedAway:
        answer = packets.rejection(handshake, reason)
        self._answered[caller, handshake.socket] = answer
        if len(self._answered) > self._limits.answers:
            self._answered.popitem(last=False)
        return TurnedAway(answer, code, stage)

    def _stage(self, stream_id: str | None) -> str | None:
        """By its id, by `#!::r=ID,m=publish` (SRT access control), or the only one there is."""
        if stream_id is None or len(stream_id) > self._limits.stream_id_bytes:
            return None
        if stream_id.startswith("#!::"):
            named = dict(pair.partition("=")[::2] for pair in stream_id[4:].split(","))
            if named.get("m", "publish") != "publish":
                return None
            stream_id = named.get("r", "")
        stages = self._house.stages()
        if not stream_id and len(stages) == 1:
            return stages[0]
        return stream_id if stream_id in stages else None

    def _may_try(self, address: str, now: float) -> bool:
        limits = self._limits
        bucket = self._callers.pop(address, None) or TokenBucket(limits.checks_per_address, now)
        self._callers[address] = bucket
        if len(self._callers) > limits.addresses:
            self._callers.popitem(last=False)
        alone = bucket.take(now, rate=limits.checks_per_address_per_second, most=limits.checks_per_address)
        return not alone and not self._all.take(now, rate=limits.checks_per_second, most=limits.checks)

    def _cookie_is_ours(self, cookie: int, caller: Address, now: float) -> bool:
        minute = int(now) // COOKIE_SECONDS
        return cookie in (self._cookie(caller, minute), self._cookie(caller, minute - 1))

    def _cookie(self, caller: Address, minute: int) -> int:
        text = f"{caller[0]} {caller[1]} {minute}".encode()
        return int.from_bytes(hmac.digest(self._secret, text, "sha256")[:4], "big")
