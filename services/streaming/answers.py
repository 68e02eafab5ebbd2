"""Ready bytes as HTTP answers to players: caching, entity tags, compression."""

from __future__ import annotations

from aiohttp import web

from services.streaming.origin.delivery import PLAYLIST_TYPE, Reply


def sent(request: web.Request, reply: Reply) -> web.Response:
    """With the caching that the HLS rules ask for, its tag, compressed where the player takes that."""
    is_private_list = reply.kind == PLAYLIST_TYPE and "key" not in request.match_info
    # One viewer's browser gains nothing by an old list of its own: a player that changes its level begins with what is there now.
    headers = {"Cache-Control": "private, no-cache" if is_private_list else cache_control(request, reply.max_age)}
    body = reply.body
    if reply.tag:
        headers["ETag"] = f'"{reply.tag}"'
        if request.headers.get("If-None-Match") == headers["ETag"]:
            return web.Response(status=304, headers=headers)
    if reply.packed is not None:
        headers["Vary"] = "Accept-Encoding"
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"], body = "gzip", reply.packed
    return web.Response(body=body, content_type=reply.kind, headers=headers)


def cache_control(request: web.Request, seconds: int) -> str:
    """What a cookie opened belongs to one viewer; what a key opened, to everybody who has the address."""
    return f"{'public' if 'key' in request.match_info else 'private'}, max-age={seconds}"
