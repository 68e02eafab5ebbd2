"""The names of the platform's cookies, which several services and documents must agree on."""

from __future__ import annotations

from typing import Final

MEDIA: Final = "tablee_media"
"""A pass for watching, sent to the stream's paths only."""
LITE: Final = "tablee_lite"
"""A pass for the pages without script, sent to their paths only."""
LITE_PATH: Final = "/lite/"
LITE_DRAFT: Final = "tablee_lite_draft"
"""What was typed there while the pass ended."""


def session(secure: bool) -> str:
    """The browser session. Under https browsers hold its prefix to this origin (RFC 6265bis, section 4.1.3.2)."""
    return "__Host-tablee_session" if secure else "tablee_session"
