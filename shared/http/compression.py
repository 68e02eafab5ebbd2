"""Texts made on request go out compressed to whoever takes them so; files are packed beforehand (web/pack.py).

RFC 9110, sections 8.4 and 12.5.3.
"""

from __future__ import annotations

from typing import Final

from aiohttp import web

LEAST_BYTES: Final = 1_000
"""Below, a text fits one packet whether or not it is compressed."""
TEXTS: Final = frozenset(
    {
        "text/html", "text/css", "text/calendar", "text/plain", "application/json", "application/problem+json", "application/ld+json",
        "application/xml", "image/svg+xml",
    }
)  # fmt: skip


def compress(request: web.Request, response: web.StreamResponse) -> None:
    """By gzip. The entity tag of a compressed text is a weak one: its bytes are others than those of the plain text (section 8.8.3.3)."""
    if not isinstance(response, web.Response) or response.content_type not in TEXTS or _size(response) < LEAST_BYTES:
        return
    vary = response.headers.get("Vary", "")
    response.headers["Vary"] = f"{vary}, Accept-Encoding" if vary else "Accept-Encoding"
    if not _takes_gzip(request.headers.get("Accept-Encoding", "")):
        return
    tag = response.headers.get("ETag", "")
    if tag.startswith('"'):
        response.headers["ETag"] = f"W/{tag}"
    response.enable_compression(web.ContentCoding.gzip)


def _size(response: web.Response) -> int:
    return len(response.body) if isinstance(response.body, bytes | bytearray) else 0


def _takes_gzip(accepted: str) -> bool:
    for one in accepted.lower().split(","):
        coding, _, weight = one.partition(";")
        if coding.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
