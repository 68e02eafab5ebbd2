"""Routes of the streaming service: playlists and media for players, stages for pages, keys for operators."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from aiohttp import web
from pydantic import BaseModel

from services.streaming.answers import cache_control, sent
from services.streaming.app import APP_NAME, Streaming
from services.streaming.changes import instant
from services.streaming.lineup import Live
from services.streaming.on_air import Cause, Mark, Trouble
from services.streaming.origin.access import PassCheck
from services.streaming.origin.delivery import BLOCKING_ERROR_CACHE, PLAIN_ERROR_CACHE, PLAYLIST_TYPE, HlsDelivery
from services.streaming.origin.viewers import Viewers
from shared.auth import cookies
from shared.auth.watch_keys import PREFIX
from shared.errors import Invalid, NotFound
from shared.events.vocabulary import StageOrigin, StageReason, StageState
from shared.http import language, problem
from shared.messages.catalogue import Catalogue
from shared.service.route import RateLimit, Route, Who

KEYED: Final = f"{PREFIX}/k/{{key}}/{{stage}}"
PLAIN: Final = f"{PREFIX}/{{stage}}"
NEW_KEYS: Final = RateLimit(times=10, seconds=60.0)
_WATCH_ERRORS: Final = (
    "access.pass_missing", "access.pass_invalid", "access.pass_expired", "access.pass_other_event", "access.revoked", "access.denied",
    "streaming.key_refused", "streaming.stage_unknown", "streaming.stage_ended", "streaming.nothing_there", "streaming.not_yet",
)  # fmt: skip
_DIRECTIVE_ERRORS: Final = ("streaming.bad_directive", "streaming.too_far_ahead")


class StageView(BaseModel):
    id: str
    name: str
    state: StageState
    origin: StageOrigin
    since: str
    reason: StageReason | None
    hls_url: str


class RenditionView(BaseModel):
    name: str
    bitrate: int
    width: int
    height: int
    sequence: int
    parts: int


class IngestView(BaseModel):
    peer: str
    metadata: dict[str, float | bool | str]
    bytes: int
    keyframe_seconds: float | None
    dropped_video: int
    dropped_audio: int
    pace: float | None
    loss: float | None


class OnAirView(BaseModel):
    """What viewers get and why, as in services.streaming.on_air; each word has its sentence in the catalogues (`stream.air.…`,
    `stream.trouble.…`)."""

    shows: StageOrigin
    mark: Mark
    cause: Cause
    troubles: list[Trouble]


class GlimpseView(BaseModel):
    """What was on the air at `at`: its picture is at `…/picture`; `peak` and `level` (RMS) of one second of its sound, in dBFS."""

    at: str
    peak: float
    level: float


class RefusalView(BaseModel):
    """A sender that was turned away; `detail` says why in the language of the request."""

    at: str
    peer: str
    code: str
    detail: str


class OperatorStageView(StageView):
    """`leaves_in`: seconds until whoever sends to a stage that left the programme is cut; null of any other stage. `recorded`: the
    sessions that are being recorded."""

    leaves_in: float | None
    fps: float
    speed: float
    restarts: int
    slates: int
    last_part_age: float
    waiting: int
    viewers: int
    recorded: list[str]
    renditions: list[RenditionView]
    on_air: OnAirView
    preview: GlimpseView | None
    ingest: IngestView | None
    refusal: RefusalView | None


class StagesView(BaseModel):
    """`refusal`: the last sender whose key was that of no stage."""

    stages: list[OperatorStageView]
    refusal: RefusalView | None


class KeyView(BaseModel):
    """`srt_url` holds the key; null where SRT is not listened to (TABLEE_SRT_PORT)."""

    rtmp_url: str
    stream_key: str
    srt_url: str | None


@dataclass(frozen=True, slots=True)
class EncoderAddresses:
    """Where encoders send to, asked each time: the port may only be known once the server listens. `srt` gives None where it is not."""

    rtmp: Callable[[], str]
    srt: Callable[[], str | None]


class StreamingApi:
    """`embedding`: whether pages of other sites may play watch links."""

    def __init__(self, app: Streaming, passes: PassCheck, addresses: EncoderAddresses, messages: Catalogue, *, embedding: bool) -> None:
        self.delivery = HlsDelivery()
        self.viewers = Viewers()
        self._app, self._passes, self._addresses = app, passes, addresses
        self._catalogue, self._embedding = messages, embedding

    def routes(self) -> Sequence[Route]:
        keyed = (replace(route, open=self._embedding) for route in self._media_routes(KEYED, "_by_key"))
        return (*self._media_routes(PLAIN, ""), *keyed, *self._stage_routes())

    def _media_routes(self, prefix: str, suffix: str) -> Sequence[Route]:
        return (
            Route("GET", f"{prefix}/index.m3u8", self.multivariant, f"getMultivariantPlaylist{suffix}",
                  "The renditions of a stage; `?sound=interpreted`: whoever interprets is what is played, where somebody does",
                  who=Who.MEDIA, answers={200: PLAYLIST_TYPE}, errors=_WATCH_ERRORS),
            Route("GET", prefix + "/{rendition}/index.m3u8", self.media, f"getMediaPlaylist{suffix}",
                  "One rendition; `_HLS_msn`, `_HLS_part` and `_HLS_skip` as in RFC 8216bis, section 6.2.5",
                  who=Who.MEDIA, answers={200: PLAYLIST_TYPE}, errors=(*_WATCH_ERRORS, *_DIRECTIVE_ERRORS)),
            Route("GET", prefix + "/{rendition}/{file}", self.file, f"getMedia{suffix}", "A part, a segment or an initialisation section",
                  who=Who.MEDIA, answers={200: "video/mp4", 304: None}, errors=_WATCH_ERRORS),
        )  # fmt: skip

    def _stage_routes(self) -> Sequence[Route]:
        stages, unknown = "/api/streaming/stages", ("streaming.stage_unknown", "streaming.stage_ended")
        key = f"{stages}/{{stage}}/key"
        return (
            Route("GET", stages, self.stages, "listStages", "Every stage with what operators watch", who=Who.PASS, action="stream.read",
                  answers={200: StagesView}),
            Route("GET", f"{stages}/{{stage}}", self.stage, "getStage", "What a stage sends out now", who=Who.PASS, action="stream.watch",
                  answers={200: StageView}, errors=unknown),
            Route("GET", f"{stages}/{{stage}}/picture", self.picture, "getStagePicture",
                  "A small picture of what is on the air, a few seconds old at most; made while `listStages` is asked",
                  who=Who.PASS, action="stream.read", answers={200: "image/jpeg"}, errors=(*unknown, "streaming.nothing_there")),
            Route("GET", key, self.key, "getStreamKey", "Where an encoder sends to", who=Who.PASS, action="stream.manage",
                  answers={200: KeyView}, errors=unknown),
            Route("POST", key, self.new_key, "makeStreamKey", "A new key; the old one opens nothing any more", who=Who.PASS,
                  action="stream.manage", answers={200: KeyView}, errors=(*unknown, "streaming.stage_busy"), limit=NEW_KEYS),
        )  # fmt: skip

    # --- players ----------------------------------------------------------------------------------------------------------
    async def multivariant(self, request: web.Request) -> web.StreamResponse:
        live = self._admit(request)
        lang = language.of_request(request, self._catalogue.languages)
        sound = request.query.get("sound", "")
        reply = await self.delivery.multivariant(live.source.channel, lambda track: self._catalogue.text(lang, track.title), sound)
        response = sent(request, reply)
        response.headers["Vary"] = "Accept-Encoding, Accept-Language, Cookie"
        return response

    async def media(self, request: web.Request) -> web.StreamResponse:
        live = self._admit(request)
        try:
            return sent(request, await self.delivery.media(live.source.channel, request.match_info["rendition"], request.query))
        except Invalid as error:
            return self._refused(request, error, 400, BLOCKING_ERROR_CACHE)
        except NotFound as error:
            return self._refused(request, error, 404, PLAIN_ERROR_CACHE)

    async def file(self, request: web.Request) -> web.StreamResponse:
        live = self._admit(request)
        try:
            return sent(request, await self.delivery.file(live.source.channel, request.match_info["rendition"], request.match_info["file"]))
        except NotFound as error:
            return self._refused(request, error, 404, PLAIN_ERROR_CACHE)

    def _admit(self, request: web.Request) -> Live:
        stage, key = request.match_info["stage"], request.match_info.get("key")
        if key is not None:
            self._passes.by_key(stage, key)
            viewer = f"key {request.remote}"
        else:
            viewer = self._passes.by_pass(request.cookies.get(cookies.MEDIA, ""))
        live = self._app.lineup.watched(stage)
        self.viewers.record(stage, viewer, time.monotonic())
        return live

    def _refused(self, request: web.Request, error: Invalid | NotFound, status: int, max_age: int) -> web.Response:
        """With the status and the caching that the HLS rules ask for."""
        response = problem.response(request, error, self._catalogue)
        response.set_status(status)
        response.headers["Cache-Control"] = cache_control(request, max_age)
        return response

    # --- pages and operators ----------------------------------------------------------------------------------------------
    async def stage(self, request: web.Request) -> web.StreamResponse:
        return _json(self._app.describe(request.match_info["stage"]))

    async def stages(self, request: web.Request) -> web.StreamResponse:
        lang = language.of_request(request, self._catalogue.languages)
        stages = [self._operator_view(live, lang) for live in self._app.lineup.all()]
        return _json({"stages": stages, "refusal": self._last_refusal(None, lang)})

    def _operator_view(self, live: Live, lang: str) -> dict[str, Any]:
        status = live.source.status()
        viewers, refusal = self.viewers.count(live.stage.id, time.monotonic()), self._last_refusal(live.stage.id, lang)
        glimpse = live.source.preview.ask()
        return {
            **self._app.describe(live.stage.id), **status, "since": instant(status["since"]), "viewers": viewers, "refusal": refusal,
            "leaves_in": self._app.leaves_in(live.stage.id),
            "preview": glimpse and {"at": instant(glimpse.at), "peak": glimpse.peak, "level": glimpse.level},
        }  # fmt: skip

    async def picture(self, request: web.Request) -> web.StreamResponse:
        glimpse = self._app.lineup.find(request.match_info["stage"]).source.preview.last
        if glimpse is None:
            raise NotFound("streaming.nothing_there")
        return web.Response(body=glimpse.picture, content_type="image/jpeg", headers={"Cache-Control": "no-store"})

    def _last_refusal(self, stage: str | None, lang: str) -> dict[str, str] | None:
        for kept in self._app.refusals.of(stage)[:1]:
            refusal = kept.refusal
            detail = self._catalogue.text(lang, refusal.code, codec=refusal.codec)
            return {"at": kept.at, "peer": refusal.peer, "code": refusal.code, "detail": detail}
        return None

    async def key(self, request: web.Request) -> web.StreamResponse:
        stage = request.match_info["stage"]
        return self._key(stage, await self._app.key(stage))

    async def new_key(self, request: web.Request) -> web.StreamResponse:
        stage = request.match_info["stage"]
        return self._key(stage, await self._app.new_key(stage))

    def _key(self, stage: str, key: str) -> web.Response:
        srt = self._addresses.srt()
        srt_url = srt and f"srt://{srt}?{urlencode({'streamid': stage, 'passphrase': key})}"
        return _json({"rtmp_url": f"rtmp://{self._addresses.rtmp()}/{APP_NAME}", "stream_key": key, "srt_url": srt_url})


def _json(value: dict[str, Any]) -> web.Response:
    return web.json_response(value, headers={"Cache-Control": "no-store"})
