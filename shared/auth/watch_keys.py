"""Watch keys: what stands in the path of a watch link for players that carry no cookie (VLC, a television, a test).

A key is `<expiry in base 36, 0 for none>-<HMAC-SHA256 over stage and expiry>`; whoever holds it may watch that one stage. What must not
be here: passes of people, HTTP.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from datetime import datetime
from typing import Final

PREFIX: Final = "/hls"
PLAYLIST: Final = "index.m3u8"
MOST_CHARACTERS: Final = 64
_SHAPE: Final = re.compile(r"([0-9a-z]{1,11})-([A-Za-z0-9_-]{27})\Z", re.ASCII)
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


def playlist_path(stage: str) -> str:
    """Where a browser with its cookie finds a stage."""
    return f"{PREFIX}/{stage}/{PLAYLIST}"


def watch_path(secret: bytes, stage: str, expires_at: datetime | None = None) -> str:
    """The same for a player without cookies: the key stands in the path."""
    return f"{PREFIX}/k/{watch_key(secret, stage, expires_at)}/{stage}/{PLAYLIST}"


def watch_key(secret: bytes, stage: str, expires_at: datetime | None = None) -> str:
    """A key for `stage`, good until `expires_at`, or for as long as the secret when that is None."""
    expiry = _base36(int(expires_at.timestamp())) if expires_at is not None else "0"
    return f"{expiry}-{_signature(secret, stage, expiry)}"


def opens(secret: bytes, stage: str, key: str, *, now: datetime) -> bool:
    """Whether `key` is a key of ours for this stage that has not expired. In constant time where it matters."""
    found = _SHAPE.match(key)
    if found is None:
        return False
    expiry, signature = found.groups()
    signed = hmac.compare_digest(signature, _signature(secret, stage, expiry))
    return signed and (expiry == "0" or int(expiry, 36) > now.timestamp())


def _signature(secret: bytes, stage: str, expiry: str) -> str:
    digest = hmac.new(secret, f"tablee watch\0{stage}\0{expiry}".encode(), hashlib.sha256).digest()[:20]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _base36(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text or "0"
