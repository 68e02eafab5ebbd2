"""Routes of recordings: lists and media for players, what there is of a session for its page, the shelf for operators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from aiohttp import web
from pydantic import BaseModel

from services.streaming.answers import sent
from services.streaming.app import Streaming
from services.streaming.changes import instant
from services.streaming.origin.access import PassCheck
from services.streaming.origin.delivery import PLAYLIST_TYPE
from services.streaming.recording.library import Library
from shared.auth import cookies
from shared.auth.watch_keys import PLAYLIST, PREFIX
from shared.errors import NotFound
from shared.http import language
from shared.messages.catalogue import Catalogue
from shared.service.route import Route, Who

REPLAY: Final = f"{PREFIX}/session/{{session}}/replay"
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


class RecordingView(BaseModel):
    session: str
    stage: str
    began: str
    seconds: float
    bytes: int
    growing: bool


class RecordingsView(BaseModel):
    recordings: list[RecordingView]


class RecordingsApi:
    def __init__(self, app: Streaming, passes: PassCheck, library: Library, messages: Catalogue) -> None:
        self._app, self._passes, self._library, self._catalogue = app, passes, library, messages

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
            Route("GET", "/api/streaming/sessions/{session}/replay", self.replay, "getReplay", "What is recorded of a session",
                  who=Who.PASS, action="stream.watch", answers={200: ReplayView}),
            Route("GET", recordings, self.recordings, "listRecordings", "Every recorded session", who=Who.PASS, action="stream.read",
                  answers={200: RecordingsView}),
            Route("DELETE", f"{recordings}/{{session}}", self.erase, "eraseRecording", "Erase what was recorded of a session, for good",
                  who=Who.PASS, action="stream.manage", answers={204: None},
                  errors=("streaming.recording_unknown", "streaming.recording_running")),
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
                session=one.session, stage=one.stage, began=instant(one.began), seconds=one.seconds, bytes=one.bytes, growing=one.growing
            )
            for one in await self._library.recordings()
        ]
        return _json(RecordingsView(recordings=found))

    async def erase(self, request: web.Request) -> web.StreamResponse:
        await self._library.erase(request.match_info["session"])
        return web.Response(status=204)


def _json(value: BaseModel) -> web.Response:
    return web.json_response(value.model_dump(), headers={"Cache-Control": "no-store"})
