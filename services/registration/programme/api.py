"""The JSON interface of the programme: reading it, what is on now, importing another one. Parse, call a use case, render."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final

from aiohttp import web
from pydantic import BaseModel, Field

from services.registration.limits import IMPORTS
from services.registration.programme.app import MOST_TEXT, Publishing
from shared.http.caching import PRIVATE, public, respond
from shared.service.ports import Ports
from shared.service.route import BODY_KEY, Body, Route, Who

PREFIX: Final = "/api/registration"
MOST_IMPORT_BYTES: Final = 1_048_576
PROGRAMME_SECONDS: Final = 30
NOW_SECONDS: Final = 5
PATIENCE_SECONDS: Final = 20.0
"""How long a page that names what it knows (`?since=`) waits for something else at most."""
DRAFT: Final = ("registration.event_draft",)


class ProgrammeBody(Body):
    yaml: Annotated[str, Field(max_length=MOST_TEXT)]
    completion: Annotated[str, Field(max_length=MOST_TEXT)] | None = None
    expected_version: Annotated[int, Field(ge=0)]


class StageNow(BaseModel):
    now: str | None
    next: str | None


class NowAnswer(BaseModel):
    """Ids: of what is on (the last one begun last), of what begins next (at one hour), and the same for each stage. `phase`: how the whole
    event stands (`before`, `today`, `over`, `cancelled`, `postponed`, `draft`). `version` is that of the running order, `programme` that
    of the programme; `as_of` is another one once anything but `at` is."""

    at: str
    version: int
    programme: int
    now: list[str]
    next: list[str]
    stages: dict[str, StageNow]
    phase: str
    as_of: str


class ImportWarning(BaseModel):
    path: str
    code: str
    params: dict[str, Any]
    sentences: dict[str, str]


class ImportAnswer(BaseModel):
    version: int
    warnings: list[ImportWarning]


class ProgrammeApi:
    """`require_visible` raises NotFound("registration.event_draft") for callers who may not see a draft."""

    def __init__(self, ports: Ports, publishing: Publishing, require_visible: Callable[[web.Request], Awaitable[None]]) -> None:
        self._ports = ports
        self._publishing = publishing
        self._require_visible = require_visible

    def routes(self) -> list[Route]:
        return [
            Route(
                "GET",
                f"{PREFIX}/programme",
                self.programme,
                "readProgramme",
                "The whole public programme",
                answers={200: "application/json"},
                errors=DRAFT,
                open=True,
            ),
            Route(
                "GET",
                f"{PREFIX}/now",
                self.now,
                "readNow",
                "What is on now and what comes next; with `since`, its `as_of`, as soon as that changes",
                answers={200: NowAnswer},
                errors=DRAFT,
                open=True,
            ),
            Route(
                "POST",
                f"{PREFIX}/programme",
                self.import_programme,
                "importProgramme",
                "Import a programme; one with an error changes nothing",
                who=Who.PASS,
                action="programme.import",
                body=ProgrammeBody,
                answers={200: ImportAnswer},
                errors=("programme.invalid", "registration.programme_stale"),
                limit=IMPORTS,
                most_bytes=MOST_IMPORT_BYTES,
            ),
        ]

    async def programme(self, request: web.Request) -> web.StreamResponse:
        await self._require_visible(request)
        body = json.dumps(self._publishing.public(self._ports.clock())).encode()
        return respond(request, body, media_type="application/json", cache=public(PROGRAMME_SECONDS, draft=self._publishing.is_draft))

    async def now(self, request: web.Request) -> web.StreamResponse:
        await self._require_visible(request)
        if known := request.query.get("since", ""):
            return web.json_response(await self._publishing.changed_since(known, PATIENCE_SECONDS), headers=PRIVATE)
        headers = {"Cache-Control": public(NOW_SECONDS, draft=self._publishing.is_draft)}
        return web.json_response(self._publishing.now_next(self._ports.clock()), headers=headers)

    async def import_programme(self, request: web.Request) -> web.StreamResponse:
        body: ProgrammeBody = request[BODY_KEY]
        version, found = await self._publishing.import_texts(body.yaml, body.completion, expected_version=body.expected_version)
        warnings = [
            {
                "path": one.path,
                "code": one.code,
                "params": dict(one.params or {}),
                "sentences": self._ports.messages.sentences(one.code, one.params or {}),
            }
            for one in found
        ]
        return web.json_response({"version": version, "warnings": warnings}, headers=PRIVATE)
