"""What every page has in common: whose it is, in which language, how it is rendered, how a refusal is put into words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from services.registration.pages.site import Site
from services.registration.people import access
from services.registration.people.app import Caller, Registration
from services.registration.people.cookies import Cookies
from services.registration.people.visibility import Visibility
from services.registration.programme.app import Publishing
from shared.auth import capabilities
from shared.config import Settings
from shared.errors import DomainError, FieldError, Unauthenticated
from shared.http import language
from shared.http.security import page_headers
from shared.service.ports import Ports
from shared.service.route import Handler, Method, RateLimit, Route


class Frame:
    def __init__(
        self,
        ports: Ports,
        settings: Settings,
        registration: Registration,
        publishing: Publishing,
        site: Site,
        cookies: Cookies,
        visibility: Visibility,
    ) -> None:
        self.ports = ports
        self.settings = settings
        self.registration = registration
        self.publishing = publishing
        self.site = site
        self.cookies = cookies
        self.visibility = visibility

    async def caller(self, request: web.Request) -> Caller | None:
        """Who entered with this browser; None for a stranger."""
        try:
            return await self.registration.who_is(self.cookies.session_of(request))
        except Unauthenticated:
            return None

    async def allowed(self, request: web.Request, action: str) -> Caller:
        """Who entered with this browser and may do this. Raises Unauthenticated("registration.no_session"), Denied("access.denied")."""
        caller = await self.registration.who_is(self.cookies.session_of(request))
        capabilities.require(caller.person.duty, action)
        return caller

    async def has_to_prove(self, request: web.Request) -> bool:
        """Whether an operator entered with this browser and has not signed in yet."""
        try:
            await self.registration.who_is(self.cookies.session_of(request))
        except Unauthenticated as refused:
            return refused.code == "registration.login_needed"
        return False

    async def page(
        self,
        request: web.Request,
        template: str,
        context: Mapping[str, Any],
        *,
        caller: Caller | None = None,
        status: int = 200,
        preferred: str = "",
    ) -> web.Response:
        """`preferred` is the language for a reader who has not chosen one. A draft is kept from those who may not see it."""
        if "person" not in context:
            caller = caller or await self.caller(request)
            context = {**context, "person": None if caller is None else _shown(caller)}
        lang, veiled = self.language(request, preferred), self.visibility.veils(caller.person.duty if caller else None)
        marks_assumed = caller is not None and capabilities.may(caller.person.duty, "programme.read_draft")
        response = self._render(request, template, {**context, "marks_assumed": marks_assumed}, lang=lang, status=status, veiled=veiled)
        if request.query.get("lang") == lang:
            self.cookies.keep_language(response, lang)
        return response

    def error_page(self, request: web.Request, status: int, code: str, sentences: Mapping[str, str]) -> web.Response:
        """How a refusal looks where a page was asked for. No person on it: it must not fail in turn."""
        lang = self.language(request)
        context = {"status": status, "code": code, "sentence": sentences[lang], "person": None}
        veiled = self.visibility.veils(None)
        return self._render(request, "error.html", context, lang=lang, status=status, veiled=veiled)

    def language(self, request: web.Request, preferred: str = "") -> str:
        known = self.ports.messages.languages
        chosen = request.query.get("lang") in known or request.cookies.get(language.COOKIE) in known
        return preferred if preferred in known and not chosen else language.of_request(request, known)

    def sentence(self, refused: DomainError | FieldError, lang: str) -> str:
        return self.ports.messages.sentences(refused.code, refused.params or {})[lang]

    def refusal(self, request: web.Request, refused: DomainError) -> dict[str, Any]:
        """What a page shows of a refusal: {"notice": one sentence, empty where a field says the same, "errors": field → sentence}."""
        lang = self.language(request)
        notice = "" if any(field.code == refused.code for field in refused.fields) else self.sentence(refused, lang)
        return {"notice": notice, "errors": {field.path: self.sentence(field, lang) for field in refused.fields}}

    def _render(
        self, request: web.Request, template: str, context: Mapping[str, Any], *, lang: str, status: int, veiled: bool
    ) -> web.Response:
        html = self._html(request, template, context, lang=lang, veiled=veiled)
        headers = page_headers(script_hashes=self.site.script_hashes, feed_origin=self.settings.feed_origin)
        # With no-referrer, browsers would send `Origin: null` with our forms (Fetch, section 3.2), and the same-origin rule refuse them.
        headers |= {"Referrer-Policy": "same-origin", "Content-Language": lang, "Vary": "Accept-Language, Cookie"}
        return web.Response(text=html, content_type="text/html", charset="utf-8", status=status, headers=headers)

    def fragment(self, request: web.Request, template: str, context: Mapping[str, Any]) -> str:
        """A part of a page that its script asks for: no frame, nobody's name in it."""
        return self._html(request, template, {**context, "person": None}, lang=self.language(request), veiled=False)

    def _html(self, request: web.Request, template: str, context: Mapping[str, Any], *, lang: str, veiled: bool) -> str:
        common = self.publishing.common(self.ports.clock(), veiled=veiled)
        return self.site.render(template, lang=lang, path=request.path, query=request.query, context={**common, **context})


def page_route(method: Method, path: str, handler: Handler, operation: str, summary: str, limit: RateLimit) -> Route:
    return Route(method, path, handler, operation, summary, answers={200: "text/html"}, limit=limit, internal=True)


def see_other(where: str) -> web.Response:
    return web.Response(status=303, headers={"Location": where, "Cache-Control": "no-store"})


def to_link_page(request: web.Request) -> web.Response:
    """Whoever has no session is asked for their personal link, and comes back to the page they wanted."""
    back = access.way_back(request.path_qs)
    return see_other(f"/link?{urlencode({'to': back})}" if back else "/link")


def _shown(caller: Caller) -> dict[str, Any]:
    """A person for their own pages. The address never leaves the store but in the mail's envelope."""
    person = caller.person
    return {
        "id": person.id,
        "name": person.name,
        "duty": person.duty,
        "kind": person.kind,
        "door": person.door,
        "attendance": person.attendance,
        "hub_confirmed": person.hub_confirmed,
        "headcount": person.headcount,
        "language": person.language,
        "image_rights": person.image_choice,
    }
