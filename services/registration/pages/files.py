"""The public files beside the pages: calendars, the theme, icons, what robots and browsers ask for by themselves."""

from __future__ import annotations

import json
from typing import Final
from urllib.parse import urlencode

from aiohttp import web

from services.registration.pages.qr import svg_of
from services.registration.people import access
from services.registration.people.credentials import typed_code
from services.registration.people.visibility import Visibility
from services.registration.programme.app import Publishing
from shared.errors import NotFound
from shared.http import language
from shared.http.caching import PRIVATE, public, respond
from shared.service.ports import Ports
from shared.service.route import Handler, Route

CALENDAR_SECONDS: Final = 30
THEME_SECONDS: Final = 60
DAY_SECONDS: Final = 86_400
SCRIPT: Final = "text/javascript; charset=utf-8"
SVG: Final = "image/svg+xml"
APP: Final = "application/manifest+json"
PAPER: Final = "#faf7f2"
ICS: Final = "text/calendar; charset=utf-8"
CLOSED_TO_ROBOTS: Final = ("/l/", "/api/", "/link", "/hls/", *access.PAGES)


class Files:
    def __init__(self, ports: Ports, publishing: Publishing, visibility: Visibility, icon: bytes, worker: bytes, lite: str) -> None:
        self._ports = ports
        self._publishing = publishing
        self._visibility = visibility
        self._icon = icon
        self._worker = worker
        self._lite = lite

    def routes(self) -> list[Route]:
        draft = ("registration.event_draft",)
        unknown = ("registration.session_unknown", *draft)
        return [
            _open("/calendar.ics", self.calendar, "readCalendar", "The whole event for a calendar", draft),
            _open("/sessions/{id}.ics", self.session_calendar, "readSessionCalendar", "One session for a calendar", unknown),
            _file(
                "/qr.svg",
                self.qr,
                "readRoomCode",
                "A QR code that leads to a session's questions (`?session=`), or to where a code is typed (`&code=`)",
                SVG,
                unknown,
            ),
            _file("/theme.css", self.theme, "readTheme", "The organiser's colours", "text/css"),
            _file(
                "/lite.css", self.lite, "readLiteSheet", "The styles of the pages without script, with the organiser's colours", "text/css"
            ),
            _file("/favicon.svg", self.favicon, "readIcon", "The sign of the site", SVG),
            _file("/favicon.ico", self.favicon, "readIconByOldName", "The same", SVG),
            _file("/hub-worker.js", self.worker, "readHubWorker", "What opens kept pages while the line is down", SCRIPT),
            _file("/door.webmanifest", self.app, "readDoorApp", "The page of the door as an app of its own", APP),
            _file("/robots.txt", self.robots, "readRobots", "What robots may visit", "text/plain"),
        ]

    async def calendar(self, request: web.Request) -> web.StreamResponse:
        await self._visibility.require(request)
        return self._ics(request, self._publishing.calendar(self._ports.clock()), self._publishing.event_id)

    async def session_calendar(self, request: web.Request) -> web.StreamResponse:
        await self._visibility.require(request)
        id = request.match_info["id"]
        if not self._publishing.has_session(id):
            raise NotFound("registration.session_unknown")
        return self._ics(request, self._publishing.calendar(self._ports.clock(), session=id), id)

    async def qr(self, request: web.Request) -> web.StreamResponse:
        await self._visibility.require(request)
        session = request.query.get("session", "")
        if not self._publishing.has_session(session):
            raise NotFound("registration.session_unknown")
        code = typed_code(request.query.get("code", ""))
        where = f"code?{urlencode({'c': code})}" if code else f"room?{urlencode({'session': session})}"
        address = f"{self._publishing.site_url}{where}"
        return respond(request, svg_of(address), media_type=SVG, cache=public(DAY_SECONDS))

    async def theme(self, request: web.Request) -> web.StreamResponse:
        return respond(request, self._publishing.theme_css, media_type="text/css; charset=utf-8", cache=public(THEME_SECONDS))

    async def lite(self, request: web.Request) -> web.StreamResponse:
        """One sheet under one address, kept for long: a page that comes again each minute asks for nothing else."""
        return respond(
            request, f"{self._lite}\n{self._publishing.theme_css}", media_type="text/css; charset=utf-8", cache=public(DAY_SECONDS)
        )

    async def favicon(self, request: web.Request) -> web.StreamResponse:
        return respond(request, self._icon, media_type=SVG, cache=public(DAY_SECONDS))

    async def worker(self, request: web.Request) -> web.StreamResponse:
        """Not among the assets: it may answer for pages of the folder it comes from (Service Workers, section 3.4.2)."""
        headers = {"Content-Security-Policy": "default-src 'none'; connect-src 'self'"}
        return respond(request, self._worker, media_type=SCRIPT, cache="no-cache", headers=headers)

    async def app(self, request: web.Request) -> web.StreamResponse:
        """Web Application Manifest, section 1: what a phone needs to put the page among its apps."""
        words = self._ports.messages
        title = words.text(language.of_request(request, words.languages), "page.door.title")
        found = {
            "id": "/door",
            "start_url": "/door",
            "scope": "/door",
            "display": "standalone",
            "short_name": title,
            "name": f"{title} · Tablée",
            "background_color": PAPER,
            "theme_color": PAPER,
            "icons": [{"src": "/favicon.svg", "sizes": "any", "type": SVG, "purpose": "any"}],
        }
        headers = {"Vary": "Accept-Language, Cookie"}
        return respond(request, json.dumps(found, ensure_ascii=False), media_type=APP, cache=PRIVATE["Cache-Control"], headers=headers)

    async def robots(self, request: web.Request) -> web.StreamResponse:
        closed = "".join(f"Disallow: {path}\n" for path in CLOSED_TO_ROBOTS)
        return respond(request, f"User-agent: *\n{closed}", media_type="text/plain; charset=utf-8", cache=public(DAY_SECONDS))

    def _ics(self, request: web.Request, calendar: bytes, name: str) -> web.Response:
        headers = {"Content-Disposition": f'attachment; filename="{name}.ics"'}
        cache = public(CALENDAR_SECONDS, draft=self._publishing.is_draft)
        return respond(request, calendar, media_type=ICS, cache=cache, headers=headers)


def _open(path: str, handler: Handler, operation: str, summary: str, errors: tuple[str, ...] = ()) -> Route:
    return Route("GET", path, handler, operation, summary, answers={200: "text/calendar"}, errors=errors, open=True)


def _file(path: str, handler: Handler, operation: str, summary: str, media_type: str, errors: tuple[str, ...] = ()) -> Route:
    return Route("GET", path, handler, operation, summary, answers={200: media_type}, errors=errors, internal=True)
