"""What moderators may call besides the steps of a question: undo, claims, decisions on many. Parse, call the use case, render."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from services.qa import shapes
from services.qa.api import MODERATING
from services.qa.app import Questions
from services.qa.calls import answer, caller, id_of, session_of
from services.qa.desk import Desk, Wanted
from shared.errors import DomainError
from shared.http import language
from shared.http.problem import document, status_of
from shared.messages.catalogue import Catalogue
from shared.service.route import BODY_KEY, Handler, Method, Route, Who

_QUESTION: Final = "/api/qa/questions/{id}"
_ERRORS: Final = ("qa.unknown_question", "access.session_not_yours")


def routes(questions: Questions, desk: Desk, messages: Catalogue) -> list[Route]:
    api = _DeskApi(questions, desk, messages)
    return [
        Route(
            "POST", f"{_QUESTION}/undo", api.undo, "undoQuestion", "Back into the state before the last step of a moderator", who=Who.PASS,
            action="question.stage", body=shapes.VersionBody, answers={200: shapes.ItemAnswer}, limit=MODERATING,
            errors=(*_ERRORS, "qa.stale", "qa.nothing_to_undo", "qa.stage_taken", "qa.next_taken", "qa.merge_target", "qa.session_removed"),
        ),
        Route(
            "POST", f"{_QUESTION}/erase", api.erase, "eraseQuestion",
            "Words and author go, the counts stay; one's own, or for operators anybody's", who=Who.PASS, action="question.withdraw",
            body=shapes.VersionBody, answers={200: shapes.ErasedAnswer}, limit=MODERATING,
            errors=(*_ERRORS, "qa.stale", "qa.not_yours", "qa.not_possible"),
        ),
        Route(
            "GET", f"{_QUESTION}/history", api.history, "readHistory",
            "What was done with a question: all of it for moderators, for its author what they were told", who=Who.PASS,
            action="question.read", answers={200: shapes.HistoryAnswer}, limit=MODERATING, errors=(*_ERRORS, "qa.not_yours"),
        ),
        _claim("PUT", api.claim, "claimQuestion", "Say that one reads a question, for a minute; a colleague's claim stays theirs"),
        _claim("DELETE", api.give_up, "giveUpQuestion", "Say that one reads it no more"),
        Route(
            "POST", "/api/qa/sessions/{session}/decide", api.decide, "decideQuestions",
            "One step with up to 100 questions; answers for each of them, in the same order", who=Who.PASS, action="question.moderate",
            body=shapes.DecideBody, answers={200: shapes.DecideAnswer}, limit=MODERATING, errors=("access.session_not_yours",),
        ),
    ]  # fmt: skip


def _claim(method: Method, handler: Handler, operation: str, summary: str) -> Route:
    return Route(
        method, f"{_QUESTION}/claim", handler, operation, summary, who=Who.PASS, action="question.moderate",
        answers={200: shapes.ClaimAnswer}, limit=MODERATING, errors=_ERRORS,
    )  # fmt: skip


class _DeskApi:
    def __init__(self, questions: Questions, desk: Desk, messages: Catalogue) -> None:
        self._questions, self._desk, self._messages = questions, desk, messages

    async def undo(self, request: web.Request) -> web.StreamResponse:
        body: shapes.VersionBody = request[BODY_KEY]
        return answer(await self._questions.undo(caller(request), id_of(request), expected_version=body.expected_version))

    async def erase(self, request: web.Request) -> web.StreamResponse:
        body: shapes.VersionBody = request[BODY_KEY]
        return answer(await self._questions.erase(caller(request), id_of(request), expected_version=body.expected_version))

    async def history(self, request: web.Request) -> web.StreamResponse:
        lines = await self._questions.history(caller(request), id_of(request))
        return answer({"entries": [line | {"sentences": self._messages.sentences(f"story.{line['step']}", {})} for line in lines]})

    async def claim(self, request: web.Request) -> web.StreamResponse:
        return answer(await self._desk.claim(caller(request), id_of(request)))

    async def give_up(self, request: web.Request) -> web.StreamResponse:
        return answer(await self._desk.give_up(caller(request), id_of(request)))

    async def decide(self, request: web.Request) -> web.StreamResponse:
        body: shapes.DecideBody = request[BODY_KEY]
        items = [Wanted(each.id, each.expected_version) for each in body.items]
        outcomes = await self._desk.decide(
            caller(request), session_of(request), body.command, items, reason=body.reason, note=body.note
        )  # fmt: skip
        return answer({"answers": [{"id": id, **self._outcome(request, outcome)} for id, outcome in outcomes]})

    def _outcome(self, request: web.Request, outcome: dict[str, Any] | DomainError) -> dict[str, Any]:
        if isinstance(outcome, DomainError):
            lang = language.of_request(request, self._messages.languages)
            return {"problem": document(outcome, status_of(outcome), lang, self._messages)}
        return {"item": outcome}
