"""The HTTP interface of notes: parse, call the use case, render."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from services.qa.calls import answer, caller, id_of, session_of
from services.qa.notes import shapes
from services.qa.notes.app import ChairNotes
from shared.errors import Invalid
from shared.ids import is_uuid
from shared.service.route import BODY_KEY, RateLimit, Route, Who

WRITING: Final = RateLimit(times=30, seconds=60)
SEEING: Final = RateLimit(times=300, seconds=60)


def routes(notes: ChairNotes) -> list[Route]:
    async def write(request: web.Request) -> web.StreamResponse:
        body: shapes.NoteBody = request[BODY_KEY]
        if not is_uuid(body.id):
            raise Invalid.about("id", "qa.id_invalid")
        return answer(await notes.write(caller(request), session_of(request), body.id, body.text), status=201)

    async def see(request: web.Request) -> web.StreamResponse:
        return answer(await notes.see(caller(request), id_of(request)))

    return [
        Route(
            "POST", "/api/qa/sessions/{session}/notes", write, "writeNote",
            "A short note from the moderators to the chair, or back; the same id again is the same note", who=Who.PASS,
            action="note.write", body=shapes.NoteBody, answers={201: shapes.NoteView}, limit=WRITING,
            errors=(
                "qa.unknown_session", "qa.session_removed", "access.session_not_yours", "qa.id_invalid", "qa.id_taken", "qa.notes_full",
                "qa.text_empty", "qa.text_too_long", "qa.text_control",
            ),
        ),
        Route(
            "PUT", "/api/qa/notes/{id}/seen", see, "seeNote", "Say that one has read it", who=Who.PASS, action="note.write",
            answers={200: shapes.NoteView}, limit=SEEING,
            errors=("qa.unknown_note", "qa.note_own_side", "qa.stale", "access.session_not_yours"),
        ),
    ]  # fmt: skip
