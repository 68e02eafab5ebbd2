"""WHIP over HTTP (RFC 9725): an offer comes by POST, its answer goes back with the address of the session, DELETE ends it.

A sender's candidates come with its offer: there is no PATCH, as section 4.3.1 allows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from aiohttp import web

from services.streaming.app import APP_NAME, Streaming
from services.streaming.ingest import disconnect_reasons
from services.streaming.ingest.whip.limits import LIMITS
from services.streaming.ingest.whip.server import WhipRefused, WhipServer
from shared.errors import Conflict, DomainError, Invalid, NotFound, Unauthenticated, Unavailable
from shared.http import bodies
from shared.http.limits import client_address
from shared.service.route import RateLimit, Route, Who

SDP: Final = "application/sdp"
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}\Z", re.ASCII)
OFFERS: Final = RateLimit(times=30, seconds=60.0)
_ERRORS: Final = (
    "request.unsupported_media_type", "request.too_large", "streaming.stage_unknown", "streaming.stage_ended",
    disconnect_reasons.WHIP_CODEC, disconnect_reasons.WHIP_OFFER, disconnect_reasons.BUSY, disconnect_reasons.CROWDED,
    disconnect_reasons.UNAVAILABLE, disconnect_reasons.STOPPING,
)  # fmt: skip


class WhipApi:
    def __init__(self, app: Streaming, server: WhipServer, trusted_proxies: int) -> None:
        self._app, self._server, self._trusted_proxies = app, server, trusted_proxies

    def routes(self) -> Sequence[Route]:
        return (
            Route("POST", "/whip/{stage}", self.by_key, "publishByKey",
                  "Send pictures and sound by WHIP (RFC 9725), with the stream key as bearer token; body and answer are SDP. "
                  "`?interpreted=en`: the second of two sounds is the voice of whoever interprets, in that language",
                  answers={201: SDP}, errors=(*_ERRORS, disconnect_reasons.WRONG_KEY), limit=OFFERS),
            Route("POST", "/api/streaming/stages/{stage}/whip", self.by_pass, "publish", "The same, for an operator's page",
                  who=Who.PASS, action="stream.manage", answers={201: SDP}, errors=_ERRORS, limit=OFFERS),
            Route("DELETE", "/whip/{stage}/{session}", self.end, "endPublishing", "End what was begun; only its sender knows its address",
                  answers={200: None}, errors=("streaming.whip.unknown_session",), limit=OFFERS),
        )  # fmt: skip

    async def by_key(self, request: web.Request) -> web.StreamResponse:
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        stage = request.match_info["stage"]
        if scheme.lower() != "bearer" or await self._app.authorize(APP_NAME, key.strip()) != stage:
            raise Unauthenticated(disconnect_reasons.WRONG_KEY)
        return await self._answer(request, stage)

    async def by_pass(self, request: web.Request) -> web.StreamResponse:
        stage = request.match_info["stage"]
        self._app.lineup.find(stage)
        return await self._answer(request, stage)

    async def _answer(self, request: web.Request, stage: str) -> web.StreamResponse:
        if request.content_type != SDP:
            raise Invalid("request.unsupported_media_type")
        offer = await bodies.read_bytes(request, LIMITS.offer_bytes)
        try:
            sender = client_address(request, self._trusted_proxies)
            id, answer = await self._server.offer(stage, offer.decode(), sender, _language(request))
        except UnicodeDecodeError:
            raise Invalid(disconnect_reasons.WHIP_OFFER) from None
        except WhipRefused as refusal:
            raise _error(refusal) from None
        headers = {"Location": f"/whip/{stage}/{id}", "Cache-Control": "no-store"}
        return web.Response(status=201, body=answer.encode(), content_type=SDP, headers=headers)

    async def end(self, request: web.Request) -> web.StreamResponse:
        if not self._server.end(request.match_info["session"], request.match_info["stage"]):
            raise NotFound("streaming.whip.unknown_session")
        return web.Response(headers={"Cache-Control": "no-store"})


def _language(request: web.Request) -> str:
    """Of a second sound (`?interpreted=en`). Raises Invalid."""
    language = request.query.get("interpreted", "")
    if language and not _LANGUAGE.match(language):
        raise Invalid(disconnect_reasons.WHIP_OFFER)
    return language


def _error(refusal: WhipRefused) -> DomainError:
    match refusal.code:
        case disconnect_reasons.BUSY:
            return Conflict(refusal.code)
        case disconnect_reasons.CROWDED | disconnect_reasons.UNAVAILABLE | disconnect_reasons.STOPPING:
            return Unavailable(refusal.code)
    return Invalid(refusal.code, params={"codec": refusal.codec})
