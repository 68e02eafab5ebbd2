"""The headers that every response carries for browsers, and the same-origin rule for requests that change something with a cookie.

No page has inline code: the one inline block is the import map, allowed by its SHA-256 (CSP level 3, section 6.7.3.2).
"""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from shared.errors import Denied

log = logging.getLogger("tablee.http")

WITH_DEVICES: Final = "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=(), usb=()"
"""The Permissions-Policy of a page that sends a picture and a sound."""
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
ASSET_HEADERS: Final = {name: HEADERS[name] for name in ("X-Content-Type-Options", "Cross-Origin-Resource-Policy")}
"""Of files that pages load: what counts for a script, a style, a font or a picture. The rest is about documents, and would be half of what
a small file weighs."""
WORKERS: Final = "/js/workers/"
"""Where the scripts lie that run as workers."""
STRICTEST: Final = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""For everything that is no page."""
HSTS: Final = "max-age=31536000"
CLEAR_ON_LEAVING: Final = {"Clear-Site-Data": '"cache", "storage"'}
"""For the answer to "leave": drafts and cached pages go with the session."""


def standard_headers(secure: bool) -> dict[str, str]:
    """What every response carries unless its handler sets it; `secure`: the public address is https."""
    found = {**HEADERS, "Content-Security-Policy": STRICTEST}
    return {**found, "Strict-Transport-Security": HSTS} if secure else found


def asset_headers(secure: bool, *, worker: bool = False) -> dict[str, str]:
    """What a file carries that pages load. A picture that is opened by itself is a document under the policy of its own answer (SVG); a
    worker has the policies of its own answer too, and its page wants it to embed no more than the page does (HTML, section 7.1.4)."""
    found = {**ASSET_HEADERS, "Content-Security-Policy": STRICTEST}
    if worker:
        found["Cross-Origin-Embedder-Policy"] = HEADERS["Cross-Origin-Embedder-Policy"]
    return {**found, "Strict-Transport-Security": HSTS} if secure else found


def hash_of(inline: str) -> str:
    """CSP source expression for an inline block, e.g. `'sha256-…'`."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode() + "'"


def page_policy(*, script_hashes: Sequence[str] = (), feed_origin: str = "") -> str:
    """Content-Security-Policy of a page. `script_hashes` by `hash_of`; `feed_origin` like `ws://127.0.0.1:8081`."""
    scripts = " ".join(("'self'", *script_hashes))
    connect = f"'self' {feed_origin}".strip()
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self'; font-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
        f"connect-src {connect}; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


def page_headers(*, script_hashes: Sequence[str] = (), feed_origin: str = "") -> dict[str, str]:
    """Headers a page handler sets itself; the middleware adds the rest."""
    return {
        "Content-Security-Policy": page_policy(script_hashes=script_hashes, feed_origin=feed_origin),
        "Cache-Control": "no-store",
    }


def own_origins(origin: str) -> tuple[str, ...]:
    """The origins that are this platform: the configured one; a loopback address under each of its names."""
    twins = {"//127.0.0.1": "//localhost", "//localhost": "//127.0.0.1"}
    found = [origin]
    for name, twin in twins.items():
        if f"{name}:" in f"{origin}:":
            found.append(origin.replace(name, twin))
    return tuple(found)


def _origin_of(address: str) -> str | None:
    """Scheme, host and port of an address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else None


def require_same_origin(request: web.Request, own_origin: str) -> None:
    """For writes that a cookie authorises. Raises Denied("request.cross_origin").

    Browsers say where a request comes from: Sec-Fetch-Site (Fetch Metadata) where they know it, Origin (RFC 6454, section 7) on every
    POST. Browsers of text know neither and name the page of the form (Referer: RFC 9110, section 10.1.3), which no other site can choose
    for them. A request with none of the three is refused. The Host header proves nothing: whoever sends it chose it.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site != "same-origin":
            raise Denied("request.cross_origin")
        return
    origin = request.headers.get("Origin") or _origin_of(request.headers.get("Referer", ""))
    if origin is None or origin not in own_origins(own_origin):
        log.info("a form was refused: its page is not at the public address", extra={"origin": origin, "public": own_origin})
        raise Denied("request.cross_origin")
