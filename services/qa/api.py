"""The HTTP interface of the qa service: parse, call the use case, render. What must not be here: rules, access to the store."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from services.qa import shapes
from services.qa.app import Questions
from services.qa.feed.state import PUBLIC, VIEWS
from shared.auth.passes import Pass
from shared.errors import FieldError, Invalid
from shared.ids import is_uuid
from shared.service.route import BODY_KEY, PASS_KEY, Body, Handler, RateLimit, Route, Who

ASKING: Final = RateLimit(times=20, seconds=60)
"""Besides the domain's own measure: what a broken client may try."""
VOTING: Final = RateLimit(times=60, seconds=20)
READING: Final = RateLimit(times=60, seconds=60)
MODERATING: Final = RateLimit(times=300, seconds=60)

_QUESTION: Final = "/api/qa/questions/{id}"
_SESSION: Final = "/api/qa/sessions/{session}"
_COMMAND_ERRORS: Final = ("qa.unknown_question", "qa.stale", "qa.not_possible", "access.session_not_yours")


def routes(questions: Questions) -> list[Route]:
    api = _Api(questions)
    return [
        Route(
            "POST", f"{_SESSION}/questions", api.ask, "askQuestion", "Ask a question; the same id again is the same question",
            who=Who.PASS, action="question.ask", body=shapes.AskBody, answers={201: shapes.ItemAnswer}, limit=ASKING,
            errors=(
                "qa.unknown_session", "qa.floor_closed", "qa.floor_paused", "qa.text_empty", "qa.text_too_long", "qa.text_control",
                "qa.too_fast", "qa.too_many_open", "qa.session_full", "qa.id_taken", "qa.id_invalid", "access.session_not_yours",
            ),
        ),
        _vote("PUT", api.vote, "vote", "Vote for a question"),
        _vote("DELETE", api.take_vote_back, "takeVoteBack", "Take one's vote back"),
        _command("edit", api.edit, "question.edit", shapes.EditBody, "Edit one's own queued question", "qa.not_yours", "qa.text_empty",
                 "qa.text_too_long", "qa.text_control"),
        _command("withdraw", api.withdraw, "question.withdraw", shapes.VersionBody, "Withdraw one's own question", "qa.not_yours"),
        _command("publish", api.publish, "question.moderate", shapes.PublishBody, "Publish, rephrased where `text` is given; also brings "
                 "a hidden question back", "qa.text_empty", "qa.text_too_long", "qa.text_control"),
        _command("decline", api.decline, "question.moderate", shapes.DeclineBody, "Decline with a reason that the author reads",
                 "qa.reason_unknown", "qa.note_too_long", "qa.text_control"),
        _command("hide", api.hide, "question.moderate", shapes.VersionBody, "Take off every public page and screen"),
        _command("stage", api.stage, "question.stage", shapes.VersionBody, "Put on stage", "qa.stage_taken"),
        _command("return", api.put_back, "question.stage", shapes.VersionBody, "Put back from the stage among the published ones"),
        _command("answer", api.answer, "question.stage", shapes.VersionBody, "Mark as answered"),
        Route(
            "POST", f"{_SESSION}/floor", api.floor, "changeFloor", "Open, pause or close a session's questions", who=Who.PASS,
            action="floor.change", body=shapes.FloorBody, answers={200: shapes.FloorAnswer}, limit=MODERATING,
            errors=("qa.unknown_session", "qa.stale", "access.session_not_yours"),
        ),
        Route(
            "GET", "/api/qa/sessions", api.sessions, "listFloors", "The sessions and whether they take questions", who=Who.PASS,
            action="question.read", answers={200: "application/json"}, limit=READING,
        ),
        Route(
            "GET", _SESSION, api.snapshot, "readSession", "The state that the live feed would give (`?view=public|moderator|display`)",
            who=Who.PASS, action="question.read", answers={200: shapes.StateAnswer}, limit=READING,
            errors=("qa.unknown_session", "qa.unknown_view", "access.session_not_yours"),
        ),
    ]  # fmt: skip


def _command(name: str, handler: Handler, action: str, body: type[Body], summary: str, *errors: str) -> Route:
    return Route(
        "POST", f"{_QUESTION}/{name}", handler, f"{name}Question", summary, who=Who.PASS, action=action, body=body,
        answers={200: shapes.ItemAnswer}, errors=(*_COMMAND_ERRORS, *errors), limit=MODERATING,
    )  # fmt: skip


def _vote(method: Any, handler: Handler, operation: str, summary: str) -> Route:
    return Route(
        method, f"{_QUESTION}/vote", handler, operation, summary, who=Who.PASS, action="question.vote", answers={200: shapes.VoteAnswer},
        errors=("qa.unknown_question", "qa.own_question", "qa.votes_closed", "access.session_not_yours"), limit=VOTING,
    )  # fmt: skip


class _Api:
    def __init__(self, questions: Questions) -> None:
        self._questions = questions

    async def ask(self, request: web.Request) -> web.StreamResponse:
        body: shapes.AskBody = request[BODY_KEY]
        if not is_uuid(body.id):
            raise Invalid("qa.id_invalid", fields=(FieldError("id", "qa.id_invalid"),))
        item = await self._questions.ask(
            _by(request), request.match_info["session"], id=body.id, text=body.text, language=body.language, anonymous=body.anonymous
        )
        return _json(item, status=201)

    async def vote(self, request: web.Request) -> web.StreamResponse:
        return _json(await self._questions.vote(_by(request), _id(request), on=True))

    async def take_vote_back(self, request: web.Request) -> web.StreamResponse:
        return _json(await self._questions.vote(_by(request), _id(request), on=False))

    async def edit(self, request: web.Request) -> web.StreamResponse:
        body: shapes.EditBody = request[BODY_KEY]
        return _json(await self._questions.edit(_by(request), _id(request), body.expected_version, body.text))

    async def withdraw(self, request: web.Request) -> web.StreamResponse:
        return _json(await self._questions.withdraw(_by(request), _id(request), _version(request)))

    async def publish(self, request: web.Request) -> web.StreamResponse:
        body: shapes.PublishBody = request[BODY_KEY]
        return _json(await self._questions.publish(_by(request), _id(request), body.expected_version, body.text))

    async def decline(self, request: web.Request) -> web.StreamResponse:
        body: shapes.DeclineBody = request[BODY_KEY]
        return _json(await self._questions.decline(_by(request), _id(request), body.expected_version, body.reason, body.note))

    async def hide(self, request: web.Request) -> web.StreamResponse:
        return _json(await self._questions.hide(_by(request), _id(request), _version(request)))

    async def stage(self, request: web.Request) -> web.StreamResponse:
        return _json(await self._questions.stage(_by(request), _id(request), _version(request)))

    async def put_back(self, request: web.Request) -> web.StreamResponse:
        return _json(await self._questions.put_back(_by(request), _id(request), _version(request)))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        return _json(await self._questions.answer(_by(request), _id(request), _version(request)))

    async def floor(self, request: web.Request) -> web.StreamResponse:
        body: shapes.FloorBody = request[BODY_KEY]
        session = request.match_info["session"]
        return _json(await self._questions.change_floor(_by(request), session, state=body.state, expected_version=body.expected_version))

    async def sessions(self, request: web.Request) -> web.StreamResponse:
        return _json(await self._questions.sessions(_by(request)))

    async def snapshot(self, request: web.Request) -> web.StreamResponse:
        view = request.query.get("view", PUBLIC)
        if view not in VIEWS:
            raise Invalid("qa.unknown_view", fields=(FieldError("view", "qa.unknown_view"),))
        return _json(await self._questions.snapshot(_by(request), request.match_info["session"], view))


def _by(request: web.Request) -> Pass:
    holder: Pass = request[PASS_KEY]
    return holder


def _id(request: web.Request) -> str:
    return request.match_info["id"]


def _version(request: web.Request) -> int:
    body: shapes.VersionBody = request[BODY_KEY]
    return body.expected_version


def _json(value: object, status: int = 200) -> web.Response:
    return web.json_response(value, status=status, headers={"Cache-Control": "no-store"})
