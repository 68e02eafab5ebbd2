"""What stays of a session, for everybody and without a script: its answers and promises, and its ledger.

What must not be here: what is public of a question (the qa service says only that).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from aiohttp import web

from services.registration.answers.store import AnswerStore
from services.registration.limits import LOOKING
from services.registration.pages.frame import Frame, page_route
from services.registration.programme.running_order import Slot
from shared.clock import from_text
from shared.errors import NotFound
from shared.events.answer import AnswerRecorded
from shared.service.route import Route

LEDGER_CACHE: Final = "private, max-age=10"
"""The page bears its reader's name, so that no cache on the way may keep it; the counts are as old as that anyway."""


class AnswerPages:
    def __init__(self, frame: Frame, answers: AnswerStore) -> None:
        self._frame, self._answers = frame, answers

    def routes(self) -> list[Route]:
        return [
            page_route("GET", "/answers", self.answers, "answersPage", "What was answered and promised in a session", LOOKING),
            page_route("GET", "/ledger", self.ledger, "ledgerPage", "What became of the questions of a session, in numbers", LOOKING),
        ]

    async def answers(self, request: web.Request) -> web.StreamResponse:
        session = await self._session(request)
        records, start = await self._answers.of_session(session["id"]), self._started(session["id"])
        context = {
            "session": session,
            "answered": [_shown(each, start) for each in records if each.standing == "answered"],
            "promised": sorted((_shown(each, start) for each in records if each.standing == "deferred"), key=lambda one: str(one["due"])),
        }
        return await self._frame.page(request, "answers.html", context)

    async def ledger(self, request: web.Request) -> web.StreamResponse:
        session = await self._session(request)
        context = {"session": session, "ledger": await self._answers.ledger(session["id"])}
        response = await self._frame.page(request, "ledger.html", context)
        response.headers["Cache-Control"] = LEDGER_CACHE
        return response

    async def _session(self, request: web.Request) -> Mapping[str, Any]:
        """The one asked for, else one that takes questions. Raises NotFound."""
        frame = self._frame
        await frame.visibility.require(request)
        asked, now = request.query.get("session"), frame.ports.clock()
        session = frame.publishing.session_for(asked, now)
        if session is None or (asked and session["id"] != asked):
            raise NotFound("registration.session_unknown")
        return session

    def _started(self, session: str) -> datetime | None:
        slot: Slot | None = self._frame.publishing.running_order(self._frame.ports.clock()).get(session)
        return None if slot is None else slot.instants[0]


def _shown(record: AnswerRecorded, start: datetime | None) -> dict[str, Any]:
    """What the template reads: the fields of the event but the author, and how far into the session each moment was."""
    return {
        "id": record.question, "text": record.text, "language": record.language, "name": record.name, "door": record.door,
        "answer": record.answer, "owner": record.owner, "due": record.due,
        "moments": [
            {"key": key, "at": at, "offset": _offset(at, start)}
            for key, at in (("asked", record.asked_at), ("staged", record.staged_at), ("answered", record.answered_at)) if at
        ],
    }  # fmt: skip


def _offset(at: str, start: datetime | None) -> int | None:
    """Seconds since the session began, for a replay; None before it, and while that is not known."""
    seconds = None if start is None else round((from_text(at) - start).total_seconds())
    return seconds if seconds is not None and seconds >= 0 else None
