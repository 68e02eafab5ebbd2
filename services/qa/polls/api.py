"""The HTTP interface of polls: parse, call the use case, render."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from services.qa.calls import answer, caller, id_of, session_of
from services.qa.feed.polls import poll_for, tally_for
from services.qa.feed.projection import MODERATOR
from services.qa.polls import shapes
from services.qa.polls.app import Polls
from services.qa.polls.export import as_csv
from services.qa.polls.life import POLL_STEPS, PollStep
from shared.errors import Invalid
from shared.http.caching import PRIVATE
from shared.ids import is_uuid
from shared.service.route import BODY_KEY, Handler, RateLimit, Route, Who

ANSWERING: Final = RateLimit(times=60, seconds=20)
MANAGING: Final = RateLimit(times=300, seconds=60)
EXPORTING: Final = RateLimit(times=30, seconds=60)

_POLL: Final = "/api/qa/polls/{id}"
_POLLS: Final = "/api/qa/sessions/{session}/polls"
_TEXT_ERRORS: Final = ("qa.poll_empty", "qa.poll_long", "qa.text_control")
_DEFINITION_ERRORS: Final = (
    *_TEXT_ERRORS, "qa.poll_no_options", "qa.poll_right_missing", "qa.poll_right_only_quiz", "qa.poll_labels_only_scale",
    "qa.poll_options_number", "qa.poll_options_same", "qa.poll_choices_number", "qa.poll_scale", "qa.poll_words_number",
    "qa.poll_number_unused",
)  # fmt: skip
_SESSION_ERRORS: Final = ("qa.unknown_session", "access.session_not_yours")
_ANSWER_ERRORS: Final = (
    "qa.unknown_poll", "qa.poll_not_for_staff", "qa.session_removed", "qa.poll_closed", "qa.poll_answer_unfit", "access.session_not_yours",
    "request.crowded",
)  # fmt: skip
_STEP_ERRORS: Final = {
    "edit": _DEFINITION_ERRORS,
    "open": ("qa.session_removed", "qa.poll_another_open"),
    "reopen": ("qa.session_removed", "qa.poll_another_open"),
    "flag": ("qa.poll_only_words", "qa.poll_many_flagged"),
}


def routes(polls: Polls) -> list[Route]:
    api = _Api(polls)
    return [
        Route(
            "POST", _POLLS, api.prepare, "preparePoll", "Prepare a poll; the same id again is the same poll", who=Who.PASS,
            action="poll.manage", body=shapes.PrepareBody, answers={201: shapes.PollView}, limit=MANAGING,
            errors=(
                *_SESSION_ERRORS, "qa.session_removed", "qa.poll_too_many", "qa.id_taken", "qa.id_invalid", "qa.unknown_poll",
                *_DEFINITION_ERRORS,
            ),
        ),
        *(_step(step, api.carry_out(step)) for step in POLL_STEPS.values() if step.by_hand),
        Route(
            "PUT", f"{_POLL}/answer", api.answer, "answerPoll", "Answer a poll; the last answer of a person counts", who=Who.PASS,
            action="poll.answer", body=shapes.AnswerBody, answers={200: shapes.OwnAnswer}, limit=ANSWERING, crowd=True,
            errors=(*_ANSWER_ERRORS, "qa.poll_word_long", "qa.text_control"),
        ),
        Route(
            "PUT", f"{_POLL}/hall", api.count_hall, "countHall", "The host of a local hub counts raised hands, instead of answering",
            who=Who.PASS, action="poll.answer", body=shapes.HallBody, answers={200: shapes.OwnAnswer}, limit=ANSWERING,
            errors=(
                *_ANSWER_ERRORS, "qa.hall_only_hosts", "qa.hall_undeclared", "qa.poll_not_countable", "qa.poll_hall_people",
                "qa.poll_hall_too_many",
            ),
        ),
        Route(
            "GET", f"{_POLLS}/results", api.results, "readPollResults", "The results of every poll that was opened, by door",
            who=Who.PASS, action="poll.manage", answers={200: shapes.ResultsAnswer}, limit=EXPORTING, errors=_SESSION_ERRORS,
        ),
        Route(
            "GET", f"{_POLLS}/results.csv", api.table, "exportPollResults", "The same as a table", who=Who.PASS, action="poll.manage",
            answers={200: "text/csv"}, limit=EXPORTING, errors=_SESSION_ERRORS,
        ),
    ]  # fmt: skip


def _step(step: PollStep, handler: Handler) -> Route:
    errors = ("qa.unknown_poll", "qa.stale", "qa.poll_not_possible", "access.session_not_yours", *_STEP_ERRORS.get(step.name, ()))
    return Route(
        "POST", f"{_POLL}/{step.name}", handler, f"{step.name}Poll", step.summary, who=Who.PASS, action="poll.manage",
        body=shapes.POLL_BODIES.get(step.name, shapes.PollVersionBody), answers={200: shapes.PollView}, errors=errors, limit=MANAGING,
    )  # fmt: skip


class _Api:
    def __init__(self, polls: Polls) -> None:
        self._polls = polls

    async def prepare(self, request: web.Request) -> web.StreamResponse:
        body: shapes.PrepareBody = request[BODY_KEY]
        if not is_uuid(body.id):
            raise Invalid.about("id", "qa.id_invalid")
        return answer(await self._polls.prepare(caller(request), session_of(request), body.id, body.definition()), status=201)

    def carry_out(self, step: PollStep) -> Handler:
        async def handler(request: web.Request) -> web.StreamResponse:
            body: shapes.PollVersionBody = request[BODY_KEY]
            return answer(await self._polls.carry_out(caller(request), id_of(request), step.name, **body.details()))

        return handler

    async def answer(self, request: web.Request) -> web.StreamResponse:
        body: shapes.AnswerBody = request[BODY_KEY]
        return answer(await self._polls.answer(caller(request), id_of(request), body.choice))

    async def count_hall(self, request: web.Request) -> web.StreamResponse:
        body: shapes.HallBody = request[BODY_KEY]
        return answer(await self._polls.count_hall(caller(request), id_of(request), body.counts, body.people))

    async def results(self, request: web.Request) -> web.StreamResponse:
        session = session_of(request)
        found = [(poll.state(), tally) for poll, tally in await self._polls.results(caller(request), session)]
        results = [{"poll": poll_for(poll, MODERATOR), "tally": tally_for(poll, tally, MODERATOR)} for poll, tally in found]
        return answer({"session": session, "results": results})

    async def table(self, request: web.Request) -> web.StreamResponse:
        session = session_of(request)
        table = as_csv(await self._polls.results(caller(request), session))
        headers = {**PRIVATE, "Content-Disposition": f'attachment; filename="polls-{session}.csv"'}
        return web.Response(text=table, content_type="text/csv", charset="utf-8", headers=headers)
