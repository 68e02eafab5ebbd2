"""Places on pages: how a door stands on the form, what somebody has in line on their own page, and the lines for operators. All of it works
without script.

What must not be here: who gets a place (`registration/places`), the pages around (`forms`, `personal`, `people`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiohttp import web

from services.registration.limits import CHANGING, REVOCATIONS
from services.registration.pages import posting
from services.registration.pages.frame import Frame, page_route, see_other
from services.registration.people.domain import Person
from services.registration.places.app import LineState, Seating
from services.registration.places.domain import MOST_PLACES, Answer, LineKey
from shared.auth import capabilities
from shared.errors import Conflict, Invalid
from shared.events.vocabulary import DOORS, is_door
from shared.service.route import Route

FEW: Final = 20
"""From so many free places on, the form says how many: more than that is not worth a number."""
ANSWERS: Final[Mapping[str, Answer]] = {"accept": "accept", "decline": "decline"}
MOST_DIGITS: Final = 6


class PlacePages:
    def __init__(self, frame: Frame, seating: Seating) -> None:
        self._frame, self._seating = frame, seating

    def routes(self) -> list[Route]:
        return [
            page_route("POST", "/place/offer", self.answer, "answerOfferByForm", "Take a place that is offered, or leave it", CHANGING),
            page_route("POST", "/place/again", self.ask_again, "standInLineByForm", "Stand in line again", CHANGING),
            page_route("POST", "/people/places", self.set_places, "setPlacesByForm", "How many places a door has on a day", REVOCATIONS),
            page_route("POST", "/people/{id}/place", self.give, "givePlaceByForm", "Give somebody who waits a place", REVOCATIONS),
        ]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        fields, person = await self._posted(request)
        answer = ANSWERS.get(fields.get("answer", ""))
        try:
            if answer is None:
                raise Conflict("registration.no_offer")
            await self._seating.answer(person.id, key_of(fields), answer)
        except Conflict as late:
            return see_other(f"/place?late={late.code.rpartition('.')[2]}")
        return see_other("/place?saved=1#places")

    async def ask_again(self, request: web.Request) -> web.StreamResponse:
        fields, person = await self._posted(request)
        try:
            await self._seating.ask_again(person.id, key_of(fields))
        except Conflict as late:
            return see_other(f"/place?late={late.code.rpartition('.')[2]}")
        return see_other("/place?saved=1#places")

    async def set_places(self, request: web.Request) -> web.StreamResponse:
        fields, person = await self._posted(request)
        capabilities.require(person.duty, "place.manage")
        await self._seating.set_places(key_of(fields), places_of(fields.get("places", "")))
        return see_other("/people?done=places#lines")

    async def give(self, request: web.Request) -> web.StreamResponse:
        fields, person = await self._posted(request)
        capabilities.require(person.duty, "place.manage")
        try:
            await self._seating.give(request.match_info["id"], key_of(fields))
        except Conflict:
            return see_other("/people?done=seated")  # somebody else gave it, or they took an offer meanwhile
        return see_other("/people?done=seated")

    async def _posted(self, request: web.Request) -> tuple[Mapping[str, str], Person]:
        """Raises Denied("request.cross_origin"), Unauthenticated("registration.no_session")."""
        fields = await posting.read(request, self._frame.settings.origin)
        caller = await self._frame.registration.who_is(self._frame.cookies.session_of(request))
        return fields, caller.person


def key_of(fields: Mapping[str, str]) -> LineKey:
    """The line that a form names. Raises Invalid("registration.no_line")."""
    door, day = fields.get("door", ""), fields.get("day", "")
    if not is_door(door) or not (day.isascii() and day.isdigit() and len(day) <= 2):
        raise Invalid("registration.no_line")
    return LineKey(door, int(day))


def places_of(text: str) -> int | None:
    """None for an empty field: as the programme says. Raises Invalid("registration.places_number")."""
    told = text.strip()
    if not told:
        return None
    if not (told.isascii() and told.isdigit() and len(told) <= MOST_DIGITS and int(told) <= MOST_PLACES):
        raise Invalid("registration.places_number", params={"most": MOST_PLACES})
    return int(told)


def doors_now(states: Sequence[LineState]) -> dict[str, dict[str, Any]]:
    """How each door stands that has a limit on a day one can still choose: {door: {"full", "free", "some"}}. `full`: on all of those days
    whoever comes waits; `some`: on some of them; `free`: how many are left, None where they are many, or on several days."""
    found: dict[str, dict[str, Any]] = {}
    for door in DOORS:
        mine = [one for one in states if one.line.door == door and not one.day.off]
        if all(one.places is None for one in mine):
            continue
        full, left = [one.full for one in mine], [one.free for one in mine if one.free is not None]
        few = min(left) if left and len(mine) == 1 and min(left) <= FEW else None
        found[door] = {"full": all(full), "some": any(full) and not all(full), "free": few if not any(full) else None}
    return found


async def held_now(seating: Seating, person: Person, days: Sequence[Any]) -> list[dict[str, Any]]:
    """What somebody has in line, as their page shows it, where they have no place: {door, day, standing,
    rank, until, date (None for an event of one day)}."""
    shown = []
    for one in sorted(person.holdings, key=lambda one: (one.day, one.door)):
        if one.standing == "seated" or one.day > len(days) or days[one.day - 1].off:
            continue
        rank = await seating.place_in_line(one) if one.standing == "waiting" else None
        date = days[one.day - 1].date.isoformat() if len(days) > 1 else None
        shown.append({"door": one.door, "day": one.day, "date": date, "standing": one.standing, "rank": rank, "until": one.until})
    return shown


def lines_shown(states: Sequence[LineState]) -> list[dict[str, Any]]:
    """The lines as operators read them."""
    return [
        {
            "door": one.line.door, "day": one.line.day, "date": one.day.date.isoformat(), "taken": one.line.taken,
            "waiting": one.line.waiting, "places": one.places, "free": one.free, "stated": one.stated, "by_hand": one.line.by_hand,
        }
        for one in states
    ]  # fmt: skip
