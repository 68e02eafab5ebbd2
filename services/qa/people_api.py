"""What operators may ask of people here: how many questions each of them asked. Parse, call the use case, render."""

from __future__ import annotations

from typing import Final

from aiohttp import web
from pydantic import BaseModel

from services.qa.calls import answer
from services.qa.people import People
from shared.service.route import RateLimit, Route, Who

READING: Final = RateLimit(times=60, seconds=60)


class AskedAnswer(BaseModel):
    """Person id → number of questions."""

    questions: dict[str, int]


def routes(people: People) -> list[Route]:
    async def asked(request: web.Request) -> web.StreamResponse:
        return answer({"questions": await people.asked(request.query.getall("person", []))})

    return [
        Route(
            "GET", "/api/qa/people", asked, "countQuestions", "How many questions people asked (`?person=` once for each)", who=Who.PASS,
            action="person.read", answers={200: AskedAnswer}, errors=("qa.too_many_people",), limit=READING,
        ),
    ]  # fmt: skip
