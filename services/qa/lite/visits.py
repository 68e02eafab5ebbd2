"""Somebody who opens a page without script: who, in which language, until when; their pass renewed, their draft kept, the answer they get.

What must not be here: what stands on a page.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from aiohttp import web

from services.qa.day import Days
from services.qa.lite.forms import Fields, first
from services.qa.lite.page import ROOT, address, bare
from services.qa.lite.words import Words
from services.qa.texts import MOST_CHARACTERS
from shared.auth import cookies
from shared.auth.passes import Pass
from shared.clock import Clock
from shared.errors import DomainError, Invalid, Unauthenticated
from shared.http import forms, language
from shared.http.problem import DEFAULT_RETRY_SECONDS, status_of
from shared.messages.catalogue import Catalogue
from shared.service.route import PASS_KEY

REFRESH_SECONDS: Final = 60
MOST_FORM_BYTES: Final = 32_768
STILL: Final = "tablee_lite_still"
"""A cookie: the page does not come again by itself."""
DRAFT_SECONDS: Final = 3600
DRAFTED: Final = ("text", "anonymous", "hall", "name")
MOST_DRAFT: Final = 3_600
"""Characters of a draft as a cookie holds it: more than any question that can be asked, less than browsers refuse."""
MISSED: Final = "-"
"""In the place of a draft: a button was pressed, and nothing happened."""
LANGUAGE_SECONDS: Final = 365 * 86_400
POLICY: Final = "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
HEADERS: Final = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "Referrer-Policy": "same-origin"}


@dataclass(frozen=True, slots=True)
class Visit:
    """`by`: None for a stranger; `id`: of the question or poll that the page is about; `draft`: what was typed before the pass ended;
    `missed`: said once, of a button that was pressed then."""

    by: Pass | None
    session: str
    id: str
    path: str
    query: Mapping[str, str]
    words: Words
    event: str
    now: datetime
    still: bool
    posted: bool
    draft: Fields = field(default_factory=dict)
    missed: str = ""

    @property
    def holder(self) -> Pass:
        """Raises Unauthenticated."""
        if self.by is None:
            raise Unauthenticated("access.pass_missing")
        return self.by

    @property
    def people(self) -> int:
        """In the hall of its host."""
        return 0 if self.by is None else self.by.people

    @property
    def start(self) -> int:
        given = self.query.get("from", "")
        return int(given) if given.isascii() and given.isdigit() and len(given) < 5 else 0

    @property
    def rest(self) -> str:
        """Which page of the session it is: "" or `ask`, `poll/…`."""
        return self.path.removeprefix(address(self.session)).strip("/")


class Visits:
    def __init__(self, days: Days, messages: Catalogue, clock: Clock, *, secure: bool) -> None:
        self._days, self._messages, self._clock, self._secure = days, messages, clock, secure

    async def of(self, request: web.Request) -> Visit:
        lang = language.of_request(request, self._messages.languages)
        event, zone = await self._days.event()
        words = Words(self._messages, lang, zone)
        kept = request.cookies.get(cookies.LITE_DRAFT, "")
        refresh = request.query.get("refresh", "off" if request.cookies.get(STILL) else "on")
        missed = kept == MISSED and "renewed" in request.query
        return Visit(
            request.get(PASS_KEY), request.match_info["session"], request.match_info.get("id", ""), request.path, request.query, words,
            event, self._clock(), still=refresh == "off", posted=request.method == "POST", draft=_drafted(kept, request.path),
            missed=words.t("lite.missed") if missed else "",
        )  # fmt: skip

    @staticmethod
    async def fields(request: web.Request) -> Fields:
        return await forms.read(request, MOST_FORM_BYTES)

    async def fields_or_none(self, request: web.Request) -> Fields:
        try:
            return await self.fields(request) if request.method == "POST" else {}
        except Invalid:
            return {}

    # --- the pass ----------------------------------------------------------------------------------------------------------------------
    def renewal(self, visit: Visit, left: float) -> web.Response | None:
        """Away to registration and back, where the pass ends too soon; None where it lasts, or was renewed just now."""
        if "renewed" in visit.query or "done" in visit.query or (visit.holder.expires_at - visit.now).total_seconds() >= left:
            return None
        return self._away(visit, visit.rest)

    def without_pass(self, visit: Visit, error: DomainError, fields: Fields) -> web.Response:
        """The pass has ended: another one, with what was typed. No other site can make a page keep what it likes: its forms are refused
        before, without looking at the pass."""
        if not isinstance(error, Unauthenticated) or (not visit.posted and "renewed" in visit.query):
            return self.bare(visit, error, fields)
        if not visit.posted:
            return self._away(visit, visit.rest)
        text = first(fields, "text")
        draft = _draft(fields, visit.path) if text else MISSED
        if len(draft) > MOST_DRAFT:
            return self.bare(visit, Invalid("qa.text_too_long", params={"most": MOST_CHARACTERS, "length": len(text)}), fields)
        response = self._away(visit, visit.rest if text else "")
        self._set(response, cookies.LITE_DRAFT, draft, DRAFT_SECONDS)
        return response

    def _away(self, visit: Visit, to: str) -> web.Response:
        query = urlencode({"session": visit.session, **({"to": to} if to else {})})
        response = web.Response(status=303, headers={"Location": f"{ROOT}?{query}", "Cache-Control": "no-store"})
        self._remember(visit, response)
        return response

    def forget_draft(self, response: web.Response) -> None:
        self._set(response, cookies.LITE_DRAFT, "", 0)

    # --- answers -----------------------------------------------------------------------------------------------------------------------
    def page(self, visit: Visit, html: str, *, status: int = 200, again: bool = False, error: DomainError | None = None) -> web.Response:
        """`again`: the page comes again by itself."""
        headers = {**HEADERS, "Content-Language": visit.words.lang}
        if again:
            here = f"{visit.path}?from={visit.start}" if visit.start else visit.path
            headers["Refresh"] = f"{REFRESH_SECONDS}; url={here}"
        if status in (429, 503) and error is not None:
            headers["Retry-After"] = str(math.ceil(error.retry_after or DEFAULT_RETRY_SECONDS))
        response = web.Response(text=html, content_type="text/html", charset="utf-8", status=status, headers=headers)
        self._remember(visit, response)
        return response

    def bare(self, visit: Visit, error: DomainError, fields: Fields) -> web.Response:
        code = "lite.no_cookies" if error.code == "access.pass_missing" else ""
        text = visit.words.t(code) if code else visit.words.why(error)
        html = bare(visit.words, text, kept=first(fields, "text"), session="" if code else visit.session)
        return self.page(visit, html, status=status_of(error), error=error)

    def error_page(self, request: web.Request, status: int, code: str, sentences: Mapping[str, str]) -> web.Response:
        """How a refusal looks where this service runs alone and a page was asked for that is none of these."""
        words = Words(self._messages, language.of_request(request, self._messages.languages), "UTC")
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
        return web.Response(
            text=bare(words, sentences[words.lang]), content_type="text/html", charset="utf-8", status=status, headers=headers
        )

    def _remember(self, visit: Visit, response: web.Response) -> None:
        """What was chosen by a link."""
        if visit.query.get("lang") == visit.words.lang:
            self._set(response, language.COOKIE, visit.words.lang, LANGUAGE_SECONDS, path="/")
        if "refresh" in visit.query:
            self._set(response, STILL, "1", DRAFT_SECONDS * 12 * visit.still)
        if visit.missed:
            self.forget_draft(response)

    def _set(self, response: web.Response, name: str, value: str, seconds: int, path: str = cookies.LITE_PATH) -> None:
        response.set_cookie(name, value, max_age=seconds, path=path, httponly=True, samesite="Lax", secure=self._secure)


def _draft(fields: Fields, path: str) -> str:
    """As a cookie can hold it (RFC 6265, section 4.1.1): the page it was typed on, and what."""
    kept = {"path": path, **{name: first(fields, name) for name in DRAFTED if first(fields, name)}}
    return base64.urlsafe_b64encode(json.dumps(kept, ensure_ascii=False).encode()).decode().rstrip("=")


def _drafted(kept: str, path: str) -> Fields:
    """What was typed on the page of this path; untrusted, as any cookie."""
    try:
        found = json.loads(base64.urlsafe_b64decode(kept + "=" * (-len(kept) % 4)))
    except ValueError:
        return {}
    if not isinstance(found, dict) or found.get("path") != path:
        return {}
    return {name: [found[name]] for name in DRAFTED if isinstance(found.get(name), str)}
