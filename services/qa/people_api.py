"""What may be asked of people here: how many questions each of them asked, for operators; one's own questions, wherever they were asked.
Parse, call the use case, render."""

from __future__ import annotations

from typing import Final

from aiohttp import web
from pydantic import BaseModel

from services.qa.calls import answer, caller
from services.qa.people import People
from services.qa.shapes import ItemAnswer
from shared.service.route import RateLimit, Route, Who

READING: Final = RateLimit(times=60, seconds=60)


class AskedAnswer(BaseModel):
    """Person id → number of questions."""

    questions: dict[str, int]


class OwnSession(BaseModel):
    """What one asked in a session, oldest first; `removed`: the programme has it no more, so nothing can be done there but read."""

    session: str
    title: str
    label: str
    language: str
    removed: bool
    questions: list[ItemAnswer]


class OwnQuestions(BaseModel):
    sessions: list[OwnSession]


def routes(people: People) -> list[Route]:
    async def own(request: web.Request) -> web.StreamResponse:
        return answer({"sessions": await people.asked_by(caller(request))})

    async def asked(request: web.Request) -> web.StreamResponse:
        return answer({"questions": await people.asked(request.query.getall("person", []))})

    return [
        Route(
            "GET", "/api/qa/mine", own, "readOwnQuestions", "What one asked, in every session, and what became of it", who=Who.PASS,
            action="question.read", answers={200: OwnQuestions}, limit=READING,
        ),
        Route(
            "GET", "/api/qa/people", asked, "countQuestions", "How many questions people asked (`?person=` once for each)", who=Who.PASS,
            action="person.read", answers={200: AskedAnswer}, errors=("qa.too_many_people",), limit=READING,
        ),
    ]  # fmt: skip
