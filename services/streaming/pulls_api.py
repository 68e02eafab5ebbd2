"""Routes by which operators say where a stage is fetched from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aiohttp import web
from pydantic import BaseModel, Field

from services.streaming.ingest.disconnect_reasons import PULL_ADDRESS, PULL_HOST, PULL_UNREACHABLE
from services.streaming.ingest.pull.addresses import MOST_CHARACTERS, BadPullAddress, read_address
from services.streaming.ingest.pull.puller import Puller
from services.streaming.pulls import Pulls
from shared.errors import Invalid
from shared.service.route import BODY_KEY, Body, RateLimit, Route, Who

CHANGES: Final = RateLimit(times=20, seconds=60.0)
_UNKNOWN: Final = ("streaming.stage_unknown", "streaming.stage_ended")


class PullBody(Body):
    """Where a stage is fetched from while no encoder sends to it; null: from nowhere."""

    url: str | None = Field(max_length=MOST_CHARACTERS)


class PullView(BaseModel):
    """As PullBody."""

    url: str | None


class PullsApi:
    def __init__(self, pulls: Pulls, puller: Puller) -> None:
        self._pulls, self._puller = pulls, puller

    def routes(self) -> Sequence[Route]:
        path = "/api/streaming/stages/{stage}/pull"
        return (
            Route("GET", path, self.read, "getPull", "Where a stage is fetched from while no encoder sends", who=Who.PASS,
                  action="stream.manage", answers={200: PullView}, errors=_UNKNOWN),
            Route("PUT", path, self.write, "setPull", "Fetch a stage by RTSP, RTMP or SRT while no encoder sends, or from nowhere",
                  who=Who.PASS, action="stream.manage", body=PullBody, answers={200: PullView}, limit=CHANGES,
                  errors=(*_UNKNOWN, PULL_ADDRESS, PULL_HOST, PULL_UNREACHABLE, "streaming.stage_busy")),
        )  # fmt: skip

    async def read(self, request: web.Request) -> web.StreamResponse:
        return self._answer(request.match_info["stage"])

    async def write(self, request: web.Request) -> web.StreamResponse:
        stage = request.match_info["stage"]
        asked: PullBody = request[BODY_KEY]
        self._pulls.of(stage)
        if asked.url:
            await self._look_at(asked.url)
        await self._pulls.set(stage, asked.url or None)
        return self._answer(stage)

    async def _look_at(self, url: str) -> None:
        try:
            allowed = await self._puller.may(read_address(url))
        except BadPullAddress:
            raise Invalid.about("url", PULL_ADDRESS) from None
        except (OSError, TimeoutError):
            raise Invalid.about("url", PULL_UNREACHABLE) from None
        if not allowed:
            raise Invalid.about("url", PULL_HOST)

    def _answer(self, stage: str) -> web.Response:
        return web.json_response({"url": self._pulls.of(stage)}, headers={"Cache-Control": "no-store"})
