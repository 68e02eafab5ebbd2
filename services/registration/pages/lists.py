"""The page that brings in a list of people, for operators: first as a trial that shows what would become of each line. Works without
script."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from aiohttp import web

from services.registration.limits import IMPORTS, LISTING
from services.registration.pages.frame import Frame, page_route, to_link_page
from services.registration.people import access
from services.registration.people.app import Caller
from services.registration.people.bringing import LineFate, PeopleLists
from services.registration.people.lists_api import counts_of, csv_file
from shared.errors import DomainError
from shared.http import forms
from shared.http.security import require_same_origin
from shared.service.route import Route

PATH: Final = "/people/list/import"
FILE: Final = "/people/list/export.csv"
TEMPLATE: Final = "import.html"
MOST_BYTES: Final = 1_000_000
MOST_SHOWN: Final = 500
"""Lines on the page: those with a fault first."""


class ListPages:
    def __init__(self, frame: Frame, lists: PeopleLists) -> None:
        self._frame, self._lists = frame, lists

    def routes(self) -> list[Route]:
        return [
            page_route("GET", PATH, self.form, "importPage", "Bring in a list of people", LISTING),
            page_route("POST", PATH, self.bring_in, "importByForm", "Try a list, or bring it in", IMPORTS),
            page_route("GET", FILE, self.take_out, "exportByLink", "Whoever registered, as CSV", LISTING),
        ]

    async def form(self, request: web.Request) -> web.StreamResponse:
        caller = await self._frame.caller(request)
        if caller is None:
            return to_link_page(request)
        access.require_page("/people", caller.person)
        return await self._show(request, caller, "")

    async def bring_in(self, request: web.Request) -> web.StreamResponse:
        require_same_origin(request, self._frame.settings.origin)
        fields = await forms.read(request, MOST_BYTES)
        caller = await self._frame.allowed(request, "person.import")
        text, trial = fields.get("csv", [""])[0], fields.get("act", [""])[0] != "bring"
        try:
            fates = await self._lists.bring_in(text, language=self._language(request), trial=trial)
        except DomainError as refused:
            return await self._show(request, caller, text, refused=refused)
        return await self._show(request, caller, text if trial else "", fates=fates, trial=trial)

    async def take_out(self, request: web.Request) -> web.StreamResponse:
        caller = await self._frame.allowed(request, "person.export")
        return csv_file(await self._lists.taken_out(), caller.person.id)

    def _language(self, request: web.Request) -> str:
        """Of whoever names none: that of the event, where the installation writes it, else the one this page is read in."""
        own = self._frame.publishing.language()
        return own if own in self._frame.ports.messages.languages else self._frame.language(request)

    async def _show(
        self,
        request: web.Request,
        caller: Caller,
        text: str,
        *,
        fates: Sequence[LineFate] = (),
        trial: bool = True,
        refused: DomainError | None = None,
    ) -> web.Response:
        """`text`: what the field holds; `fates`: what became of each line, none before a list was sent."""
        frame, language = self._frame, self._frame.language(request)
        first = sorted(fates, key=lambda one: (one.fate != "wrong", one.line.number))[:MOST_SHOWN]
        context: dict[str, Any] = {
            "text": text,
            "trial": trial,
            "counts": counts_of(fates) if fates else {},
            "lines": [
                {
                    "number": one.line.number,
                    "name": one.line.name,
                    "fate": one.fate,
                    "wrong": [frame.sentence(field, language) for field in one.line.wrong],
                }
                for one in first
            ],
            "more": len(fates) - len(first),
            "columns": [
                "name",
                "email",
                "door",
                "language",
                "days",
                "headcount",
                *(f"answers.{one.id}" for one in frame.publishing.questions()),
            ],
            **(frame.refusal(request, refused) if refused is not None else {"notice": "", "errors": {}}),
        }
        return await frame.page(request, TEMPLATE, context, caller=caller, status=200 if refused is None else 422)
