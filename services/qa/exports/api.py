"""The addresses of exports: parse, call the use case, send the file."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import BinaryIO, Final, get_args

from aiohttp import web

from services.qa.calls import caller
from services.qa.exports.app import Exports
from services.qa.exports.files import MEDIA_TYPES, Format
from shared.http.caching import PRIVATE
from shared.service.route import Handler, RateLimit, Route, Who

EXPORTING: Final = RateLimit(times=30, seconds=60)
WITH_NAMES: Final = "yes"


def routes(exports: Exports) -> list[Route]:
    found = []
    for format in get_args(Format):
        handler = _handler(exports, format)
        found += [
            _route(
                f"/api/qa/sessions/{{session}}/questions.{format}", handler, f"exportQuestions{format.title()}",
                "Every question of a session, in whatever state, as a table (`?names=yes`: who asked and who moved it)", format,
            ),
            _route(
                f"/api/qa/questions.{format}", handler, f"exportAllQuestions{format.title()}",
                "The same of every session that the pass covers", format,
            ),
        ]  # fmt: skip
    return found


def _route(path: str, handler: Handler, operation: str, summary: str, format: Format) -> Route:
    return Route(
        "GET", path, handler, operation, summary, who=Who.PASS, action="question.export", answers={200: MEDIA_TYPES[format]},
        errors=("qa.unknown_session", "access.session_not_yours"), limit=EXPORTING,
    )  # fmt: skip


def _handler(exports: Exports, format: Format) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        session = request.match_info.get("session")

        async def write(path: Path) -> None:
            names = request.query.get("names") == WITH_NAMES
            await exports.write(caller(request), session, path, format=format, names=names)

        name = f"questions-{session}.{format}" if session else f"questions.{format}"
        headers = {**PRIVATE, "Content-Disposition": f'attachment; filename="{name}"', "Content-Type": _content_type(format)}
        return web.Response(body=await _written(write), headers=headers)

    return handler


async def _written(write: Callable[[Path], Awaitable[None]]) -> BinaryIO:
    """An open file without a name: it is gone with whoever reads it, also after a crash."""
    folder = await asyncio.to_thread(tempfile.TemporaryDirectory, prefix="tablee-export-")
    try:
        path = Path(folder.name) / "file"
        await write(path)
        return await asyncio.to_thread(path.open, "rb")
    finally:
        await asyncio.to_thread(folder.cleanup)


def _content_type(format: Format) -> str:
    return f"{MEDIA_TYPES[format]}; charset=utf-8" if format == "csv" else MEDIA_TYPES[format]
