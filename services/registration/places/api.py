"""The JSON interface of places: one's own offers, and the lines for operators.

Parse, call a use case, render.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from aiohttp import web
from pydantic import BaseModel, Field

from services.registration.limits import CHANGING, LISTING, REVOCATIONS
from services.registration.people.app import Registration
from services.registration.people.cookies import Cookies
from services.registration.people.domain import Person
from services.registration.places.app import LineState, Seating
from services.registration.places.domain import MOST_PLACES, Answer, Holding, LineKey
from shared.clock import to_text
from shared.config import Settings
from shared.errors import Conflict, Invalid
from shared.events.vocabulary import Door, PlaceStanding
from shared.http.caching import PRIVATE
from shared.http.security import require_same_origin
from shared.service.route import BODY_KEY, Body, Route, Who

PREFIX: Final = "/api/registration"
_Day = Annotated[int, Field(ge=1, le=31)]


class MyLineBody(Body):
    """One of one's own lines. `day` counts from 1. What is not said names no line: whose browser it is, is looked at first."""

    door: Door | None = None
    day: _Day | None = None

    @property
    def key(self) -> LineKey:
        """Raises Invalid("registration.no_line")."""
        if self.door is None or self.day is None:
            raise Invalid("registration.no_line")
        return LineKey(self.door, self.day)


class OfferBody(MyLineBody):
    """Which offer, and what becomes of it."""

    answer: Answer | None = None


class LineBody(Body):
    door: Door
    day: _Day


class PlacesBody(LineBody):
    """`places`: how many there are; null: as the programme says."""

    places: Annotated[int, Field(ge=0, le=MOST_PLACES)] | None


class HoldingShown(BaseModel):
    """`rank`: the place in line of somebody who waits; `until`: when an offer ends."""

    door: Door
    day: int
    standing: PlaceStanding
    rank: int | None
    until: str | None


class PlacesAnswer(BaseModel):
    places: list[HoldingShown]


class LineShown(BaseModel):
    """`places`: null for as many as come; `taken` includes offers; `by_hand`: as an operator set it; `full`: whoever comes now waits."""

    door: Door
    day: int
    date: str
    off: str
    places: int | None
    taken: int
    waiting: int
    by_hand: int | None
    full: bool


class LinesAnswer(BaseModel):
    lines: list[LineShown]


class PlaceApi:
    def __init__(self, settings: Settings, registration: Registration, cookies: Cookies, seating: Seating) -> None:
        self._settings, self._registration, self._cookies, self._seating = settings, registration, cookies, seating

    def routes(self) -> list[Route]:
        return [*self._for_a_person(), *self._for_operators()]

    def _for_a_person(self) -> list[Route]:
        mine: dict[str, Any] = {"who": Who.SESSION, "answers": {200: PlacesAnswer}}
        errors = ("registration.no_session", "registration.busy", "request.cross_origin")
        return [
            Route(
                "GET", f"{PREFIX}/me/places", self.held, "readMyPlaces", "One's places, and where one waits for one",
                errors=("registration.no_session",), **mine,
            ),
            Route(
                "POST", f"{PREFIX}/me/offer", self.answer, "answerOffer", "Take a place that is offered, or decline it",
                body=OfferBody, limit=CHANGING,
                errors=(*errors, "registration.no_offer", "registration.offer_over", "registration.no_line"), **mine,
            ),
            Route(
                "POST", f"{PREFIX}/me/line", self.ask_again, "standInLineAgain", "Stand in line again after an offer was not taken",
                body=MyLineBody, errors=(*errors, "registration.not_waiting", "registration.no_line"), limit=CHANGING, **mine,
            ),
        ]  # fmt: skip

    def _for_operators(self) -> list[Route]:
        may: dict[str, Any] = {"who": Who.PASS, "action": "place.manage"}
        return [
            Route(
                "GET", f"{PREFIX}/places", self.lines, "listPlaces", "Taken, free and waiting by door and day",
                answers={200: LinesAnswer}, limit=LISTING, **may,
            ),
            Route(
                "PUT", f"{PREFIX}/places", self.set_places, "setPlaces", "How many places a door has on a day, whatever the programme says",
                body=PlacesBody, answers={200: LinesAnswer}, errors=("registration.no_line", "registration.busy"), limit=REVOCATIONS, **may,
            ),
            Route(
                "POST", f"{PREFIX}/people/{{id}}/place", self.give, "givePlace", "Give somebody who waits a place, before others",
                body=LineBody, answers={204: None}, limit=REVOCATIONS,
                errors=("registration.person_unknown", "registration.not_waiting", "registration.busy"), **may,
            ),
        ]  # fmt: skip

    async def held(self, request: web.Request) -> web.StreamResponse:
        return await self._held((await self._registration.who_is(self._cookies.session_of(request))).person)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        require_same_origin(request, self._settings.origin)
        body: OfferBody = request[BODY_KEY]
        person = (await self._registration.who_is(self._cookies.session_of(request))).person
        if body.answer is None:
            raise Conflict("registration.no_offer")
        return await self._held(await self._seating.answer(person.id, body.key, body.answer))

    async def ask_again(self, request: web.Request) -> web.StreamResponse:
        require_same_origin(request, self._settings.origin)
        body: MyLineBody = request[BODY_KEY]
        person = (await self._registration.who_is(self._cookies.session_of(request))).person
        return await self._held(await self._seating.ask_again(person.id, body.key))

    async def lines(self, _: web.Request) -> web.StreamResponse:
        return web.json_response({"lines": [_line(one) for one in await self._seating.states()]}, headers=PRIVATE)

    async def set_places(self, request: web.Request) -> web.StreamResponse:
        body: PlacesBody = request[BODY_KEY]
        await self._seating.set_places(LineKey(body.door, body.day), body.places)
        return await self.lines(request)

    async def give(self, request: web.Request) -> web.StreamResponse:
        body: LineBody = request[BODY_KEY]
        await self._seating.give(request.match_info["id"], LineKey(body.door, body.day))
        return web.Response(status=204, headers=PRIVATE)

    async def _held(self, person: Person) -> web.Response:
        return web.json_response({"places": [await self._holding(one) for one in person.holdings]}, headers=PRIVATE)

    async def _holding(self, one: Holding) -> dict[str, Any]:
        rank = await self._seating.place_in_line(one) if one.standing == "waiting" else None
        until = to_text(one.until) if one.until is not None else None
        return {"door": one.door, "day": one.day, "standing": one.standing, "rank": rank, "until": until}


def _line(one: LineState) -> dict[str, Any]:
    """As LineShown."""
    line = one.line
    return {
        "door": line.door, "day": line.day, "date": one.day.date.isoformat(), "off": one.day.off, "places": one.places,
        "taken": line.taken, "waiting": line.waiting, "by_hand": line.by_hand, "full": one.full,
    }  # fmt: skip
