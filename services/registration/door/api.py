"""The HTTP interface of the door: parse, call the use case, render. Whoever may `door.scan` reads names one at a time, and no list of
them."""

from __future__ import annotations

import base64
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from aiohttp import web

from services.registration.door import shapes
from services.registration.door.app import DoorDesk, Shown, Verdict
from services.registration.door.domain import Scan
from services.registration.people.domain import Person
from services.registration.programme.app import Publishing
from shared.clock import from_text, to_text
from shared.errors import NotFound
from shared.http.caching import PRIVATE
from shared.ids import is_uuid
from shared.service.route import BODY_KEY, Handler, Method, RateLimit, Route, Who

PREFIX: Final = "/api/registration/door"
ACTION: Final = "door.scan"
SCANNING: Final = RateLimit(6000, 60)
"""Every desk comes by the same link, and one that was without a line sends a morning at once."""
READING: Final = RateLimit(600, 60)
SEARCHING: Final = RateLimit(240, 60)
_SCAN_ERRORS: Final = ("door.place_unknown", "door.too_many_scans", "registration.busy")


class DoorApi:
    def __init__(self, desk: DoorDesk, publishing: Publishing) -> None:
        self._desk = desk
        self._publishing = publishing

    def routes(self) -> list[Route]:
        scans = {200: shapes.VerdictAnswer}
        return [
            _route("POST", "/scans", self.scan, "scanTicket", "Let somebody in or out", SCANNING, scans, shapes.ScanBody, *_SCAN_ERRORS),
            _route(
                "POST", "/scans/{nonce}/undo", self.undo, "undoScan", "Take a scan back", SCANNING, scans, shapes.UndoBody,
                "door.scan_unknown", "door.too_many_scans", "registration.busy",
            ),
            _route(
                "POST", "/walk-ins", self.walk_in, "letWalkIn", "Let somebody in who never registered", SCANNING, scans, shapes.WalkInBody,
                "registration.form", *_SCAN_ERRORS,
            ),
            _route(
                "GET", "/list", self.sealed_list, "readDoorList", "Today's tickets, each sealed under its own code", READING,
                {200: shapes.SealedListAnswer}, None,
            ),
            _route(
                "GET", "/people", self.search, "findAtDoor", "People by name (`?search=`, `?place=`)", SEARCHING,
                {200: shapes.SearchAnswer}, None, "door.place_unknown",
            ),
            _route(
                "GET", "/counts", self.counts, "countDoor", "Who is expected, came and is in (`?place=`)", READING,
                {200: shapes.DoorCountsAnswer}, None, "door.place_unknown",
            ),
        ]  # fmt: skip

    async def scan(self, request: web.Request) -> web.StreamResponse:
        body: shapes.ScanBody = request[BODY_KEY]
        shown = Shown(
            body.nonce, body.kind, _instant(body.at), body.desk, body.place, body.ticket or "", body.person or "", insist=body.insist
        )
        return _answer(_verdict(await self._desk.scan(shown)))

    async def undo(self, request: web.Request) -> web.StreamResponse:
        body: shapes.UndoBody = request[BODY_KEY]
        undoes = request.match_info["nonce"]
        if not is_uuid(undoes):
            raise NotFound("door.scan_unknown")
        return _answer(_verdict(await self._desk.undo(undoes, body.nonce, _instant(body.at), body.desk)))

    async def walk_in(self, request: web.Request) -> web.StreamResponse:
        body: shapes.WalkInBody = request[BODY_KEY]
        shown = Shown(body.nonce, "walk_in", _instant(body.at), body.desk, body.place)
        return _answer(_verdict(await self._desk.walk_in(shown, body.name, body.language, body.image_rights)))

    async def sealed_list(self, _: web.Request) -> web.StreamResponse:
        found, programme = await self._desk.sealed_list(), self._publishing.running.programme
        places = [{"id": one.id, "title": one.title, "language": one.language or programme.language} for one in programme.sessions]
        return _answer(
            {
                "event": programme.event.id,
                "day": found.day,
                "made_at": to_text(found.made_at),
                "salt": base64.b64encode(found.salt).decode(),
                "places": places,
                "people": dict(found.lines),
                "inside": [[index, place, to_text(scan.at), scan.desk] for index, place, scan in found.inside],
            }
        )

    async def search(self, request: web.Request) -> web.StreamResponse:
        found = await self._desk.search(request.query.get("search", ""), request.query.get("place", ""))
        people = [{**_person(one.person), "expected": one.expected, "first": _first(one.entry)} for one in found]
        return _answer({"people": people})

    async def counts(self, request: web.Request) -> web.StreamResponse:
        return _answer(asdict(await self._desk.counts(request.query.get("place", ""))))


def _route(
    method: Method, path: str, handler: Handler, operation: str, summary: str, limit: RateLimit, answers: Any, body: Any, *errors: str
) -> Route:
    """`answers` and `body` as of Route."""
    return Route(
        method, PREFIX + path, handler, operation, summary, who=Who.PASS, action=ACTION, body=body, answers=answers, errors=errors,
        limit=limit,
    )  # fmt: skip


def _instant(text: str | datetime) -> datetime:
    return from_text(text) if isinstance(text, str) else text


def _verdict(verdict: Verdict) -> dict[str, Any]:
    """As VerdictAnswer."""
    person = _person(verdict.person) if verdict.person is not None else None
    return {"told": verdict.told, "person": person, "first": _first(verdict.first)}


def _person(person: Person) -> dict[str, Any]:
    """As PersonAtDoor."""
    return {"id": person.id, "name": person.name, "door": person.door, "image_rights": person.image_choice}


def _first(scan: Scan | None) -> dict[str, Any] | None:
    """As FirstScan."""
    return None if scan is None else {"at": to_text(scan.at), "desk": scan.desk}


def _answer(found: dict[str, Any]) -> web.Response:
    return web.json_response(found, headers=PRIVATE)
