"""Watch keys: what stands in the path of a watch link for players that carry no cookie (VLC, a television, a test).

A key is `<expiry in base 36>-<HMAC-SHA256 over stage and expiry>`; whoever holds it may watch that one stage until then. There is no key
without an end. A new secret ends them all, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from datetime import datetime, timedelta
from typing import Final

PREFIX: Final = "/hls"
PLAYLIST: Final = "index.m3u8"
MOST_CHARACTERS: Final = 64
GRACE: Final = timedelta(days=1)
"""How long a watch link opens after the event; one printed later still opens for as long."""
_SHAPE: Final = re.compile(r"([0-9a-z]{1,11})-([A-Za-z0-9_-]{27})\Z", re.ASCII)
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


def playlist_path(stage: str) -> str:
    """Where a browser with its cookie finds a stage."""
    return f"{PREFIX}/{stage}/{PLAYLIST}"


def watch_path(secret: bytes, stage: str, expires_at: datetime) -> str:
    """The same for a player without cookies: the key stands in the path."""
    return f"{PREFIX}/k/{watch_key(secret, stage, expires_at)}/{stage}/{PLAYLIST}"


def good_until(ends_at: datetime | None, now: datetime) -> datetime:
    """When a watch link printed now ends. `ends_at`: the last end of the event, if known.

    Up to the next whole hour, so that a link printed again is the same link.
    """
    after = max(ends_at or now, now) + GRACE
    return after.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def watch_key(secret: bytes, stage: str, expires_at: datetime) -> str:
    """A key for `stage`, good until `expires_at` (whole seconds)."""
    expiry = _base36(int(expires_at.timestamp()))
    return f"{expiry}-{_signature(secret, stage, expiry)}"


def opens(secret: bytes, stage: str, key: str, *, now: datetime) -> bool:
    """Whether `key` is a key of ours for this stage that has not expired. In constant time where it matters."""
    found = _SHAPE.match(key)
    if found is None:
        return False
    expiry, signature = found.groups()
    signed = hmac.compare_digest(signature, _signature(secret, stage, expiry))
    return signed and int(expiry, 36) > now.timestamp()


def _signature(secret: bytes, stage: str, expiry: str) -> str:
    digest = hmac.new(secret, f"tablee watch\0{stage}\0{expiry}".encode(), hashlib.sha256).digest()[:20]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _base36(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text or "0"
