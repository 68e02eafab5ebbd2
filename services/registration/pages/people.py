"""The list of people, for operators: who registered, by which door, and withdrawing somebody's access. Works without script."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from aiohttp import web

from services.registration.limits import LISTING, REVOCATIONS
from services.registration.pages import posting
from services.registration.pages.frame import Frame, page_route, see_other, to_link_page
from services.registration.pages.places import lines_shown
from services.registration.people import access
from services.registration.people.domain import Person
from services.registration.people.records import DayCount, Records
from services.registration.places.app import Seating
from services.registration.programme.open_days import EventDay, coming, lost
from shared.events.vocabulary import DOORS, Door
from shared.service.route import Route

PATH: Final = "/people"
REASON: Final = "withdrawn by an operator"


class PeoplePages:
    def __init__(self, frame: Frame, records: Records, seating: Seating) -> None:
        self._frame, self._seating = frame, seating
        self._records = records

    def routes(self) -> list[Route]:
        return [
            page_route("GET", PATH, self.people, "peoplePage", "Whoever registered, for operators", LISTING),
            page_route("GET", PATH + "/{id}", self.person, "personPage", "Asks before an access is withdrawn", LISTING),
            page_route("POST", PATH + "/{id}/revocation", self.revoke, "revokeByForm", "Withdraw a person's access", REVOCATIONS),
            page_route("POST", PATH + "/{id}/hub", self.confirm_hub, "confirmHubByForm", "Confirm a local hub", REVOCATIONS),
        ]

    async def people(self, request: web.Request) -> web.StreamResponse:
        caller = await self._frame.caller(request)
        if caller is None:
            return to_link_page(request)
        access.require_page(PATH, caller.person)
        search, day = request.query.get("search", ""), request.query.get("day", "")
        found, counts = await self._records.registrants(search, request.query.get("after", ""), day), await self._records.by_day()
        days = self._frame.publishing.open_days(self._frame.ports.clock())
        context = {
            "people": [_shown(one, days) for one in found.people],
            "search": search,
            "day": day,
            "counts": [_count(one) for one in counts],
            "doors": _doors(counts),
            "lines": lines_shown(await self._seating.states()),
            "several": len(days) > 1,
            "more": f"{PATH}?{urlencode({'search': search, 'day': day, 'after': found.more})}" if found.more else "",
            "done": request.query.get("done", ""),
        }
        return await self._frame.page(request, "people.html", context, caller=caller)

    async def person(self, request: web.Request) -> web.StreamResponse:
        caller = await self._frame.allowed(request, "person.revoke")
        person = await self._records.registrant(request.match_info["id"])
        return await self._frame.page(request, "person.html", {"someone": _shown(person, ())}, caller=caller)

    async def revoke(self, request: web.Request) -> web.StreamResponse:
        await posting.read(request, self._frame.settings.origin)
        await self._frame.allowed(request, "person.revoke")
        person = await self._records.registrant(request.match_info["id"])
        await self._records.revoke(person.id, REASON)
        return see_other(f"{PATH}?done=revoked")

    async def confirm_hub(self, request: web.Request) -> web.StreamResponse:
        await posting.read(request, self._frame.settings.origin)
        await self._frame.allowed(request, "person.confirm_hub")
        await self._records.confirm_hub(request.match_info["id"])
        return see_other(f"{PATH}?done=hub")


def _shown(person: Person, days: Sequence[EventDay]) -> dict[str, Any]:
    """`days`: dates, where they do not come every day; `lost_days`: ids."""
    shown = person.shown(None)
    mine = coming(shown.days, shown.door, days)
    return {
        "id": person.id,
        "name": shown.name,
        "door": shown.door,
        "state": person.state.value,
        "hub_confirmed": person.hub_confirmed,
        "image_rights": person.image_choice,
        "days": [day.date.isoformat() for day in mine] if shown.days and len(days) > 1 else [],
        "lost_days": lost(shown.days, days),
        "headcount": shown.headcount,
        "unseated": [{"door": one.door, "day": one.day, "standing": one.standing} for one in person.holdings if one.standing != "seated"],
    }


def _doors(counts: Sequence[DayCount]) -> list[Door]:
    """Those of the event, and those by which people come all the same: an import may have taken one away."""
    return [door for door in DOORS if any(door in one.day.doors or one.doors[door] for one in counts)]


def _count(one: DayCount) -> dict[str, Any]:
    return {"id": one.day.id, "date": one.day.date.isoformat(), "off": one.day.off, "total": one.total, "doors": one.doors}
