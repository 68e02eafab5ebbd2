"""The frames of the live feed: JSON texts in, JSON texts out, no sockets.

Frames of a client are closed: an unknown op, a missing, unknown or mistyped field is refused with `feed.bad_frame`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from services.qa.feed.projection import View, is_view

VERSION: Final = 1
MOST_FRAME_BYTES: Final = 4096
"""Longest frame of a client: a pass (2,048 characters) and its hello fit twice."""
MOST_NAME: Final = 128

BAD_FRAME: Final = 4400
UNAUTHENTICATED: Final = 4401
DENIED: Final = 4403
UNKNOWN_SESSION: Final = 4404
SLOW: Final = 4408
REPLACED: Final = 4409
RESTART: Final = 1012
"""RFC 6455 registry: service restart."""


class Refusal(Exception):
    """The connection ends: `close` is the close code, `code` the dotted code whose sentences the client gets first."""

    def __init__(self, close: int, code: str) -> None:
        super().__init__(code)
        self.close = close
        self.code = code


@dataclass(frozen=True, slots=True)
class Hello:
    """The first frame. `epoch` and `seq`: the last frame the client has seen, None when it has seen none."""

    token: str
    session: str
    view: View
    epoch: str | None
    seq: int | None


@dataclass(frozen=True, slots=True)
class Renew:
    token: str


@dataclass(frozen=True, slots=True)
class Pong:
    pass


ClientFrame = Hello | Renew | Pong

_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "hello": frozenset({"op", "v", "pass", "session", "view", "epoch", "seq"}),
    "renew": frozenset({"op", "pass"}),
    "pong": frozenset({"op"}),
}


def parse(frame: str | bytes) -> ClientFrame:
    """Raises Refusal: 4400 with feed.bad_frame, feed.frame_too_large or feed.version_unknown."""
    if isinstance(frame, bytes):
        raise _bad()
    if len(frame) > MOST_FRAME_BYTES or len(frame.encode("utf-8", "surrogatepass")) > MOST_FRAME_BYTES:
        raise Refusal(BAD_FRAME, "feed.frame_too_large")
    try:
        value = json.loads(frame)
    except (ValueError, RecursionError):
        raise _bad() from None
    if not isinstance(value, dict) or not isinstance(value.get("op"), str) or not value.keys() <= _FIELDS.get(value["op"], frozenset()):
        raise _bad()
    if value["op"] == "pong":
        return Pong()
    if value["op"] == "renew":
        return Renew(_text(value, "pass", MOST_FRAME_BYTES))
    return _hello(value)


def _hello(value: Mapping[str, Any]) -> Hello:
    version = value.get("v")
    if type(version) is not int:
        raise _bad()
    if version != VERSION:
        raise Refusal(BAD_FRAME, "feed.version_unknown")
    epoch, seq = value.get("epoch"), value.get("seq")
    if not (epoch is None or (isinstance(epoch, str) and len(epoch) <= MOST_NAME)):
        raise _bad()
    if not (seq is None or (type(seq) is int and seq >= 0)):
        raise _bad()
    view = _text(value, "view")
    if not is_view(view):
        raise _bad()
    return Hello(_text(value, "pass", MOST_FRAME_BYTES), _text(value, "session"), view, epoch, seq)


def _text(value: Mapping[str, Any], name: str, most: int = MOST_NAME) -> str:
    text = value.get(name)
    if not isinstance(text, str) or len(text) > most:
        raise _bad()
    return text


def _bad() -> Refusal:
    return Refusal(BAD_FRAME, "feed.bad_frame")


# --- what the server sends -----------------------------------------------------------------------------------------------------------


def encode(value: object) -> bytes:
    """Compact JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def welcome(epoch: str, heartbeat: float) -> bytes:
    return encode({"op": "welcome", "epoch": epoch, "heartbeat": heartbeat})


def event(seq: int, kind: str, data: object, correlation: str = "") -> bytes:
    frame: dict[str, object] = {"op": "event", "seq": seq, "kind": kind, "data": data}
    if correlation:
        frame["cid"] = correlation
    return encode(frame)


def snapshot(epoch: str, seq: int, shared: bytes, personal: Mapping[str, object]) -> bytes:
    """`shared` is an encoded JSON object, the same for a whole audience; `personal` adds fields of one person to it."""
    own = encode(personal)[1:-1]
    state = shared[:-1] + (b"," + own if own else b"") + b"}"
    return b'{"op":"snapshot","epoch":%s,"seq":%d,"state":%s}' % (encode(epoch), seq, state)


PING: Final = encode({"op": "ping"})


def error(code: str, sentences: Mapping[str, str]) -> bytes:
    return encode({"op": "error", "code": code, "sentences": dict(sentences)})


def bye(close: int, retry_after_ms: int) -> bytes:
    return encode({"op": "bye", "code": close, "retry_after_ms": retry_after_ms})
