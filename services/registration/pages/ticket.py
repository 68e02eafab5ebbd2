"""One's ticket of the room: a sheet to print or to show, and its code as a picture. No script, and nothing on it opens a page."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from services.registration.door.tickets import Tickets
from services.registration.limits import LOOKING
from services.registration.pages.frame import Frame, page_route, to_link_page
from services.registration.pages.qr import svg_of
from services.registration.people.diary import begins_at, days_in_words
from services.registration.people.domain import Person
from shared.errors import NotFound
from shared.http.caching import PRIVATE
from shared.messages.dates import moment
from shared.service.route import Route

PATH: Final = "/place/ticket"
SVG: Final = "image/svg+xml"


class TicketPages:
    def __init__(self, frame: Frame, tickets: Tickets) -> None:
        self._frame = frame
        self._tickets = tickets

    def routes(self) -> list[Route]:
        return [
            page_route("GET", PATH, self.sheet, "ticketSheet", "One's ticket, to print or to show", LOOKING),
            Route(
                "GET", f"{PATH}.svg", self.picture, "ticketPicture", "The code of one's ticket", answers={200: SVG}, limit=LOOKING,
                internal=True,
            ),
        ]  # fmt: skip

    async def sheet(self, request: web.Request) -> web.StreamResponse:
        """Raises NotFound("door.no_ticket") for whoever does not come by the room."""
        caller = await self._frame.caller(request)
        if caller is None:
            return to_link_page(request)
        await self._frame.visibility.require(request)
        person, publishing, now = _holder(caller.person), self._frame.publishing, self._frame.ports.clock()
        lang, messages, event = self._frame.language(request), self._frame.ports.messages, publishing.running.programme.event
        begins = begins_at(publishing, person, now)
        context = {
            "ticket": self._tickets.code_of(person.id),
            "when": moment(messages, lang, begins, event.timezone) if begins else "",
            "days": days_in_words(publishing, messages, person, now)[0],
        }
        return await self._frame.page(request, "ticket.html", context, caller=caller)

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """Raises Unauthenticated("registration.no_session"), NotFound("door.no_ticket")."""
        caller = await self._frame.registration.who_is(self._frame.cookies.session_of(request))
        drawn = svg_of(self._tickets.code_of(_holder(caller.person).id))
        return web.Response(body=drawn, content_type=SVG, headers=PRIVATE)


def _holder(person: Person) -> Person:
    if not person.has_ticket:
        raise NotFound("door.no_ticket")
    return person
