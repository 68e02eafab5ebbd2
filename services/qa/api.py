"""The HTTP interface of the qa service: parse, call the use case, render."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from services.qa import shapes
from services.qa.app import REWORDING, Questions
from services.qa.calls import answer, caller, id_of, session_of
from services.qa.day import Days
from services.qa.feed.projection import PUBLIC, is_view
from services.qa.life import STEPS, Detail, Step, StepName
from services.qa.state_shapes import StateAnswer
from shared.clock import from_text
from shared.errors import Invalid
from shared.ids import is_uuid
from shared.service.route import BODY_KEY, Handler, Method, RateLimit, Route, Who

ASKING: Final = RateLimit(times=20, seconds=60)
"""Besides the domain's own measure: what a broken client may try."""
VOTING: Final = RateLimit(times=60, seconds=20)
READING: Final = RateLimit(times=60, seconds=60)
MODERATING: Final = RateLimit(times=300, seconds=60)

_QUESTION: Final = "/api/qa/questions/{id}"
_SESSION: Final = "/api/qa/sessions/{session}"
_TEXT_ERRORS: Final = ("qa.text_empty", "qa.text_too_long", "qa.text_control")
_CASTING_ERRORS: Final = ("qa.session_removed", "access.session_not_yours", "request.crowded")
_HALL_ERRORS: Final = ("qa.hall_only_hosts", "qa.hall_undeclared")
_STEP_ERRORS: Final = ("qa.unknown_question", "qa.stale", "qa.not_possible", "access.session_not_yours")
_DETAIL_ERRORS: Final[Mapping[Detail, tuple[str, ...]]] = {
    "text": _TEXT_ERRORS,
    "text?": _TEXT_ERRORS,
    "reason": ("qa.reason_unknown",),
    "note": ("qa.note_too_long", "qa.text_control"),
    "into": ("qa.merge_target",),
    "after": ("qa.not_shortlisted", "qa.order_full"),
    "speaker": ("qa.speaker_unknown",),
    "theme": ("qa.label_too_long", "qa.text_control"),
    "owner": ("qa.owner_missing", "qa.label_too_long", "qa.text_control"),
    "due": ("qa.due_unusable",),
}


_STEP_OWN_ERRORS: Final[Mapping[StepName, tuple[str, ...]]] = {
    "edit": ("qa.being_read",),
    "appeal": ("qa.appealed_already",),
    "publish": ("qa.same_moderator",),
    "decline": ("qa.same_moderator",),
    "merge": ("qa.same_moderator",),
    "cue": ("qa.next_taken",),
    "release": ("qa.no_draft", "qa.same_moderator"),
}


def routes(questions: Questions, days: Days) -> list[Route]:
    api = _Api(questions, days)
    return [
        Route(
            "POST", f"{_SESSION}/questions", api.ask, "askQuestion", "Ask a question; the same id again is the same question",
            who=Who.PASS, action="question.ask", body=shapes.AskBody, answers={201: shapes.ItemAnswer}, limit=ASKING,
            errors=(
                "qa.unknown_session", "qa.session_removed", "qa.floor_closed", "qa.floor_paused", *_TEXT_ERRORS, "qa.too_fast",
                "qa.too_many_open", "qa.session_full", "qa.muted", "qa.slow_mode", "qa.id_taken", "qa.id_invalid",
                "access.session_not_yours", "request.crowded", *_HALL_ERRORS, "qa.label_too_long",
            ),
        ),
        _vote("PUT", api.vote, "vote", "Vote for a question"),
        _vote("DELETE", api.take_vote_back, "takeVoteBack", "Take one's vote back"),
        Route(
            "PUT", f"{_QUESTION}/hall", api.count_hands, "countHands",
            "The host of a local hub says how many hands were raised for a question, in the place of their own vote", who=Who.PASS,
            action="question.vote", body=shapes.HandsBody, answers={200: shapes.VoteAnswer}, limit=VOTING,
            errors=(*_HALL_ERRORS, "qa.hall_hands", "qa.unknown_question", "qa.votes_closed", *_CASTING_ERRORS),
        ),
        *(_step(step, api.carry_out(step.name)) for step in STEPS.values()),
        Route(
            "POST", f"{_SESSION}/floor", api.floor, "changeFloor",
            "Open, pause or close a session's questions by hand, or let them follow the programme again", who=Who.PASS,
            action="floor.change", body=shapes.FloorBody, answers={200: shapes.FloorAnswer}, limit=MODERATING,
            errors=("qa.unknown_session", "qa.session_removed", "qa.stale", "access.session_not_yours"),
        ),
        Route(
            "GET", "/api/qa/sessions", api.sessions, "listFloors",
            "The sessions and whether they take questions; apart from them removed ones that have questions (for others than moderators: "
            "of their own)", who=Who.PASS, action="question.read", answers={200: shapes.SessionsAnswer}, limit=READING,
        ),
        Route(
            "GET", _SESSION, api.snapshot, "readSession", "The state that the feed would give (`?view=public|moderator|chair|display`)",
            who=Who.PASS, action="question.read", answers={200: StateAnswer}, limit=READING,
            errors=("qa.unknown_session", "qa.unknown_view", "access.session_not_yours"),
        ),
    ]  # fmt: skip


def _step(step: Step, handler: Handler) -> Route:
    errors = [*_STEP_ERRORS, *(code for detail in step.takes for code in _DETAIL_ERRORS[detail])]
    if step.by == "author":
        errors.append("qa.not_yours")
    if step.name in REWORDING:
        errors.append("qa.muted")
    if step.in_force:
        errors.append("qa.session_removed")
    errors += _STEP_OWN_ERRORS.get(step.name, ())
    if step.ends == "on_stage":
        errors.append("qa.stage_taken")
    return Route(
        "POST", f"{_QUESTION}/{step.name}", handler, f"{step.name}Question", step.summary, who=Who.PASS, action=step.action,
        body=shapes.STEP_BODIES[step.takes], answers={200: shapes.ItemAnswer}, errors=tuple(errors), limit=MODERATING,
    )  # fmt: skip


def _vote(method: Method, handler: Handler, operation: str, summary: str) -> Route:
    return Route(
        method, f"{_QUESTION}/vote", handler, operation, summary, who=Who.PASS, action="question.vote", answers={200: shapes.VoteAnswer},
        errors=("qa.unknown_question", "qa.own_question", "qa.votes_closed", *_CASTING_ERRORS), limit=VOTING, crowd=True,
    )  # fmt: skip


class _Api:
    def __init__(self, questions: Questions, days: Days) -> None:
        self._questions, self._days = questions, days

    async def ask(self, request: web.Request) -> web.StreamResponse:
        body: shapes.AskBody = request[BODY_KEY]
        if not is_uuid(body.id):
            raise Invalid.about("id", "qa.id_invalid")
        hall = None if body.hall is None else (body.hall.name, from_text(body.hall.asked_at) if body.hall.asked_at else None)
        item = await self._questions.ask(
            caller(request), session_of(request), id=body.id, text=body.text, language=body.language, anonymous=body.anonymous, hall=hall,
            watched=from_text(body.watched_at) if body.watched_at else None,
        )  # fmt: skip
        return answer(item, status=201)

    async def vote(self, request: web.Request) -> web.StreamResponse:
        return answer(await self._questions.voting.vote(caller(request), id_of(request), on=True))

    async def take_vote_back(self, request: web.Request) -> web.StreamResponse:
        return answer(await self._questions.voting.vote(caller(request), id_of(request), on=False))

    async def count_hands(self, request: web.Request) -> web.StreamResponse:
        body: shapes.HandsBody = request[BODY_KEY]
        return answer(await self._questions.voting.count(caller(request), id_of(request), body.hands))

    def carry_out(self, step: StepName) -> Handler:
        async def handler(request: web.Request) -> web.StreamResponse:
            body: shapes.VersionBody = request[BODY_KEY]
            return answer(await self._questions.carry_out(caller(request), id_of(request), step, **body.model_dump()))

        return handler

    async def floor(self, request: web.Request) -> web.StreamResponse:
        body: shapes.FloorBody = request[BODY_KEY]
        session = session_of(request)
        return answer(await self._days.change_floor(caller(request), session, state=body.state, expected_version=body.expected_version))

    async def sessions(self, request: web.Request) -> web.StreamResponse:
        return answer(await self._days.sessions(caller(request)))

    async def snapshot(self, request: web.Request) -> web.StreamResponse:
        view = request.query.get("view", PUBLIC)
        if not is_view(view):
            raise Invalid.about("view", "qa.unknown_view")
        return answer(await self._questions.snapshot(caller(request), session_of(request), view))
