"""The JSON interface of lists of people, for operators: bringing one in, taking one out.

Parse, call a use case, render.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, get_args

from aiohttp import web
from pydantic import BaseModel, Field

from services.registration.limits import IMPORTS, LISTING
from services.registration.people.bringing import Fate, LineFate, PeopleLists
from services.registration.people.sheet import MOST_CHARACTERS
from services.registration.programme.state import REFUSALS
from shared.http.caching import PRIVATE
from shared.service.route import BODY_KEY, PASS_KEY, Body, Route, Who

IMPORT: Final = "/api/registration/people/import"
EXPORT: Final = "/api/registration/people.csv"
MOST_SHEET_BYTES: Final = 1_000_000
log = logging.getLogger("tablee.registration")


class SheetBody(Body):
    """`csv`: its first line names the columns (`name`, `email`, `door`, `language`, `days`, `headcount`, `answers.<id>`). `trial`: only say
    what would become of each line. `language`: of whoever names none, by default that of the event."""

    csv: Annotated[str, Field(max_length=MOST_CHARACTERS)]
    trial: bool = True
    language: Annotated[str, Field(max_length=20)] | None = None


class LineAnswer(BaseModel):
    """`fate`: new, known, twice or wrong; `fields`: {path, code} of what is wrong."""

    line: int
    name: str
    fate: str
    fields: list[dict[str, str]]


class FatesAnswer(BaseModel):
    trial: bool
    lines: list[LineAnswer]
    counts: dict[str, int]
    """By fate."""


class ListsApi:
    def __init__(self, lists: PeopleLists) -> None:
        self._lists = lists

    def routes(self) -> list[Route]:
        return [
            Route(
                "POST", IMPORT, self.bring_in, "importPeople", "Bring in a list of people: each is asked by mail; first as a trial",
                who=Who.PASS, action="person.import", body=SheetBody, most_bytes=MOST_SHEET_BYTES, answers={200: FatesAnswer},
                errors=("registration.sheet", "registration.busy", *REFUSALS), limit=IMPORTS,
            ),
            Route(
                "GET", EXPORT, self.take_out, "exportPeople", "Whoever registered, as CSV, without addresses",
                who=Who.PASS, action="person.export", answers={200: "text/csv"}, limit=LISTING,
            ),
        ]  # fmt: skip

    async def bring_in(self, request: web.Request) -> web.StreamResponse:
        body: SheetBody = request[BODY_KEY]
        fates = await self._lists.bring_in(body.csv, language=body.language, trial=body.trial)
        lines = [
            {
                "line": one.line.number, "name": one.line.name, "fate": one.fate,
                "fields": [{"path": field.path, "code": field.code} for field in one.line.wrong],
            }
            for one in fates
        ]  # fmt: skip
        return web.json_response({"trial": body.trial, "lines": lines, "counts": counts_of(fates)}, headers=PRIVATE)

    async def take_out(self, request: web.Request) -> web.StreamResponse:
        return csv_file(await self._lists.taken_out(), request[PASS_KEY].person)


def csv_file(text: str, by: str) -> web.Response:
    log.info("the list of people was taken out", extra={"person": by})
    headers: Mapping[str, Any] = {**PRIVATE, "Content-Disposition": 'attachment; filename="people.csv"'}
    return web.Response(text=text, content_type="text/csv", charset="utf-8", headers=headers)


def counts_of(fates: Sequence[LineFate]) -> dict[str, int]:
    found = Counter(one.fate for one in fates)
    return {fate: found[fate] for fate in get_args(Fate)}
