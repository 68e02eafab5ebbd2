"""Why a publisher was refused or ended: dotted codes. No logic.

What each means to a person is in web/locales; encoders show it in their own log, in English, as is the custom there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

WRONG_KEY = "streaming.rtmp.wrong_key"
BUSY = "streaming.rtmp.busy"
UNAVAILABLE = "streaming.rtmp.unavailable"
UNSUPPORTED_CODEC = "streaming.rtmp.unsupported_codec"
REPLACED = "streaming.rtmp.replaced"
ENDED = "streaming.rtmp.ended"
LOST = "streaming.rtmp.lost"
SILENT = "streaming.rtmp.silent"
TOO_SLOW = "streaming.rtmp.too_slow"
PROTOCOL = "streaming.rtmp.protocol"
KEY_CHANGED = "streaming.rtmp.key_changed"
LEFT_PROGRAMME = "streaming.rtmp.left_programme"
CROWDED = "streaming.rtmp.crowded"
STOPPING = "streaming.rtmp.stopping"

WHIP_CODEC = "streaming.whip.codec"
WHIP_OFFER = "streaming.whip.offer"

SRT_STREAM_ID = "streaming.srt.stream_id"
SRT_UNSECURED = "streaming.srt.unsecured"
NOT_UNDERSTOOD = "streaming.srt.not_understood"

PULL_ADDRESS = "streaming.pull.address"
PULL_HOST = "streaming.pull.host"
PULL_UNREACHABLE = "streaming.pull.unreachable"


def ended_how(reason: str) -> Literal["stopped", "cut", "lost"]:
    """Stopped on purpose by whoever sent, cut by the house, or lost without a word."""
    if reason == ENDED:
        return "stopped"
    return "cut" if reason in (KEY_CHANGED, REPLACED, LEFT_PROGRAMME, STOPPING) else "lost"


Explain = Callable[..., str]
"""(reason, **params) → the sentence for the encoder's own log."""


def bare(reason: str, **_: str) -> str:
    """The reason itself, where there is no catalogue."""
    return reason
