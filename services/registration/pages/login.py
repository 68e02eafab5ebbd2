"""Where operators sign in besides opening their link: with a passkey, or with a code, which needs no script; what they sign in with."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any, Final

from aiohttp import web

from services.registration.limits import CHANGING, LOOKING, SIGNING_IN
from services.registration.pages import posting
from services.registration.pages.frame import Frame, page_route, see_other, to_link_page
from services.registration.pages.qr import svg_of
from services.registration.people import access
from services.registration.staff.app import SignedIn, SignIn
from shared.errors import Conflict, Denied, DomainError, Invalid, Unauthenticated
from shared.service.route import Route

PATH: Final = access.LOGIN


class LoginPages:
    def __init__(self, frame: Frame, sign_in: SignIn) -> None:
        self._frame, self._sign_in = frame, sign_in

    def routes(self) -> list[Route]:
        return [
            page_route("GET", PATH, self.page, "loginPage", "Where operators sign in", LOOKING),
            page_route("POST", PATH, self.prove, "login", "Sign in with a passkey or a code", SIGNING_IN),
            page_route("POST", f"{PATH}/set-up", self.set_up, "setUpLogin", "Set up a passkey or an app", SIGNING_IN),
            page_route("POST", f"{PATH}/change", self.change, "changeLogin", "Remove a passkey or an app, or take new codes", CHANGING),
        ]

    async def page(self, request: web.Request) -> web.StreamResponse:
        try:
            return await self._show(request)
        except Unauthenticated:
            return to_link_page(request)
        except Denied:
            return see_other("/place")

    async def prove(self, request: web.Request) -> web.StreamResponse:
        fields, token = await self._read(request)
        answer = fields.get("passkey", "")
        proof = self._sign_in.prove_by_passkey(token, answer) if answer else self._sign_in.prove_by_code(token, fields.get("code", ""))
        return await self._signed_in(request, proof, "code")

    async def set_up(self, request: web.Request) -> web.StreamResponse:
        fields, token = await self._read(request)
        answer, name = fields.get("passkey", ""), fields.get("name")
        if answer:
            made = self._sign_in.add_passkey(token, answer, fields.get("label", ""), name)
        else:
            made = self._sign_in.add_app(token, fields.get("app", ""), name)
        return await self._signed_in(request, made, "app", fields)

    async def change(self, request: web.Request) -> web.StreamResponse:
        fields, token = await self._read(request)
        try:
            if id := fields.get("remove"):
                await self._sign_in.remove_passkey(token, id)
            elif fields.get("act") == "remove_app":
                await self._sign_in.remove_app(token)
            elif fields.get("act") == "codes":
                return await self._show(request, spare=await self._sign_in.renew_spare(token))
        except Conflict as refused:
            return await self._show(request, refused=refused)
        return see_other(f"{PATH}?done=changed")

    async def _read(self, request: web.Request) -> tuple[Mapping[str, str], str | None]:
        return await posting.read(request, self._frame.settings.origin), self._frame.cookies.session_of(request)

    async def _signed_in(
        self, request: web.Request, done: Awaitable[SignedIn], field: str, values: Mapping[str, str] | None = None
    ) -> web.StreamResponse:
        """`field`: where a wrong code stands."""
        frame = self._frame
        try:
            signed = await done
        except (Invalid, Conflict, Denied, Unauthenticated) as refused:
            if refused.code in ("registration.no_session", "registration.login_not_yours"):
                raise
            return await self._show(request, refused=refused, field=field, values=values)
        if signed.spare:
            response: web.Response = await self._show(request, token=signed.token, spare=signed.spare)
        else:
            caller = await frame.registration.who_is(signed.token)
            response = see_other(access.home_of(caller.person, None, frame.cookies.way_back_of(request)))
            frame.cookies.keep_way_back(response, "")
        frame.cookies.keep_session(response, signed.token)
        return response

    async def _show(
        self,
        request: web.Request,
        *,
        token: str | None = None,
        spare: tuple[str, ...] = (),
        refused: DomainError | None = None,
        field: str = "",
        values: Mapping[str, str] | None = None,
    ) -> web.Response:
        """`token`: of the session, where it is another one than the browser came with."""
        frame = self._frame
        token = token or frame.cookies.session_of(request)
        view = await self._sign_in.look(token, frame.publishing.running.programme.event.name)
        refusal = frame.refusal(request, refused) if refused is not None else {"notice": "", "errors": {}}
        if refused is not None and refused.code == "registration.login_wrong" and field and not (values or {}).get("passkey"):
            refusal = {"notice": "", "errors": {field: frame.sentence(refused, frame.language(request))}}
        context: dict[str, Any] = {
            "login": view.login,
            "proven": view.proven,
            "options": view.options,
            "secret": " ".join(view.secret[at : at + 4] for at in range(0, len(view.secret), 4)),
            "picture": svg_of(view.address).decode(),
            "spare": spare,
            "named": bool(view.caller.person.name),
            "values": values or {},
            "done": request.query.get("done", ""),
            "home": access.home_of(view.caller.person, None, frame.cookies.way_back_of(request)),
            **refusal,
        }
        status = 200 if refused is None else 422
        response = await frame.page(request, "login.html", context, caller=view.caller if view.proven else None, status=status)
        response.headers["Cache-Control"] = "no-store"
        return response
