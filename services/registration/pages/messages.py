"""The page of messages to many, for operators: writing one, seeing it before it leaves, how far each is. Works without script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from services.registration.limits import LISTING, MAILING
from services.registration.mailings.api import STEPS, shown_mailing, take_step
from services.registration.mailings.app import MailingAsk, MailingDesk
from services.registration.mailings.domain import Audience, MailingKind, MailingWords
from services.registration.mailings.letter import plain_text
from services.registration.pages import posting
from services.registration.pages.frame import Frame, page_route, see_other, to_link_page
from services.registration.people import access
from services.registration.people.app import Caller
from shared.errors import Conflict, DomainError, Invalid, Unavailable
from shared.service.route import Route

PATH: Final = "/messages"
TEMPLATE: Final = "messages.html"
AUDIENCE: Final = ("door", "day", "session", "search")
SEND: Final = "mailing.send"


class MessagePages:
    def __init__(self, frame: Frame, desk: MailingDesk) -> None:
        self._frame, self._desk = frame, desk

    def routes(self) -> list[Route]:
        return [
            page_route("GET", PATH, self.messages, "messagesPage", "Messages to many, for operators", LISTING),
            page_route("POST", PATH, self.write, "messageByForm", "See a message, try it on one address, or send it", MAILING),
            page_route("POST", PATH + "/{id}/{step}", self.stand, "standByForm", "Pause, resume or stop a message", MAILING),
        ]

    async def messages(self, request: web.Request) -> web.StreamResponse:
        caller = await self._frame.caller(request)
        if caller is None:
            return to_link_page(request)
        access.require_page(PATH, caller.person)
        return await self._show(request, caller, {name: request.query.get(name, "") for name in AUDIENCE})

    async def write(self, request: web.Request) -> web.StreamResponse:
        fields = await posting.read(request, self._frame.settings.origin)
        caller = await self._frame.allowed(request, SEND)
        act, ask, language = fields.get("act", ""), self._ask(fields), self._frame.language(request)
        try:
            if act == "send":
                await self._desk.begin(ask, caller.person.id)
                return see_other(f"{PATH}?done=sent")
            if act == "test":
                await self._desk.test(ask, fields.get("to", ""), language)
                return await self._show(request, caller, fields, tested=True)
            people, message = await self._desk.preview(ask, language)
        except (Invalid, Conflict, Unavailable) as refused:
            return await self._show(request, caller, fields, refused=refused)
        preview = {"people": people, "subject": message["Subject"], "text": plain_text(message), "kind": ask.kind, "id": ask.id}
        return await self._show(request, caller, fields, preview=preview)

    async def stand(self, request: web.Request) -> web.StreamResponse:
        await posting.read(request, self._frame.settings.origin)
        caller, step = await self._frame.allowed(request, SEND), request.match_info["step"]
        if step not in (*STEPS, "again"):
            raise web.HTTPNotFound
        try:
            await take_step(self._desk, request.match_info["id"], step)
        except Conflict as refused:
            return await self._show(request, caller, {}, refused=refused)
        return see_other(f"{PATH}?done={step}")

    def _ask(self, fields: Mapping[str, str]) -> MailingAsk:
        """As the form says; what moved is told in the platform's own words."""
        ports, audience = self._frame.ports, Audience(*(fields.get(name, "") for name in AUDIENCE))
        words = {one: MailingWords(fields.get(f"subject_{one}", ""), fields.get(f"text_{one}", "")) for one in ports.messages.languages}
        kind: MailingKind = "change" if fields.get("kind") == "change" else "words"
        return MailingAsk(fields.get("id") or ports.new_id(), kind, audience, words if kind == "words" else {})

    async def _show(
        self,
        request: web.Request,
        caller: Caller,
        values: Mapping[str, str],
        *,
        preview: Mapping[str, Any] | None = None,
        refused: DomainError | None = None,
        tested: bool = False,
    ) -> web.Response:
        """`values`: what the form holds; `preview`: {people, subject, text, kind, id}, none before it was asked for."""
        frame = self._frame
        now, running = frame.ports.clock(), frame.publishing.running.programme
        days = frame.publishing.open_days(now)
        context = {
            "values": values,
            "preview": preview,
            "tested": tested,
            "writing": sorted(frame.ports.messages.languages, key=lambda code: code != running.language),  # that of the event first
            "days": [{"id": day.id, "date": day.date.isoformat()} for day in days] if len(days) > 1 else [],
            "sessions": [
                {"id": one.id, "title": one.label or one.title, "language": (not one.label and one.language) or running.language}
                for one in running.sessions
            ],
            "doors": frame.publishing.doors(now),
            "moved": [one.partition(" ") for one in await self._desk.moved()],
            "mailings": [{**shown_mailing(one), "at": one.mailing.made_at} for one in await self._desk.newest()],
            "done": request.query.get("done", "") if request.method == "GET" else "",
            **(frame.refusal(request, refused) if refused is not None else {"notice": "", "errors": {}}),
        }
        return await frame.page(request, TEMPLATE, context, caller=caller, status=200 if refused is None else 422)
