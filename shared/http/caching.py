"""Validators and caching of public documents: an entity tag from the content, 304 for whoever has it already.

RFC 9110, sections 8.8.3 and 13.1.2.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Final

from aiohttp import web

TAG_CHARACTERS: Final = 20
PRIVATE: Final[Mapping[str, str]] = {"Cache-Control": "no-store"}


def public(seconds: int, *, draft: bool = False) -> str:
    """The Cache-Control of what anybody may keep for `seconds`; a `draft` is for one caller, not for the caches on the way."""
    return PRIVATE["Cache-Control"] if draft else f"public, max-age={seconds}"


def entity_tag(*parts: bytes | str) -> str:
    """A strong tag (without quotes) over everything that makes the bytes what they are."""
    found = hashlib.sha256()
    for part in parts:
        found.update(part.encode() if isinstance(part, str) else part)
        found.update(b"\0")
    return found.hexdigest()[:TAG_CHARACTERS]


def respond(
    request: web.Request,
    body: bytes | str,
    *,
    media_type: str,
    cache: str,
    tag: str | None = None,
    weak: bool = False,
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    """200 with the body and its entity tag, or 304 without a body when the caller's `If-None-Match` names it.

    `media_type` with its charset, e.g. `text/calendar; charset=utf-8`; `cache` is the Cache-Control; `tag` saves hashing the body where
    the caller knows what it depends on; it is `weak` where bytes of no matter may differ under it.
    """
    raw = body.encode() if isinstance(body, str) else body
    known = tag or entity_tag(raw)
    shared = {**(headers or {}), "ETag": f'{"W/" if weak else ""}"{known}"', "Cache-Control": cache}
    if _has(request, known):
        return web.Response(status=304, headers=shared)
    return web.Response(body=raw, headers={**shared, "Content-Type": media_type})


def _has(request: web.Request, tag: str) -> bool:
    """Weak comparison, as If-None-Match wants it (section 13.1.2); `*` matches whatever is there."""
    return any(each.value in (tag, "*") for each in request.if_none_match or ())
