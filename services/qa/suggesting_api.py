"""What somebody who writes a question may call: what is asked already. Parse, call the use case, render."""

from __future__ import annotations

from typing import Final

from aiohttp import web
from pydantic import BaseModel

from services.qa.calls import answer, caller, session_of
from services.qa.suggesting import Suggesting
from shared.service.route import RateLimit, Route, Who

SUGGESTING: Final = RateLimit(times=60, seconds=60)
"""A person who writes pauses less often."""


class SimilarQuestion(BaseModel):
    """`score`: 1 for the same words."""

    id: str
    text: str
    votes: int
    score: float


class SimilarAnswer(BaseModel):
    questions: list[SimilarQuestion]


def routes(suggesting: Suggesting) -> list[Route]:
    async def similar(request: web.Request) -> web.StreamResponse:
        found = await suggesting.similar(caller(request), session_of(request), request.query.get("text", ""))
        return answer({"questions": found})

    return [
        Route(
            "GET", "/api/qa/sessions/{session}/similar", similar, "findSimilar",
            "Up to three questions on the list or on stage that ask nearly the same as `?text=` (moderators: five, waiting ones too)",
            who=Who.PASS, action="question.ask", answers={200: SimilarAnswer}, limit=SUGGESTING,
            errors=("qa.unknown_session", "qa.text_empty", "qa.text_too_long", "qa.text_control", "access.session_not_yours"),
        ),
    ]  # fmt: skip
