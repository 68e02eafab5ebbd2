"""The HTTP interface of what protects sessions: parse, call the use case, render."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from services.qa.calls import answer, caller, id_of, session_of
from services.qa.guard import shapes
from services.qa.guard.app import Guards
from shared.messages.catalogue import Catalogue
from shared.service.route import BODY_KEY, Handler, Method, RateLimit, Route, Who

GUARDING: Final = RateLimit(times=120, seconds=60)

_SESSION: Final = "/api/qa/sessions/{session}"
_MUTE_ERRORS: Final = ("qa.mute_nobody", "qa.mute_hall", "qa.mutes_full")
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
            "PUT", f"{_SESSION}/slow", api.slow, "slowQuestions",
            "Let a person wait so long between two questions in a session; 0 ends it, as the end of the session does", who=Who.PASS,
            action="guard.change", body=shapes.SlowBody, answers={200: shapes.SlowAnswer}, limit=GUARDING,
            errors=(*_ERRORS, "qa.slow_unknown"),
        ),
        _mute("PUT", api.mute, "muteAuthor", "Mute the author of a question in its session: they read and vote, no more", *_MUTE_ERRORS),
        _mute("DELETE", api.unmute, "unmuteAuthor", "Let the author of a question speak again, as the end of the session does"),
        Route(
            "GET", "/api/qa/flags", api.words, "readFlagWords", "The words that mark a question for moderators", who=Who.PASS,
            action="flags.read", answers={200: shapes.WordsAnswer}, limit=GUARDING,
        ),
        Route(
            "PUT", "/api/qa/flags", api.list_words, "listFlagWords",
            "Other words that mark a question; what was asked already is marked by them too",
            who=Who.PASS, action="flags.change", body=shapes.WordsBody, answers={200: shapes.WordsAnswer}, limit=GUARDING,
            errors=("qa.flags_many", "qa.flag_long", "qa.text_control"),
        ),
        Route(
            "GET", f"{_SESSION}/acts", api.acts, "readActs", "What was done to protect a session: who, what, when; the latest first",
            who=Who.PASS, action="guard.read", answers={200: shapes.ActsAnswer}, limit=GUARDING, errors=_ERRORS,
        ),
    ]  # fmt: skip


def _mute(method: Method, handler: Handler, operation: str, summary: str, *errors: str) -> Route:
    return Route(
        method, "/api/qa/questions/{id}/mute", handler, operation, summary, who=Who.PASS, action="guard.change",
        answers={200: shapes.MuteAnswer}, limit=GUARDING, errors=("qa.unknown_question", "access.session_not_yours", *errors),
    )  # fmt: skip


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

    async def slow(self, request: web.Request) -> web.StreamResponse:
        body: shapes.SlowBody = request[BODY_KEY]
        return answer(await self._guards.slow(caller(request), session_of(request), body.seconds))

    async def mute(self, request: web.Request) -> web.StreamResponse:
        return answer(await self._guards.mute(caller(request), id_of(request), on=True))

    async def unmute(self, request: web.Request) -> web.StreamResponse:
        return answer(await self._guards.mute(caller(request), id_of(request), on=False))

    async def words(self, request: web.Request) -> web.StreamResponse:
        return answer(await self._guards.words(caller(request)))

    async def list_words(self, request: web.Request) -> web.StreamResponse:
        body: shapes.WordsBody = request[BODY_KEY]
        return answer(await self._guards.list_words(caller(request), body.model_dump()))

    async def acts(self, request: web.Request) -> web.StreamResponse:
        lines = await self._guards.acts(caller(request), session_of(request))
        return answer(
            {
                "entries": [
                    line | {"sentences": self._messages.sentences(f"act.{line['act']}", {"minutes": line["about"], "words": line["about"]})}
                    for line in lines
                ]
            }
        )
