"""What is no HTTP: request lines, headers and codings that the parser refuses, answered as everything else is and logged as one line.

Whoever scans a port sends thousands of them; they are a stranger's fault and no error of ours.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from typing import Any, Final

from aiohttp import hdrs, web
from aiohttp.http_exceptions import ContentEncodingError
from aiohttp.web_protocol import RequestHandler
from aiohttp.web_request import BaseRequest
from aiohttp.web_server import Server

from shared.errors import DomainError, Invalid
from shared.http import problem

log = logging.getLogger("tablee.http")

LOG_EVERY_SECONDS: Final = 10.0
"""At most one line in this time, with the number of requests it covers."""

Answer = Callable[[DomainError], web.Response]


class MalformedRequests:
    """Counts what the parser refused and logs a summary now and then."""

    def __init__(self, count: Callable[[], None], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._count, self._now = count, monotonic
        self._since, self._logged_at = 0, -LOG_EVERY_SECONDS

    def note(self, peer: str | None, status: int) -> None:
        self._count()
        self._since += 1
        now = self._now()
        if now - self._logged_at < LOG_EVERY_SECONDS:
            return
        log.info("malformed requests refused", extra={"requests": self._since, "last_peer": peer, "last_status": status})
        self._since, self._logged_at = 0, now


class PlainResponse(web.Response):
    """A response without the name and version of the software that made it."""

    async def _prepare_headers(self) -> None:
        await super()._prepare_headers()
        self.headers.popall(hdrs.SERVER, None)


class HttpRunner(web.AppRunner):
    """Runs an application whose connections answer malformed requests with problem documents."""

    def __init__(self, app: web.Application, malformed: MalformedRequests, answer: Answer, **settings: Any) -> None:
        super().__init__(app, **settings)
        self._malformed, self._answer = malformed, answer

    async def _make_server(self) -> Server:
        made = await super()._make_server()
        return _Server(made, self._malformed, self._answer)


class _Server(Server):
    def __init__(self, made: Server, malformed: MalformedRequests, answer: Answer) -> None:
        super().__init__(made.request_handler, request_factory=made.request_factory, loop=made._loop, **made._kwargs)
        self._malformed, self._answer = malformed, answer

    def __call__(self) -> RequestHandler:
        return _Connection(self, self._malformed, self._answer, loop=self._loop, **self._kwargs)


class _Connection(RequestHandler):
    __slots__ = ("_answer", "_malformed")

    def __init__(self, server: Server, malformed: MalformedRequests, answer: Answer, **settings: Any) -> None:
        super().__init__(server, **settings)
        self._malformed, self._answer = malformed, answer

    def handle_error(
        self, request: BaseRequest, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        if status >= 500:
            log.error("a request could not be answered", exc_info=exc)
        else:
            self._malformed.note(request.remote, status)
        if request.writer.output_size > 0:
            raise ConnectionError("the answer has begun; the connection ends here")
        response = self._answer(_as_domain_error(status, exc))
        response.force_close()
        return response


def _as_domain_error(status: int, exc: BaseException | None) -> DomainError:
    if status >= 500:
        return Invalid("internal.error")
    if isinstance(exc, ContentEncodingError):
        return Invalid("request.unsupported_coding")
    return Invalid("request.refused")


def problem_response(document: dict[str, Any], status: int, headers: dict[str, str]) -> web.Response:
    """A problem document outside of any application: all headers are the caller's."""
    return PlainResponse(text=json.dumps(document, ensure_ascii=False), status=status, content_type=problem.MEDIA_TYPE, headers=headers)
