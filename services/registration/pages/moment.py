"""The moment: which sessions are on, which come next, how each stands. Part of the event page, and by itself for its script, so that an
open page moves on in the words of its language.

What must not be here: what decides on the order of the day (`programme/running_order`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from aiohttp import web

from services.registration.limits import LOOKING
from services.registration.pages.frame import Frame, page_route
from services.registration.pages.marks import marks
from services.registration.programme.app import Publishing
from services.registration.programme.running_order import announced
from shared.http.caching import public, respond
from shared.service.route import Route

MOMENT_SECONDS: Final = 5
"""As long as GET /api/registration/now may be kept, which tells pages when to ask."""


class Moment:
    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._made: dict[str, tuple[tuple[int, int, int], str]] = {}
        """Language → what it was made of, and the HTML: all open pages ask at once when something begins."""

    def routes(self) -> list[Route]:
        return [page_route("GET", "/moment", self.moment, "readMoment", "What is on and next, as the event page shows it", LOOKING)]

    async def moment(self, request: web.Request) -> web.StreamResponse:
        await self._frame.visibility.require(request)
        cache = public(MOMENT_SECONDS, draft=self._frame.publishing.is_draft)
        html, headers = self._html(request), {"Vary": "Accept-Language, Cookie"}
        return respond(request, html, media_type="text/html; charset=utf-8", cache=cache, headers=headers)

    def _html(self, request: web.Request) -> str:
        publishing, now, lang = self._frame.publishing, self._frame.ports.clock(), self._frame.language(request)
        key = (publishing.running.version, publishing.order.version, int(now.timestamp()))
        known = self._made.get(lang)
        if known is None or known[0] != key:
            self._made[lang] = known = (key, self._frame.fragment(request, "moment.html", moment_of(publishing, now)))
        return known[1]


def moment_of(publishing: Publishing, now: datetime) -> dict[str, Any]:
    """What the templates of the event page read: {state, marks, on, next, today, as_of}."""
    found, programme = publishing.now_next(now), publishing.running.programme
    on, coming = found["now"], found["next"]
    today = now.astimezone(ZoneInfo(programme.event.timezone)).date().isoformat()
    order = announced(programme, publishing.running_order(now))
    return {
        "state": publishing.state(now),
        "marks": marks(order, coming),
        "on": on,
        "next": coming,
        "today": today,
        "as_of": found["as_of"],
    }
