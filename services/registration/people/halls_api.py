"""The JSON interface of hall codes: what the screen of a hall shows, and another one when it got around. Parse, call a use case, render."""

from __future__ import annotations

from typing import Final

from aiohttp import web
from pydantic import BaseModel

from services.registration.limits import LISTING, REVOCATIONS
from services.registration.people.halls import HallCode, HallDoors
from shared.http.caching import PRIVATE
from shared.service.route import PASS_KEY, Route, Who

CODE: Final = "/api/registration/sessions/{id}/hall-code"
HUB_CODE: Final = "/api/registration/sessions/{id}/hub-code"


class HallCodeAnswer(BaseModel):
    """`code` is empty while the session is not on; `replaced`: how often there was another one before."""

    session: str
    code: str
    replaced: int


class HallsApi:
    def __init__(self, halls: HallDoors) -> None:
        self._halls = halls

    def routes(self) -> list[Route]:
        return [
            Route(
                "GET", CODE, self.read, "readHallCode", "What people in the hall of a session type to take part, while it is on",
                who=Who.PASS, action="hall_code.read", answers={200: HallCodeAnswer}, errors=("registration.session_unknown",),
                limit=LISTING,
            ),
            Route(
                "GET", HUB_CODE, self.read_for_host, "readHubCode",
                "What people in a local hub type to take part by its door: for the host who said how many are there",
                who=Who.PASS, action="hub_code.read", answers={200: HallCodeAnswer},
                errors=("registration.session_unknown", "registration.not_a_host"), limit=LISTING,
            ),
            Route(
                "POST", CODE, self.replace, "replaceHallCode",
                "Another code: the one before opens nothing, and whoever came in by it has to type the new one", who=Who.PASS,
                action="hall_code.replace", answers={200: HallCodeAnswer}, errors=("registration.session_unknown",), limit=REVOCATIONS,
            ),
        ]  # fmt: skip

    async def read(self, request: web.Request) -> web.StreamResponse:
        return _answer(await self._halls.code(request.match_info["id"]))

    async def read_for_host(self, request: web.Request) -> web.StreamResponse:
        return _answer(await self._halls.code_for_host(request.match_info["id"], request[PASS_KEY]))

    async def replace(self, request: web.Request) -> web.StreamResponse:
        return _answer(await self._halls.replace(request.match_info["id"]))


def _answer(code: HallCode) -> web.Response:
    return web.json_response({"session": code.session, "code": code.code, "replaced": code.generation}, headers=PRIVATE)
