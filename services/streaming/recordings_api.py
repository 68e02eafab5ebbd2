"""Routes of recordings: lists and media for players, what there is of a session for its page, the shelf and its files for operators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final
from urllib.parse import quote

from aiohttp import web
from pydantic import AwareDatetime, BaseModel, Field, Strict

from services.streaming.answers import sent
from services.streaming.app import Streaming
from services.streaming.changes import instant
from services.streaming.origin.access import FileKeys, PassCheck
from services.streaming.origin.delivery import PLAYLIST_TYPE
from services.streaming.recording.files import FileState, RecordingFile, RecordingFiles
from services.streaming.recording.library import Library
from services.streaming.recording.stills import PICTURE_TYPE, WIDTHS, Stills
from services.streaming.recording.whole_file import Chapter, FileKind
from shared.auth import cookies
from shared.auth.watch_keys import PLAYLIST, PREFIX
from shared.errors import NotFound
from shared.http import language
from shared.messages.catalogue import Catalogue
from shared.service.route import BODY_KEY, Body, RateLimit, Route, Who

REPLAY: Final = f"{PREFIX}/session/{{session}}/replay"
STILL: Final = "/stills/{width:[0-9]{1,4}}/{second:[0-9]{1,6}}.jpg"
FILE: Final = "/api/streaming/recordings/{session}/files/{key}/{name}"
MOST_CHAPTER_BYTES: Final = 262_144
_PLAYERS: Final = (
    "access.pass_missing", "access.pass_invalid", "access.pass_expired", "access.pass_other_event", "access.revoked", "access.denied",
    "streaming.recording_unknown", "streaming.nothing_there",
)  # fmt: skip


class SpanView(BaseModel):
    """A stretch without a hole: what was on at `began` is at second `at`."""

    began: str
    at: float
    seconds: float


class ReplayView(BaseModel):
    """`url`: the list for a player, null where nothing was recorded; `growing`: the session is on."""

    session: str
    url: str | None
    growing: bool
    seconds: float
    spans: list[SpanView]


class RecordingFileView(BaseModel):
    """`url`: where a browser saves it from, for an hour, without a pass; null while it is being made."""

    kind: FileKind
    state: FileState
    bytes: int
    url: str | None


class RecordingView(BaseModel):
    session: str
    stage: str
    began: str
    seconds: float
    bytes: int
    growing: bool
    files: list[RecordingFileView]


class RecordingsView(BaseModel):
    recordings: list[RecordingView]


class ChapterBody(Body):
    """`at`: when it was on (RFC 3339, with its offset)."""

    at: Annotated[AwareDatetime, Strict(strict=False)]
    title: str = Field(min_length=1, max_length=300)


class RecordingFileBody(Body):
    """`video`: MP4, the largest picture and the best sound; `sound`: M4A, the sound alone. What was on in no stretch has no chapter."""

    kind: FileKind
    title: str = Field(min_length=1, max_length=300)
    chapters: list[ChapterBody] = Field(default=[], max_length=500)


class RecordingsApi:
    def __init__(
        self, app: Streaming, passes: PassCheck, library: Library, stills: Stills, files: RecordingFiles, keys: FileKeys,
        messages: Catalogue,
    ) -> None:  # fmt: skip
        self._app, self._passes, self._library, self._catalogue = app, passes, library, messages
        self._stills, self._files, self._keys = stills, files, keys

    def routes(self) -> Sequence[Route]:
        recordings = "/api/streaming/recordings"
        return (
            Route("GET", f"{REPLAY}/index.m3u8", self.multivariant, "getReplayPlaylist", "The renditions of a recorded session",
                  who=Who.MEDIA, answers={200: PLAYLIST_TYPE}, errors=_PLAYERS),
            Route("GET", REPLAY + "/{rendition}/index.m3u8", self.media, "getReplayMediaPlaylist",
                  "One rendition from the session's beginning; it grows while the session is on", who=Who.MEDIA,
                  answers={200: PLAYLIST_TYPE}, errors=_PLAYERS),
            Route("GET", REPLAY + "/{rendition}/{file}", self.file, "getReplayMedia", "A segment or an initialisation section",
                  who=Who.MEDIA, answers={200: "video/mp4", 304: None}, errors=_PLAYERS),
            Route("GET", REPLAY + STILL, self.still, "getReplayStill",
                  f"What a recording shows at a second of it, {WIDTHS[0]} or {WIDTHS[1]} pixels wide", who=Who.MEDIA,
                  answers={200: PICTURE_TYPE, 304: None}, errors=(*_PLAYERS, "streaming.busy")),
            Route("GET", "/api/streaming/sessions/{session}/replay", self.replay, "getReplay", "What is recorded of a session",
                  who=Who.PASS, action="stream.watch", answers={200: ReplayView}),
            Route("GET", recordings, self.recordings, "listRecordings", "Every recorded session", who=Who.PASS, action="stream.read",
                  answers={200: RecordingsView}),
            Route("DELETE", f"{recordings}/{{session}}", self.erase, "eraseRecording", "Erase what was recorded of a session, for good",
                  who=Who.PASS, action="stream.manage", answers={204: None},
                  errors=("streaming.recording_unknown", "streaming.recording_running", "streaming.file_busy")),
            Route("POST", f"{recordings}/{{session}}/files", self.make, "makeRecordingFile",
                  "Make a file to keep of a recording, in place of the one made before", who=Who.PASS, action="stream.manage",
                  body=RecordingFileBody, most_bytes=MOST_CHAPTER_BYTES, answers={202: RecordingFileView},
                  errors=("streaming.recording_unknown", "streaming.recording_running", "streaming.file_busy", "streaming.no_room")),
            Route("GET", FILE, self.saved, "getRecordingFile", "A file made of a recording, by the address that operators are given",
                  who=Who.ANYONE, limit=RateLimit(times=60, seconds=60.0), answers={200: "video/mp4", 206: "video/mp4", 304: None},
                  errors=("streaming.key_refused", "streaming.recording_unknown")),
        )  # fmt: skip

    # --- players ----------------------------------------------------------------------------------------------------------
    async def multivariant(self, request: web.Request) -> web.StreamResponse:
        session, lang = self._admit(request), language.of_request(request, self._catalogue.languages)
        response = sent(request, await self._library.multivariant(session, lambda track: self._catalogue.text(lang, track.title)))
        response.headers["Vary"] = "Accept-Encoding, Accept-Language, Cookie"
        return response

    async def media(self, request: web.Request) -> web.StreamResponse:
        session = self._admit(request)
        return sent(request, await self._library.media(session, request.match_info["rendition"], ended=not self._grows(session)))

    async def file(self, request: web.Request) -> web.StreamResponse:
        session = self._admit(request)
        return sent(request, await self._library.file(session, request.match_info["rendition"], request.match_info["file"]))

    async def still(self, request: web.Request) -> web.StreamResponse:
        session, asked = self._admit(request), request.match_info
        return sent(request, await self._stills.at(session, int(asked["second"]), int(asked["width"])))

    def _admit(self, request: web.Request) -> str:
        """Who may watch live may watch again, what the programme in force lets be recorded."""
        self._passes.by_pass(request.cookies.get(cookies.MEDIA, ""))
        session = request.match_info["session"]
        if not self._app.recorded(session):
            raise NotFound("streaming.recording_unknown")
        return session

    def _grows(self, session: str) -> bool:
        return self._app.is_on(session) or self._library.grows(session)

    # --- pages and operators ----------------------------------------------------------------------------------------------
    async def replay(self, request: web.Request) -> web.StreamResponse:
        session = request.match_info["session"]
        view = ReplayView(session=session, url=None, growing=False, seconds=0.0, spans=[])
        if self._app.recorded(session) and (replay := await self._library.replay(session)).pieces:
            url = f"{REPLAY.format(session=quote(session, safe=''))}/{PLAYLIST}"
            spans = [SpanView(began=instant(span.began), at=span.at, seconds=span.seconds) for span in replay.spans()]
            view = ReplayView(session=session, url=url, growing=self._grows(session), seconds=replay.seconds, spans=spans)
        return _json(view)

    async def recordings(self, request: web.Request) -> web.StreamResponse:
        found = [
            RecordingView(
                session=one.session,
                stage=one.stage,
                began=instant(one.began),
                seconds=one.seconds,
                bytes=one.bytes,
                growing=one.growing,
                files=[self._file_view(one.session, file) for file in await self._files.of(one.session)],
            )
            for one in await self._library.recordings()
        ]
        return _json(RecordingsView(recordings=found))

    async def erase(self, request: web.Request) -> web.StreamResponse:
        session = request.match_info["session"]
        self._files.forget(session)
        await self._library.erase(session)
        self._stills.forget(session)
        return web.Response(status=204)

    async def make(self, request: web.Request) -> web.StreamResponse:
        body: RecordingFileBody = request[BODY_KEY]
        chapters = [Chapter(chapter.at.timestamp(), chapter.title) for chapter in body.chapters]
        session = request.match_info["session"]
        return _json(self._file_view(session, await self._files.make(session, body.kind, body.title, chapters)), 202)

    async def saved(self, request: web.Request) -> web.StreamResponse:
        session, name = request.match_info["session"], request.match_info["name"]
        self._keys.require(session, name, request.match_info["key"])
        path = await self._files.path(session, name)
        name = quote(f"{session}{path.suffix}", safe="")
        disposition = {"Cache-Control": "private, no-store", "Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
        return web.FileResponse(path, headers=disposition)

    def _file_view(self, session: str, file: RecordingFile) -> RecordingFileView:
        url = (
            FILE.format(session=quote(session, safe=""), key=self._keys.key(session, file.kind), name=file.kind)
            if file.state == "ready"
            else None
        )
        return RecordingFileView(kind=file.kind, state=file.state, bytes=file.bytes, url=url)


def _json(value: BaseModel, status: int = 200) -> web.Response:
    return web.json_response(value.model_dump(), status=status, headers={"Cache-Control": "no-store"})
