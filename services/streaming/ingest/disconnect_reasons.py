"""Why a publisher was refused or ended: dotted codes. No logic.

What each means to a person is in web/locales; encoders show it in their own log, in English, as is the custom there.
"""

from __future__ import annotations

from collections.abc import Callable

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


def is_loss(reason: str) -> bool:
    """Whether the stream broke off, as against an encoder that was stopped on purpose."""
    return reason != ENDED


Explain = Callable[..., str]
"""(reason, **params) → the sentence for the encoder's own log."""


def bare(reason: str, **_: str) -> str:
    """The reason itself, where there is no catalogue."""
    return reason
