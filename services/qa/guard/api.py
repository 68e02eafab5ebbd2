"""The HTTP interface of what protects sessions: parse, call the use case, render."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from services.qa.calls import answer, caller, session_of
from services.qa.guard import shapes
from services.qa.guard.app import Guards
from shared.messages.catalogue import Catalogue
from shared.service.route import BODY_KEY, RateLimit, Route, Who

GUARDING: Final = RateLimit(times=120, seconds=60)

_SESSION: Final = "/api/qa/sessions/{session}"
_ERRORS: Final = ("qa.unknown_session", "access.session_not_yours")


def routes(guards: Guards, messages: Catalogue) -> list[Route]:
    api = _Api(guards, messages)
    return [
        Route(
            "PUT", f"{_SESSION}/screens", api.blank, "blankScreens", "Blank every screen of a session, or bring them back", who=Who.PASS,
            action="screens.blank", body=shapes.BlankBody, answers={200: shapes.BlankAnswer}, limit=GUARDING, errors=_ERRORS,
        ),
        Route(
            "PUT", "/api/qa/screens", api.blank_all, "blankAllScreens",
            "Blank the screens of every session, or bring them back; what is blank in one session only stays so", who=Who.PASS,
            action="screens.blank_all", body=shapes.BlankBody, answers={200: shapes.BlankAnswer}, limit=GUARDING,
        ),
        Route(
            "GET", "/api/qa/screens", api.screens, "readScreens", "Which screens are blank, since when and by whom", who=Who.PASS,
            action="screens.blank", answers={200: shapes.BlanksAnswer}, limit=GUARDING,
        ),
        Route(
            "GET", f"{_SESSION}/acts", api.acts, "readActs", "What was done to protect a session: who, what, when; the latest first",
            who=Who.PASS, action="guard.read", answers={200: shapes.ActsAnswer}, limit=GUARDING, errors=_ERRORS,
        ),
    ]  # fmt: skip


class _Api:
    def __init__(self, guards: Guards, messages: Catalogue) -> None:
        self._guards, self._messages = guards, messages

    async def blank(self, request: web.Request) -> web.StreamResponse:
        body: shapes.BlankBody = request[BODY_KEY]
        return answer(await self._guards.blank(caller(request), session_of(request), on=body.blank))

    async def blank_all(self, request: web.Request) -> web.StreamResponse:
        body: shapes.BlankBody = request[BODY_KEY]
        return answer(await self._guards.blank_all(caller(request), on=body.blank))

    async def screens(self, request: web.Request) -> web.StreamResponse:
        return answer(await self._guards.screens(caller(request)))

    async def acts(self, request: web.Request) -> web.StreamResponse:
        lines = await self._guards.acts(caller(request), session_of(request))
        return answer({"entries": [line | {"sentences": self._messages.sentences(f"act.{line['act']}", {})} for line in lines]})
