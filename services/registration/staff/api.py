"""The JSON interface of the team's links, for operators.

Parse, call a use case, render.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from aiohttp import web
from pydantic import BaseModel, Field

from services.registration.limits import LISTING, REVOCATIONS
from services.registration.people import access
from services.registration.staff.grants import Grant, Grants
from shared.clock import to_text
from shared.config import Settings
from shared.http.caching import PRIVATE
from shared.service.route import BODY_KEY, PASS_KEY, Body, Route, Who

PREFIX: Final = "/api/registration/access"
_Text = Annotated[str, Field(max_length=400)]


class GrantBody(Body):
    name: _Text
    duty: _Text


class GrantAnswer(BaseModel):
    """`name` is empty for a link that is shared; `browsers`: signed in by it now; `set_up`: whether its operator has a passkey or an
    app."""

    id: str
    name: str
    duty: str
    shared: bool
    since: str
    withdrawn_at: str | None
    uses: int
    last_used_at: str | None
    browsers: int
    set_up: bool


class GrantsAnswer(BaseModel):
    grants: list[GrantAnswer]


class GivenLinkAnswer(BaseModel):
    """`link` is told this once."""

    id: str
    name: str
    duty: str
    link: str


class GrantsApi:
    def __init__(self, settings: Settings, grants: Grants) -> None:
        self._settings, self._grants = settings, grants

    def routes(self) -> list[Route]:
        return [
            Route(
                "GET", PREFIX, self.all, "listGrants", "Who of the team has a link, and whether it was used",
                who=Who.PASS, action="access.manage", answers={200: GrantsAnswer}, limit=LISTING,
            ),
            Route(
                "POST", PREFIX, self.give, "giveLink", "Give one of the team a link of their own; it is told this once",
                who=Who.PASS, action="access.manage", body=GrantBody, answers={201: GivenLinkAnswer}, errors=("registration.form",),
                limit=REVOCATIONS,
            ),
            Route(
                "DELETE", f"{PREFIX}/{{id}}", self.take_back, "takeLinkBack", "Take a link back, with every session and pass of it",
                who=Who.PASS, action="access.manage", answers={204: None}, errors=("registration.person_unknown",), limit=REVOCATIONS,
            ),
        ]  # fmt: skip

    async def all(self, request: web.Request) -> web.StreamResponse:
        return web.json_response({"grants": [plain_grant(one) for one in await self._grants.all()]}, headers=PRIVATE)

    async def give(self, request: web.Request) -> web.StreamResponse:
        body: GrantBody = request[BODY_KEY]
        given = await self._grants.give(body.name, body.duty, request[PASS_KEY].person)
        answer = {"id": given.id, "name": given.name, "duty": given.duty, "link": access.link(self._settings, given.token)}
        return web.json_response(answer, status=201, headers=PRIVATE)

    async def take_back(self, request: web.Request) -> web.StreamResponse:
        await self._grants.take_back(request.match_info["id"], request[PASS_KEY].person)
        return web.Response(status=204, headers=PRIVATE)


def plain_grant(one: Grant) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "duty": one.duty,
        "shared": one.shared,
        "since": to_text(one.since),
        "withdrawn_at": to_text(one.withdrawn_at) if one.withdrawn_at else None,
        "uses": one.uses,
        "last_used_at": to_text(one.last_used_at) if one.last_used_at else None,
        "browsers": one.browsers,
        "set_up": one.set_up,
    }
