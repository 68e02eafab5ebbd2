"""The pages: server-rendered, complete without script. Each handler reads the request, asks a use case, and renders a template.

What must not be here: rules, the store, sentences (web/locales).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from services.registration.pages import posting
from services.registration.pages.site import Site, data_block
from services.registration.people import access
from services.registration.people.app import Caller, Registration
from services.registration.people.cookies import Cookies
from services.registration.people.domain import LinkState
from services.registration.programme.app import Publication
from shared.config import Settings
from shared.errors import DomainError, FieldError, Invalid, NotFound, Unauthenticated
from shared.http import language
from shared.http.security import page_headers, require_same_origin
from shared.service.ports import Ports
from shared.service.route import Handler, Method, RateLimit, Route

LOOKING: Final = RateLimit(600, 60)
"""Views of one page per client address: a town hall, a school or a company is one address."""
ENTERING: Final = RateLimit(120, 60)
"""Attempts at a personal link per client address: a whole hall may share one."""
REGISTERING: Final = RateLimit(120, 3600)
ASKING_FOR_LINK: Final = RateLimit(60, 3600)
CHANGING: Final = RateLimit(60, 60)
STATUS_OF_LINK: Final[Mapping[LinkState, int]] = {LinkState.OK: 200, LinkState.UNKNOWN: 404}
GONE: Final = 410
SHELLS: Final[Mapping[str, str]] = {
    "/watch": "watch.html",
    "/room": "room.html",
    "/moderate": "moderate.html",
    "/stage": "stage.html",
    "/control": "control.html",
}
_HTML: Final[Mapping[int, str]] = {200: "text/html"}


class Pages:
    def __init__(
        self,
        ports: Ports,
        settings: Settings,
        registration: Registration,
        publication: Publication,
        site: Site,
        cookies: Cookies,
    ) -> None:
        self._ports = ports
        self._settings = settings
        self._registration = registration
        self._publication = publication
        self._site = site
        self._cookies = cookies

    def routes(self) -> list[Route]:
        def page(method: Method, path: str, handler: Handler, operation: str, summary: str, limit: RateLimit | None = None) -> Route:
            return Route(method, path, handler, operation, summary, answers=_HTML, limit=limit, internal=True)

        seen: list[tuple[str, Handler, str, str]] = [
            ("/", self.event, "eventPage", "The event and its programme"),
            ("/inscription", self.form, "registrationForm", "The registration form"),
            ("/link", self.hint, "linkForm", "Ask for one's personal link again"),
            ("/l/{token}", self.link, "personalLink", "Where a personal link leads: harmless, nothing opens by itself"),
            ("/place", self.place, "place", "One's own place"),
            *((path, self.shell, path[1:] + "Page", "A live page") for path in SHELLS),
        ]
        return [
            *(page("GET", path, handler, name, summary, LOOKING) for path, handler, name, summary in seen),
            page("POST", "/inscription", self.register, "registerByForm", "The form, without script", REGISTERING),
            page("POST", "/link", self.ask_for_link, "askForLinkByForm", "The link again, without script", ASKING_FOR_LINK),
            page("POST", "/l/{token}", self.enter, "enter", "“Entrer”: opens a session", ENTERING),
            page("POST", "/place", self.change_place, "changePlace", "Change one's door, language or image choice", CHANGING),
            page("POST", "/leave", self.leave, "leaveByForm", "End the session", CHANGING),
        ]

    # --- the event --------------------------------------------------------------------------------------------------------
    async def event(self, request: web.Request) -> web.StreamResponse:
        now = self._ports.clock()
        context = {"now": self._publication.now_next(now), "structured": data_block(self._publication.structured(now))}
        return await self._page(request, "event.html", context)

    async def form(self, request: web.Request) -> web.StreamResponse:
        sent = request.query.get("sent") == "1"
        return await self._page(request, "inscription.html", self._form_context({"door": request.query.get("door", "")}, sent=sent))

    async def register(self, request: web.Request) -> web.StreamResponse:
        require_same_origin(request, self._settings.origin)
        fields = await posting.read(request)
        if fields.get(posting.BAIT):
            return _see_other("/inscription?sent=1")  # a machine is told what a person is told
        try:
            await self._wait_if_too_quick(fields.get(posting.STAMP, ""))
            await self._registration.register(posting.to_form(fields, self._language(request)))
        except Invalid as refused:
            lang = self._language(request)
            notice, errors = self._sentence(refused, lang), self._errors(refused, lang)
            return await self._page(request, "inscription.html", self._form_context(fields, notice=notice, errors=errors), status=422)
        return _see_other("/inscription?sent=1")

    async def hint(self, request: web.Request) -> web.StreamResponse:
        return await self._page(request, "hint.html", self._form_context({}, sent=request.query.get("sent") == "1"))

    async def ask_for_link(self, request: web.Request) -> web.StreamResponse:
        require_same_origin(request, self._settings.origin)
        fields = await posting.read(request)
        if fields.get(posting.BAIT):
            return _see_other("/link?sent=1")
        try:
            await self._wait_if_too_quick(fields.get(posting.STAMP, ""))
            await self._registration.request_link(fields.get("email", ""))
        except Invalid as refused:
            lang = self._language(request)
            notice, errors = self._sentence(refused, lang), self._errors(refused, lang)
            return await self._page(request, "hint.html", self._form_context(fields, notice=notice, errors=errors), status=422)
        return _see_other("/link?sent=1")

    # --- coming in --------------------------------------------------------------------------------------------------------
    async def link(self, request: web.Request) -> web.StreamResponse:
        entrance = await self._registration.look(request.match_info["token"])
        return await self._entrance(request, entrance.state, entrance.name, entrance.duty, entrance.language)

    async def enter(self, request: web.Request) -> web.StreamResponse:
        require_same_origin(request, self._settings.origin)
        try:
            token, caller = await self._registration.enter(request.match_info["token"])
        except (NotFound, Unauthenticated):
            entrance = await self._registration.look(request.match_info["token"])
            return await self._entrance(request, entrance.state)
        response = _see_other(access.home_of(caller.person))
        self._cookies.keep_session(response, token)
        if language.COOKIE not in request.cookies:
            self._cookies.keep_language(response, caller.person.language)
        return response

    async def leave(self, request: web.Request) -> web.StreamResponse:
        require_same_origin(request, self._settings.origin)
        await self._registration.leave(self._cookies.session_of(request))
        response = _see_other("/")
        self._cookies.forget(response)
        return response

    async def _entrance(
        self,
        request: web.Request,
        state: LinkState,
        name: str = "",
        duty: str = "none",
        preferred: str = "",
    ) -> web.StreamResponse:
        context = {"name": name, "duty": duty, "state": state.value, "person": None}
        response = await self._page(request, "enter.html", context, status=STATUS_OF_LINK.get(state, GONE), preferred=preferred)
        # The token stands in the path: other pages of ours must not learn it, yet the form's Origin header must stay.
        response.headers["Referrer-Policy"] = "strict-origin"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    # --- being in ---------------------------------------------------------------------------------------------------------
    async def place(self, request: web.Request) -> web.StreamResponse:
        caller = await self._caller(request)
        return _see_other("/link") if caller is None else await self._place(request, caller)

    async def _place(self, request: web.Request, caller: Caller, refused: Invalid | None = None) -> web.StreamResponse:
        lang = self._language(request)
        context = {
            "links": [{"path": path, "key": path[1:]} for path in access.pages_of(caller.person.duty) if path != "/place"],
            "saved": request.query.get("saved") == "1" and refused is None,
            "errors": {} if refused is None else self._errors(refused, lang),
            "notice": "" if refused is None else self._sentence(refused, lang),
        }
        return await self._page(request, "place.html", context, caller=caller, status=200 if refused is None else 422)

    async def change_place(self, request: web.Request) -> web.StreamResponse:
        require_same_origin(request, self._settings.origin)
        fields, token = await posting.read(request), self._cookies.session_of(request)
        try:
            caller = await self._registration.change_place(
                token,
                door=fields.get("door"),
                language=fields.get("language"),
                image_rights=fields.get("image_rights"),
            )
        except Invalid as refused:
            return await self._place(request, await self._registration.who_is(token), refused)
        response = _see_other("/place?saved=1")
        if chosen := fields.get("language"):
            self._cookies.keep_language(response, chosen if chosen in self._ports.messages.languages else caller.person.language)
        return response

    async def shell(self, request: web.Request) -> web.StreamResponse:
        caller = await self._caller(request)
        if caller is None:
            return _see_other("/link")
        access.require_page(request.path, caller.person.duty)
        session = self._publication.session_for(request.query.get("session"), self._ports.clock())
        context = {
            "session": session,
            "stage_id": self._publication.stage,
            "feed_url": self._settings.feed_address,
            "page": request.path[1:],
            "display_url": self._settings.origin,
        }
        return await self._page(request, SHELLS[request.path], context, caller=caller)

    # --- errors -----------------------------------------------------------------------------------------------------------
    def error_page(self, request: web.Request, status: int, code: str, sentences: Mapping[str, str]) -> web.Response:
        """How a refusal looks where a page was asked for. No person on it: it must not fail in turn."""
        lang = self._language(request)
        context = {"status": status, "code": code, "sentence": sentences[lang], "person": None}
        return self._render(request, "error.html", context, lang=lang, status=status)

    # --- shared steps -----------------------------------------------------------------------------------------------------
    async def _caller(self, request: web.Request) -> Caller | None:
        try:
            return await self._registration.who_is(self._cookies.session_of(request))
        except Unauthenticated:
            return None

    async def _wait_if_too_quick(self, stamp: str) -> None:
        """Raises Invalid("registration.too_quick") when the form did not come from a page of ours."""
        age = posting.age_of(self._ports.secrets, stamp, self._ports.clock())
        if age is None:
            raise Invalid("registration.too_quick")
        if age < posting.FASTEST_SECONDS:
            await asyncio.sleep(posting.FASTEST_SECONDS - age)

    def _form_context(
        self,
        values: Mapping[str, str],
        *,
        sent: bool = False,
        notice: str = "",
        errors: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        names = ("name", "email", "door", "language", "image_rights")
        return {
            "values": {name: values.get(name, "") for name in names},
            "errors": dict(errors or {}),
            "sent": sent,
            "notice": notice,
            "stamp": posting.stamp(self._ports.secrets, self._ports.clock()),
        }

    async def _page(
        self,
        request: web.Request,
        template: str,
        context: Mapping[str, Any],
        *,
        caller: Caller | None = None,
        status: int = 200,
        preferred: str = "",
    ) -> web.Response:
        if "person" not in context:
            caller = caller or await self._caller(request)
            context = {**context, "person": None if caller is None else shown_person(caller)}
        lang = self._language(request, preferred)
        response = self._render(request, template, context, lang=lang, status=status)
        if request.query.get("lang") == lang:
            self._cookies.keep_language(response, lang)
        return response

    def _language(self, request: web.Request, preferred: str = "") -> str:
        known = self._ports.messages.languages
        chosen = request.query.get("lang") in known or request.cookies.get(language.COOKIE) in known
        return preferred if preferred in known and not chosen else language.of_request(request, known)

    def _sentence(self, refused: DomainError | FieldError, lang: str) -> str:
        return self._ports.messages.sentences(refused.code, refused.params or {})[lang]

    def _errors(self, refused: DomainError, lang: str) -> dict[str, str]:
        return {field.path: self._sentence(field, lang) for field in refused.fields}

    def _render(self, request: web.Request, template: str, context: Mapping[str, Any], *, lang: str, status: int) -> web.Response:
        common = self._publication.common(self._ports.clock())
        html = self._site.render(template, lang=lang, path=request.path, query=request.query, context={**common, **context})
        headers = page_headers(script_hashes=self._site.script_hashes, feed_origin=self._settings.feed_origin)
        # With no-referrer, browsers would send `Origin: null` with our forms (Fetch, section 3.2), and the same-origin rule refuse them.
        headers |= {"Referrer-Policy": "same-origin", "Content-Language": lang, "Vary": "Accept-Language, Cookie"}
        return web.Response(text=html, content_type="text/html", charset="utf-8", status=status, headers=headers)


def shown_person(caller: Caller) -> dict[str, Any]:
    """A person for their own pages. The address never leaves the store but in the mail's envelope."""
    person = caller.person
    return {
        "id": person.id,
        "name": person.name,
        "duty": person.duty,
        "door": person.door,
        "hub_confirmed": person.hub_confirmed,
        "kind": person.kind,
        "language": person.language,
        "image_rights": person.image_choice,
        "state": person.state.value,
        "page": access.home_of(person),
    }


def _see_other(where: str) -> web.Response:
    return web.Response(status=303, headers={"Location": where, "Cache-Control": "no-store"})
