"""From declarations to one aiohttp application: every route guarded as declared, every answer with its headers, every error a problem.

A GET also answers HEAD (RFC 9110, section 9.3.2); a path that is open to other sites also answers OPTIONS. No route lives here that no
service declares, besides health and documents.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, Final

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Histogram

from shared import correlation
from shared.auth import capabilities, cookies
from shared.auth.passes import Pass, Verifier
from shared.auth.revocations import Revocations
from shared.clock import Clock
from shared.config import Settings
from shared.errors import DomainError, Invalid, NotFound, Unavailable
from shared.http import bodies, caching, compression, health, problem, security
from shared.http.connection import HttpRunner, MalformedRequests, problem_response
from shared.http.limits import Limiter, caller_of, client_address
from shared.ids import new_id
from shared.interfaces import openapi
from shared.messages.catalogue import DEFAULT_LANGUAGE, Catalogue
from shared.service.declaration import Service
from shared.service.route import BODY_KEY, PASS_KEY, Handler, Refused, Route, Who
from shared.turns import Turns

log = logging.getLogger("tablee.http")

MOST_BODY_BYTES: Final = 1_048_576
"""No endpoint may ask for more; each one states its own, smaller bound."""
DOCUMENT_CACHE: Final = caching.public(300)
ASSET_CACHE: Final = "public, max-age=31536000, immutable"
MEDIA_TYPES: Final = {"js": "text/javascript; charset=utf-8", "mjs": "text/javascript; charset=utf-8", "woff2": "font/woff2"}
"""By suffix (RFC 9239, RFC 8081): the table of the machine may not know them."""
BY_PASS: Final = frozenset({Who.PASS, Who.LITE})
OPEN: Final = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""What is public may be read from any site."""
PREFLIGHT: Final = {
    **OPEN,
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
    "Allow": "GET, HEAD, OPTIONS",
}


@dataclass(frozen=True, slots=True)
class HttpParts:
    """What guarding needs. `ready` is asked by /ready besides the services' own checks: False from the first moment of a stop."""

    settings: Settings
    verifier: Verifier
    revocations: Revocations
    clock: Clock
    metrics: CollectorRegistry
    messages: Catalogue
    ready: Callable[[], bool] = lambda: True


def build_application(services: Sequence[Service], parts: HttpParts, *, asyncapi: Callable[[], object] | None = None) -> web.Application:
    edge = _Edge(parts, services)
    app = web.Application(client_max_size=MOST_BODY_BYTES, middlewares=[edge.middleware])
    app.on_response_prepare.append(_without_software)
    limiter, turns = Limiter(time.monotonic), Turns()
    for service in services:
        for route in service.routes:
            _mount(app, route, _guarded(route, parts, _Rush(limiter, turns, service.processes)))
        for prefix, folder in service.assets.items():
            app.router.add_static(prefix, folder, append_version=False)
        document = partial(openapi.document, service, secure=parts.settings.secure)
        app.router.add_get(f"/api/{service.name}/openapi.json", _serve(document))
    if asyncapi is not None:
        app.router.add_get("/api/asyncapi.json", _serve(asyncapi))
    checks = {f"{service.name}.{name}": check for service in services for name, check in service.checks.items()}
    health.mount(app, checks, parts.ready, parts.metrics)
    return app


def build_runner(parts: HttpParts, app: web.Application, **settings: Any) -> HttpRunner:
    """The application with its connections: what is no HTTP at all is answered and counted too. `settings` as web.AppRunner takes them."""
    refused = Counter("tablee_http_malformed_requests_total", "Requests that the HTTP parser refused", registry=parts.metrics)

    def answer(error: DomainError) -> web.Response:
        with correlation.correlated(new_id()):
            status = problem.status_of(error)
            headers = {**security.standard_headers(parts.settings.secure), **caching.PRIVATE, "X-Correlation-ID": correlation.current()}
            return problem_response(problem.document(error, status, DEFAULT_LANGUAGE, parts.messages), status, headers)

    return HttpRunner(app, MalformedRequests(refused.inc), answer, **settings)


def _mount(app: web.Application, route: Route, handler: Handler) -> None:
    app.router.add_route(route.method, route.path, handler)
    if route.method != "GET":
        return
    app.router.add_route("HEAD", route.path, handler)
    if route.open:
        app.router.add_route("OPTIONS", route.path, _preflight)


async def _preflight(_: web.Request) -> web.StreamResponse:
    """What other sites may do with a public document (Fetch, section 3.3): read it, and ask whether it changed."""
    return web.Response(status=204, headers=PREFLIGHT)


async def _without_software(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.popall("Server", None)


def _serve(document: Callable[[], object]) -> Handler:
    """Written when somebody asks for it first: few do, and a start need not wait for it."""

    @cache
    def written() -> tuple[bytes, str]:
        body = json.dumps(document(), ensure_ascii=False).encode()
        return body, caching.entity_tag(body)

    async def handler(request: web.Request) -> web.StreamResponse:
        body, tag = written()
        return caching.respond(request, body, media_type="application/json", cache=DOCUMENT_CACHE, tag=tag, headers=OPEN)

    return handler


@dataclass(frozen=True, slots=True)
class _Rush:
    """What bounds how much comes at once: to this process, and of one caller to all `processes` of the service."""

    limiter: Limiter
    turns: Turns
    processes: Callable[[], int]


def _guarded(route: Route, parts: HttpParts, rush: _Rush) -> Handler:
    if (route.who in BY_PASS) != (route.action is not None):
        raise ValueError(f"{route.operation}: a pass and an action belong together")
    if route.action is not None and route.action not in capabilities.CAPABILITIES:
        raise ValueError(f"{route.operation}: no capability {route.action!r}")

    async def handler(request: web.Request) -> web.StreamResponse:
        if route.crowd:
            await rush.turns.take()
        if route.who in BY_PASS:
            holder = _by_cookie(request, parts) if route.who is Who.LITE else authenticate(request, parts)
            capabilities.require(holder.duty, route.action or "")
            request[PASS_KEY] = holder
            caller = holder.person
        else:
            caller = caller_of(client_address(request, parts.settings.trusted_proxies))
        if route.limit is not None:
            rush.limiter.take(route.operation, caller, route.limit, rush.processes())
        if route.body is not None:
            request[BODY_KEY] = await bodies.read(request, route.body, route.most_bytes)
        response = await route.handler(request)
        if route.open:
            response.headers.update(OPEN)
        return response

    return handler if route.refused is None else _telling(handler, route.refused)


def _telling(handler: Handler, refused: Refused) -> Handler:
    async def telling(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except DomainError as error:
            return await refused(request, error)

    return telling


def authenticate(request: web.Request, parts: HttpParts) -> Pass:
    """The verified pass of `Authorization: Bearer …` (RFC 6750, section 2.1). Raises Unauthenticated."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    holder = parts.verifier.verify(token.strip() if scheme.lower() == "bearer" else "", now=parts.clock())
    parts.revocations.check(holder)
    return holder


def _by_cookie(request: web.Request, parts: HttpParts) -> Pass:
    """The verified pass of the pages without script. Raises Denied for a form of another site, whoever sends it, and Unauthenticated."""
    if request.method not in ("GET", "HEAD"):
        security.require_same_origin(request, parts.settings.origin)
    holder = parts.verifier.verify(request.cookies.get(cookies.LITE, ""), now=parts.clock(), purpose="lite")
    parts.revocations.check(holder)
    return holder


class _Edge:
    """The one middleware: correlation, metrics, error documents and headers."""

    def __init__(self, parts: HttpParts, services: Sequence[Service]) -> None:
        self._catalogue = parts.messages
        self._secure = parts.settings.secure
        self._standard = security.standard_headers(self._secure)
        self._asset_prefixes = tuple(prefix for service in services for prefix in service.assets)
        self._page = next((service.error_page for service in services if service.error_page), None)
        self._requests = Counter("tablee_http_requests_total", "Answered requests", ("route", "method", "status"), registry=parts.metrics)
        self._seconds = Histogram("tablee_http_request_seconds", "Time to the answer", ("route", "method"), registry=parts.metrics)

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        started = time.perf_counter()
        # An id of the caller's choosing would travel through events into other people's pages: it stays in the log.
        with correlation.correlated(new_id()):
            response = await self._answer(request, handler)
            if not response.prepared:
                self._add_headers(request, response)
            self._count(request, response.status, time.perf_counter() - started)
            return response

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except DomainError as error:
            return self._refuse(request, error)
        except web.HTTPException as answer:
            if answer.status < 400:
                # aiohttp's redirects are exceptions; raised again they would miss the headers
                return web.Response(status=answer.status, headers=answer.headers)
            refusal = self._refuse(request, _of_http(answer))
            if "Allow" in answer.headers:
                refusal.headers["Allow"] = answer.headers["Allow"]  # RFC 9110, section 15.5.6
            return refusal
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

    def _add_headers(self, request: web.Request, response: web.StreamResponse) -> None:
        headers = response.headers
        is_asset = response.status in (200, 304) and self._asset_prefixes and request.path.startswith(self._asset_prefixes)
        given = security.asset_headers(self._secure, worker=security.WORKERS in request.path) if is_asset else self._standard
        for name, value in given.items():
            headers.setdefault(name, value)
        if not is_asset:
            headers["X-Correlation-ID"] = correlation.current()
        else:
            headers["Cache-Control"], headers["Vary"] = ASSET_CACHE, "Accept-Encoding"
            media_type = MEDIA_TYPES.get(request.path.rpartition(".")[2])
            if media_type is not None:
                headers["Content-Type"] = media_type
        compression.compress(request, response)

    def _count(self, request: web.Request, status: int, seconds: float) -> None:
        route = _route(request)
        self._requests.labels(route, request.method, str(status)).inc()
        self._seconds.labels(route, request.method).observe(seconds)
        if not log.isEnabledFor(logging.DEBUG):
            return
        facts = {"route": route, "method": request.method, "status": status, "ms": round(seconds * 1000, 1)}
        if given := correlation.accepted(request.headers.get("X-Correlation-ID")):
            facts["caller_id"] = given
        log.debug("answered", extra=facts)


def _route(request: web.Request) -> str:
    """The route's template, never the path itself: paths may contain personal links."""
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
