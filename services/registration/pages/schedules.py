"""The programme for the apps and screens of other people, in the standards of the field: /schedule.json and /schedule.xml.

With the hours as the day really goes and without what was cancelled. What no standard has a word for stays at home: the files of the
organiser may hold notes that are nobody else's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

from aiohttp import web

from services.registration.people.visibility import Visibility
from services.registration.programme.app import Publishing
from services.registration.programme.exchange import schedule_json, schedule_xml
from services.registration.programme.exchange.model import Exchange
from services.registration.programme.exchange.outward import exchange_of
from shared.http.caching import public, respond
from shared.service.ports import Ports
from shared.service.route import Handler, Route

SCHEDULE_SECONDS: Final = 30


class Schedules:
    def __init__(self, ports: Ports, publishing: Publishing, visibility: Visibility) -> None:
        self._ports = ports
        self._publishing = publishing
        self._visibility = visibility
        self._made: dict[str, tuple[tuple[int, int, str], str]] = {}
        """Path → what it was made of, and the text; two at most."""

    def routes(self) -> list[Route]:
        return [
            _open("/schedule.json", self.json, "readScheduleJson", "The programme for apps, schedule.json", schedule_json.MEDIA_TYPE),
            _open("/schedule.xml", self.xml, "readScheduleXml", "The programme for apps, schedule.xml", schedule_xml.MEDIA_TYPE),
        ]

    async def json(self, request: web.Request) -> web.StreamResponse:
        return await self._answer(request, schedule_json.write_json, f"{schedule_json.MEDIA_TYPE}; charset=utf-8")

    async def xml(self, request: web.Request) -> web.StreamResponse:
        return await self._answer(request, schedule_xml.write_xml, f"{schedule_xml.MEDIA_TYPE}; charset=utf-8")

    async def _answer(self, request: web.Request, write: Callable[[Exchange], str], media_type: str) -> web.Response:
        await self._visibility.require(request)
        text = await self._text(request.path, write, self._ports.clock())
        cache = public(SCHEDULE_SECONDS, draft=self._publishing.is_draft)
        return respond(request, text, media_type=media_type, cache=cache)

    async def _text(self, path: str, write: Callable[[Exchange], str], now: datetime) -> str:
        """Made anew with the programme and the running order, and once a minute: 200 sessions take a fifth of a second."""
        key = (self._publishing.running.version, self._publishing.order.version, f"{now:%Y%m%d%H%M}")
        known = self._made.get(path)
        if known is None or known[0] != key:
            self._made[path] = known = (key, await asyncio.to_thread(lambda: write(self._exchange(now))))
        return known[1]

    def _exchange(self, now: datetime) -> Exchange:
        """Raises Invalid("programme.date_unknown")."""
        running, revision = self._publishing.running, self._publishing.order.revision
        slots = self._publishing.running_order(now).values()
        actual = {slot.session: slot.announced for slot in slots if slot.progress != "cancelled"}
        url, version = self._publishing.site_url, f"{running.version}.{revision}"
        return exchange_of(running.programme, now, url=url, version=version, actual=actual)


def _open(path: str, handler: Handler, operation: str, summary: str, media_type: str) -> Route:
    answers, errors = {200: media_type}, ("registration.event_draft",)
    return Route("GET", path, handler, operation, summary, answers=answers, errors=errors, open=True)
