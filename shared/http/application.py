"""From declarations to one aiohttp application: every route guarded as it says, every answer with its headers, every error a problem.

What must not be here: rules of a service; a route that no service declares, besides health and documents.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from shared import correlation
from shared.auth import capabilities
from shared.auth.passes import Pass, Verifier
from shared.auth.revocations import Revocations
from shared.clock import Clock
from shared.config import Settings
from shared.errors import DomainError, Invalid, NotFound, Unavailable
from shared.http import bodies, health, problem, security
from shared.http.limits import Limiter, client_address
from shared.interfaces import openapi
from shared.messages.catalogue import Catalogue
from shared.metrics import Metrics
from shared.service.declaration import Service
from shared.service.route import BODY_KEY, PASS_KEY, Handler, Route, Who

log = logging.getLogger("tablee.http")

MOST_BODY_BYTES: Final = 1_048_576
"""No endpoint may ask for more; each one states its own, smaller bound."""
DOCUMENT_CACHE: Final = "public, max-age=300"
ASSET_CACHE: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class HttpParts:
    """What guarding needs. `ready` is asked by /ready besides the services' own checks: False from the first moment of a stop."""

    settings: Settings
    verifier: Verifier
    revocations: Revocations
    clock: Clock
    metrics: Metrics
    messages: Catalogue
    ready: Callable[[], bool] = lambda: True


def build_application(services: Sequence[Service], parts: HttpParts, *, asyncapi: Callable[[], object] | None = None) -> web.Application:
    edge = _Edge(parts, services)
    app = web.Application(client_max_size=MOST_BODY_BYTES, middlewares=[edge.around])
    limiter = Limiter(time.monotonic)
    for service in services:
        for route in service.routes:
            app.router.add_route(route.method, route.path, _guarded(route, parts, limiter))
        for prefix, folder in service.assets.items():
            app.router.add_static(prefix, folder, append_version=False)
        document = openapi.document(service)
        app.router.add_get(f"/api/{service.name}/openapi.json", _serve(document))
    if asyncapi is not None:
        app.router.add_get("/api/asyncapi.json", _serve(asyncapi()))
    checks = {f"{service.name}.{name}": check for service in services for name, check in service.checks.items()}
    health.mount(app, checks, parts.ready, parts.metrics)
    return app


def _serve(document: object) -> Handler:
    async def handler(_: web.Request) -> web.StreamResponse:
        return web.json_response(document, headers={"Cache-Control": DOCUMENT_CACHE, "Access-Control-Allow-Origin": "*"})

    return handler


def _guarded(route: Route, parts: HttpParts, limiter: Limiter) -> Handler:
    if (route.who is Who.PASS) != (route.action is not None):
        raise ValueError(f"{route.operation}: a pass and an action belong together")
    if route.action is not None and route.action not in capabilities.CAPABILITIES:
        raise ValueError(f"{route.operation}: no capability {route.action!r}")

    async def handler(request: web.Request) -> web.StreamResponse:
        caller = client_address(request, parts.settings.trusted_proxies)
        if route.who is Who.PASS:
            holder = authenticate(request, parts)
            capabilities.require(holder.duty, route.action or "")
            request[PASS_KEY] = holder
            caller = holder.person
        if route.limit is not None:
            limiter.take(route.operation, caller, route.limit)
        if route.body is not None:
            request[BODY_KEY] = await bodies.read(request, route.body, route.most_bytes)
        return await route.handler(request)

    return handler


def authenticate(request: web.Request, parts: HttpParts) -> Pass:
    """The verified pass of `Authorization: Bearer …` (RFC 6750, section 2.1). Raises Unauthenticated."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    holder = parts.verifier.verify(token.strip() if scheme.lower() == "bearer" else "", now=parts.clock())
    parts.revocations.check(holder)
    return holder


class _Edge:
    """The one middleware: correlation, metrics, error documents and headers."""

    def __init__(self, parts: HttpParts, services: Sequence[Service]) -> None:
        self._catalogue = parts.messages
        self._secure = parts.settings.secure
        self._asset_prefixes = tuple(prefix for service in services for prefix in service.assets)
        self._page = next((service.error_page for service in services if service.error_page), None)
        self._requests = parts.metrics.counter("tablee_http_requests_total", "Answered requests", ("route", "method", "status"))
        self._seconds = parts.metrics.histogram("tablee_http_request_seconds", "Time to the answer", ("route", "method"))

    @web.middleware
    async def around(self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> web.StreamResponse:
        started = time.perf_counter()
        with correlation.correlated(correlation.accepted_or_new(request.headers.get("X-Correlation-ID"))):
            response = await self._answer(request, handler)
            if not response.prepared:
                self._dress(request, response)
            self._count(request, response.status, time.perf_counter() - started)
            return response

    async def _answer(self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> web.StreamResponse:
        try:
            return await handler(request)
        except DomainError as error:
            return self._refuse(request, error)
        except web.HTTPException as answer:
            if answer.status < 400:
                # aiohttp's redirects are exceptions; raised again they would miss the headers
                return web.Response(status=answer.status, headers=answer.headers)
            return self._refuse(request, _of_http(answer))
        except (asyncio.CancelledError, ConnectionError):
            raise
        except TimeoutError:
            log.exception("a dependency was too slow", extra={"route": _route(request)})
            return self._refuse(request, Unavailable("store.unavailable"))
        except Exception:
            log.exception("unexpected error", extra={"route": _route(request)})
            return self._refuse(request, Invalid("internal.error"))

    def _refuse(self, request: web.Request, error: DomainError) -> web.Response:
        if self._page is not None and _wants_page(request):
            params = {**error.params, "correlation_id": correlation.current()}
            return self._page(request, problem.status_of(error), error.code, self._catalogue.sentences(error.code, params))
        return problem.response(request, error, self._catalogue)

    def _dress(self, request: web.Request, response: web.StreamResponse) -> None:
        headers = response.headers
        headers["X-Correlation-ID"] = correlation.current()
        for name, value in security.HEADERS.items():
            headers.setdefault(name, value)
        headers.setdefault("Content-Security-Policy", security.STRICTEST)
        if self._secure:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if response.status == 200 and self._asset_prefixes and request.path.startswith(self._asset_prefixes):
            headers["Cache-Control"] = ASSET_CACHE

    def _count(self, request: web.Request, status: int, seconds: float) -> None:
        route = _route(request)
        self._requests.labels(route, request.method, str(status)).inc()
        self._seconds.labels(route, request.method).observe(seconds)
        log.debug("answered", extra={"route": route, "method": request.method, "status": status, "ms": round(seconds * 1000, 1)})


def _route(request: web.Request) -> str:
    """The route's template, never the path itself: personal links stand in paths."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "unmatched"


def _wants_page(request: web.Request) -> bool:
    return "text/html" in request.headers.get("Accept", "") and not request.path.startswith(("/api/", "/hls/", "/assets/"))


def _of_http(answer: web.HTTPException) -> DomainError:
    if answer.status == 404:
        return NotFound("request.not_found")
    if answer.status == 405:
        return Invalid("request.method_not_allowed")
    if answer.status == 413:
        return Invalid("request.too_large", params={"most_bytes": MOST_BODY_BYTES})
    if answer.status >= 500:
        log.error("unexpected HTTP exception %s", answer.status)
        return Invalid("internal.error")
    return Invalid("request.refused")
