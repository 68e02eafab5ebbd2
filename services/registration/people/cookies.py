"""The cookies of registration: the session of a browser, the passes for media and for pages without script, the language, the page that one
came for."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, unquote

from aiohttp import web

from services.registration.people.credentials import SESSION_LIFETIME
from shared.auth import cookies
from shared.auth.passes import LIFETIME
from shared.auth.watch_keys import PREFIX
from shared.config import Settings
from shared.http import language

LANGUAGE_DAYS: Final = 365
WAY_BACK: Final = "tablee_to"
WAY_BACK_SECONDS: Final = 3600
"""How long a browser that was sent to fetch a link is led back to the page it came for."""


class Cookies:
    """HttpOnly and SameSite=Lax throughout; Secure wherever the site is https."""

    def __init__(self, settings: Settings) -> None:
        self._secure = settings.secure
        self.session_name = cookies.session(settings.secure)

    def session_of(self, request: web.Request) -> str | None:
        return request.cookies.get(self.session_name)

    def keep_session(self, response: web.StreamResponse, token: str) -> None:
        self._set(response, self.session_name, token, seconds=int(SESSION_LIFETIME.total_seconds()))

    def keep_media(self, response: web.StreamResponse, text: str) -> None:
        self._set(response, cookies.MEDIA, text, seconds=int(LIFETIME.total_seconds()), path=PREFIX)

    def keep_lite(self, response: web.StreamResponse, text: str) -> None:
        self._set(response, cookies.LITE, text, seconds=int(LIFETIME.total_seconds()), path=cookies.LITE_PATH)

    def keep_language(self, response: web.StreamResponse, lang: str) -> None:
        self._set(response, language.COOKIE, lang, seconds=LANGUAGE_DAYS * 86_400)

    def way_back_of(self, request: web.Request) -> str:
        """The page that this browser asked for before it had a session; untrusted, as any cookie."""
        return unquote(request.cookies.get(WAY_BACK, ""))

    def keep_way_back(self, response: web.StreamResponse, path: str) -> None:
        """An empty `path` forgets it."""
        self._set(response, WAY_BACK, quote(path, safe=""), seconds=WAY_BACK_SECONDS if path else 0)

    def forget(self, response: web.StreamResponse) -> None:
        self._set(response, self.session_name, "", seconds=0)
        self._set(response, cookies.MEDIA, "", seconds=0, path=PREFIX)
        for name in (cookies.LITE, cookies.LITE_DRAFT):
            self._set(response, name, "", seconds=0, path=cookies.LITE_PATH)

    def _set(self, response: web.StreamResponse, name: str, value: str, *, seconds: int, path: str = "/") -> None:
        response.set_cookie(name, value, max_age=seconds, path=path, httponly=True, samesite="Lax", secure=self._secure)
